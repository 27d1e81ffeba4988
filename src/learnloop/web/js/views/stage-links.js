// The links of the stage: which are drawn, how wide, in which colour.

import { set, svg } from "../draw/dom.js";

/** So many links are drawn at most; of more, the strongest. */
export const MOST = 200;

/**
 * @typedef {import("./stage-layout.js").Column} Column
 * @typedef {import("./stage-layout.js").Spot} Spot
 *
 * @typedef {object} Link
 * @property {string} parameter
 * @property {number[]} place
 * @property {Spot} from
 * @property {Spot} to
 * @property {number} width  of the matrix: units of the layer it leads to
 * @property {number} layer  index of the layer in the picture
 * @property {number} order  column from the left
 * @property {number} back  from the right
 * @property {[number, number]} gap  the space between the columns
 */

/**
 * All links between spots that are shown.
 * @param {Column[]} columns
 * @param {any} kit
 * @returns {Link[]}
 */
export function linksOf(columns, kit) {
  /** @type {Link[]} */
  const found = [];
  for (let c = 1; c < columns.length; c++) {
    const column = columns[c];
    const layer = kit.layers.findIndex((/** @type {any} */ l) => l.name === column.layer);
    const before = columns[c - 1];
    const tensor = kit.layers[layer]?.parameters.weight;
    if (column.kind !== "layer" || before.kind === "image" || !tensor) continue;
    const parameter = kit.parameters.find((/** @type {any} */ p) => p.tensor === tensor);
    const gap = /** @type {[number, number]} */ ([Math.max(...before.spots.map((s) => s.x + s.size / 2)), Math.min(...column.spots.map((s) => s.x - s.size / 2))]);
    for (const from of before.spots)
      for (const to of column.spots)
        found.push({ parameter: parameter.name, place: [from.unit, to.unit], from, to, width: parameter.dims[1], layer, order: c - 1, back: columns.length - 1 - c, gap });
  }
  return found;
}

/** The values that links show. @param {any} layer @param {"weight"|"gradient"|"change"} mode */
const valuesOf = (layer, mode) => ({ weight: layer.weight, gradient: layer.gradient, change: layer.change })[mode];

/**
 * @typedef {object} Strength  a link with its value
 * @property {Link} link
 * @property {number} value
 * @property {number} share  of the largest of the range
 */

/**
 * The strongest links with their values, relative to the largest of the range.
 * @param {Link[]} links
 * @param {any} picture
 * @param {"weight"|"gradient"|"change"} mode
 * @param {"local"|"layer"|"network"} range
 * @returns {{shown: Strength[], tops: Map<number, number>}}  tops: the largest of each layer, by its index
 */
export function strengths(links, picture, mode, range) {
  /** @type {Map<number, number>} */
  const tops = new Map();
  const own = new Map();
  const keyOf = (/** @type {Link} */ link) => link.layer * 65536 + link.place[1];
  const found = links.map((link) => {
    const value = valuesOf(picture.layers[link.layer], mode)?.[link.place[0] * link.width + link.place[1]] ?? 0;
    const size = Math.abs(value);
    if (size > (tops.get(link.layer) ?? 0)) tops.set(link.layer, size);
    if (range === "local" && size > (own.get(keyOf(link)) ?? 0)) own.set(keyOf(link), size);
    return { link, value, share: 0 };
  });
  const all = Math.max(0, ...tops.values());
  for (const one of found) {
    const top = range === "network" ? all : range === "layer" ? tops.get(one.link.layer) : own.get(keyOf(one.link));
    one.share = top ? one.value / top : 0;
  }
  if (found.length <= MOST) return { shown: found, tops };
  return { shown: found.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, MOST), tops };
}

/** From behind a neuron, and its name where it stands there, to before another one. @param {{from: Spot, to: Spot}} link @returns {[number, number]} */
export const ends = ({ from, to }) => [from.x + from.size / 2 + 1, to.x - to.size / 2 - 1];

/** From the right side of a neuron to the left side of another. @param {Link} link */
function curve({ from, to }) {
  const [x0, x1] = ends({ from, to });
  const bend = Math.max(8, (x1 - x0) * 0.45);
  const n = (/** @type {number} */ v) => v.toFixed(1);
  return `M${n(x0)} ${n(from.y)}C${n(x0 + bend)} ${n(from.y)} ${n(x1 - bend)} ${n(to.y)} ${n(x1)} ${n(to.y)}`;
}

/** The height of a link at a place across. @param {Link} link @param {number} x */
export function heightAt({ from, to }, x) {
  const [x0, x1] = ends({ from, to });
  const bend = Math.max(8, (x1 - x0) * 0.45);
  const at = (/** @type {number} */ t) => (1 - t) ** 3 * x0 + 3 * (1 - t) ** 2 * t * (x0 + bend) + 3 * (1 - t) * t * t * (x1 - bend) + t ** 3 * x1;
  let [low, high] = [0, 1];
  for (let k = 0; k < 10; k++) at((low + high) / 2) < x ? (low = (low + high) / 2) : (high = (low + high) / 2);
  return from.y + (to.y - from.y) * (3 * low * low - 2 * low ** 3);
}

/** Draws links into a group, and reuses what is there. */
export class Links {
  /** @type {SVGPathElement[]} */
  #paths = [];

  /** @param {(link: Link) => void} choose */
  constructor(choose) {
    this.group = svg("g", { class: "links", fill: "none" });
    /** @type {{link: Link, value: number, share: number}[]} */
    this.shown = [];
    this.group.addEventListener("click", (event) => {
      const k = this.#paths.indexOf(/** @type {any} */ (event.target));
      if (k >= 0) choose(this.shown[k].link);
    });
  }

  /**
   * @param {{link: Link, value: number, share: number}[]} shown
   * @param {(link: Link) => boolean} faded
   * @param {(link: Link) => boolean} chosen
   */
  draw(shown, faded, chosen) {
    this.shown = shown;
    const widest = Math.max(2, 5.2 - shown.length / 55);
    while (this.#paths.length > shown.length) this.#paths.pop()?.remove();
    while (this.#paths.length < shown.length) this.#paths.push(this.group.appendChild(svg("path")));
    this.#paths.forEach((path, k) => {
      const one = shown[k];
      const sign = one.value < 0 ? "minus" : "plus";
      const state = `${faded(one.link) ? " faded" : ""}${chosen(one.link) ? " chosen" : ""}`;
      path.style.setProperty("--layer", String(one.link.order));
      path.style.setProperty("--layer-back", String(one.link.back));
      set(path, { d: curve(one.link), class: `${sign}${state}`, "stroke-width": (0.4 + widest * Math.abs(one.share)).toFixed(2), "stroke-opacity": (0.2 + 0.7 * one.share ** 2).toFixed(2) });
    });
  }
}
