// What cards are made of: slots that keep the focus, folds that stay open, numbers with all their digits, signed bars.

import { html, svg } from "../draw/dom.js";
import { pointColour } from "../draw/colour.js";
import { short, signed } from "../draw/format.js";
import { shape } from "../draw/shapes.js";
import { thumbnail } from "../draw/thumbnail.js";
import { className, classOf, targetOf } from "../state/words.js";
import { reveal } from "./reveal.js";

/** @typedef {import("../draw/dom.js").Child} Child */
/** @typedef {import("../state/explorer.js").Shown} Shown */

/**
 * A place that is filled anew when what it shows has changed; the focus stays on what has the same data-key.
 * @param {HTMLElement} element
 */
export function slot(element) {
  /** @type {unknown[]} */
  let last = [element];
  return {
    element,
    /** @param {unknown[]} seen @param {() => Child[]} build */
    fill(seen, build) {
      if (seen.length === last.length && seen.every((value, k) => Object.is(value, last[k]))) return;
      last = seen;
      const active = /** @type {HTMLElement|null} */ (element.contains(document.activeElement) ? document.activeElement : null);
      element.replaceChildren(.../** @type {any[]} */ (build().filter(Boolean)));
      const key = active?.dataset.key;
      if (key) /** @type {HTMLElement|null} */ (element.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus({ preventScroll: true });
    },
  };
}

/** Folds that somebody opened stay open when their card is drawn again. */
export class Folds {
  #open = new Set();

  /** @param {string} key @param {string} summary @param {() => Child[]} build  when it is opened @param {Record<string, string>} [more] */
  fold(key, summary, build, more = {}) {
    const body = html("div", { class: "fold-body" });
    const element = html("details", { class: "fold", ...more }, html("summary", { "data-key": `fold ${key}` }, summary), body);
    const fill = () => !body.firstChild && body.append(.../** @type {any[]} */ (build().filter(Boolean)));
    element.open = this.#open.has(key);
    if (element.open) fill();
    element.addEventListener("toggle", () => {
      if (element.open) this.#open.add(key);
      else this.#open.delete(key);
      if (element.open) fill();
    });
    return element;
  }
}

/**
 * A number in short, with all its digits on demand.
 * @param {number} value
 * @param {{exact?: string, field?: string, sign?: boolean, digits?: number}} [how]  exact: a fraction, where there is one
 */
export function figure(value, { exact, field, sign = false, digits = 3 } = {}) {
  const text = sign ? signed(value, digits) : short(value, digits);
  return html("span", { class: "number", title: exact && exact !== String(value) ? `${value} = ${exact}` : String(value), "data-value": String(value), "data-exact": exact ?? String(value), "data-field": field }, text);
}

/** A bar to the left for less than zero, to the right for more. @param {number} share  -1 to 1 */
export function bar(share) {
  const fill = html("span", { class: share < 0 ? "minus" : "plus" });
  const width = `${(50 * Math.min(1, Math.abs(share || 0))).toFixed(2)}%`;
  Object.assign(fill.style, share < 0 ? { right: "50%", width } : { left: "50%", width });
  return html("span", { class: "bar", "aria-hidden": "true" }, fill);
}

/** What a class is drawn as: its colour and its shape. @param {number} label */
export const swatch = (label) => svg("svg", { viewBox: "-7 -7 14 14", width: 14, height: 14, class: "swatch", "aria-hidden": "true", fill: pointColour(label) }, svg("path", { d: shape(label, 5.4) }));

/** A row as a small picture: its image, or what its class is drawn as. @param {Shown} run @param {number} row */
export function rowPicture(run, row) {
  if (!run.data.image_shape) return run.data.task === "classification" ? swatch(classOf(run, row)) : null;
  const canvas = html("canvas", { class: "thumb", "aria-hidden": "true" });
  thumbnail(canvas, run, row);
  return canvas;
}

/** A row in words: "row 17, class 1". @param {Shown} run @param {number} row */
export function rowWords(run, row) {
  const target = targetOf(run, row);
  return `row ${row}, ${Number.isNaN(target) ? className(run, row) : short(target)}`;
}

/** A row that can be looked at. @param {import("../state/explorer.js").Explorer} explorer @param {Shown} run @param {number} row @param {string} where */
export function rowChip(explorer, run, row, where) {
  const look = () => {
    explorer.set({ row });
    if (run.plane) reveal();
  };
  const title = run.plane ? "Show it on the map" : "Look at this row";
  return html("button", { type: "button", class: "chip", "data-key": `${where} row ${row}`, title, click: look }, rowPicture(run, row), html("span", {}, rowWords(run, row)));
}

/** Every digit of some parts. @param {{name: string, value: number, exact: string}[]} parts */
export function exactList(parts) {
  return html("dl", { class: "exact" }, ...parts.map((p) => html("div", {}, html("dt", {}, p.name), html("dd", { class: "mono" }, String(p.value), html("span", { class: "quiet" }, p.exact === String(p.value) ? "" : ` = ${p.exact}`)))));
}

/** The tick, or why there is none. @param {boolean} ticks @param {string} text */
export const tick = (ticks, text) => html("p", { class: `tick ${ticks ? "good" : "bad"}`, "data-ticks": String(ticks) }, html("span", { class: "tick-sign", "aria-hidden": "true" }, ticks ? "✓" : "✗"), html("span", {}, text));

/** @param {string} label @param {Child[]} children */
export const part = (label, ...children) => html("section", { class: "card-part" }, html("h3", {}, label), ...children);
