// Points of classes differ in shape, too: colour alone says nothing to many.

import { classShape } from "./colour.js";

/** @type {Record<string, (r: number) => string>} */
const PATHS = {
  circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  square: (r) => `M${-r * 0.9} ${-r * 0.9}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`,
  triangle: (r) => `M0 ${-1.15 * r}L${1.1 * r} ${0.85 * r}H${-1.1 * r}z`,
  diamond: (r) => `M0 ${-1.25 * r}L${1.25 * r} 0 0 ${1.25 * r} ${-1.25 * r} 0z`,
  cross: (r) => `M${-r} ${-0.4 * r}h${0.6 * r}v${-0.6 * r}h${0.8 * r}v${0.6 * r}h${0.6 * r}v${0.8 * r}h${-0.6 * r}v${0.6 * r}h${-0.8 * r}v${-0.6 * r}h${-0.6 * r}z`,
};

/** The d of a path around the origin. @param {number} index  of a class; -1: none @param {number} r */
export const shape = (index, r) => PATHS[index < 0 ? "circle" : classShape(index)](r);
