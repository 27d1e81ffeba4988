// What cards are made of: slots that keep the focus, folds that stay open, numbers with all their digits, signed bars.

import { html, svg } from "../draw/dom.js";
import { heat } from "../draw/canvas.js";
import { classColour, classShape, Scale } from "../draw/colour.js";
import { short, signed } from "../draw/format.js";
import { className, classOf, targetOf } from "../state/words.js";

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
export function swatch(label) {
  const shapes = {
    circle: () => svg("circle", { cx: 7, cy: 7, r: 5.4 }), square: () => svg("rect", { x: 2, y: 2, width: 10, height: 10 }),
    triangle: () => svg("path", { d: "M7 1.4 13 12.6H1z" }), diamond: () => svg("path", { d: "M7 .8 13.2 7 7 13.2.8 7z" }),
    cross: () => svg("path", { d: "M5 1h4v4h4v4H9v4H5V9H1V5h4z" }),
  };
  return svg("svg", { viewBox: "0 0 14 14", width: 14, height: 14, class: "swatch", "aria-hidden": "true", fill: classColour(label) }, shapes[/** @type {keyof typeof shapes} */ (classShape(label))]());
}

/** A row as a small picture: its image, or what its class is drawn as. @param {Shown} run @param {number} row @param {Scale} scale */
export function rowPicture(run, row, scale) {
  const shape = run.data.image_shape;
  if (!shape) return run.data.task === "classification" ? swatch(classOf(run, row)) : null;
  const [rows, columns] = shape;
  const X = run.examples.X.subarray(row * rows * columns, (row + 1) * rows * columns);
  const most = X.reduce((/** @type {number} */ m, /** @type {number} */ x) => Math.max(m, Math.abs(x)), 1e-9);
  const canvas = html("canvas", { class: "thumb", "aria-hidden": "true" });
  heat(canvas, columns, rows, (k) => X[k] / most, scale);
  return canvas;
}

/** A row in words: "row 17, class 1". @param {Shown} run @param {number} row */
export function rowWords(run, row) {
  const target = targetOf(run, row);
  return `row ${row}, ${Number.isNaN(target) ? className(run, row) : short(target)}`;
}

/** A row that can be looked at. @param {import("../state/explorer.js").Explorer} explorer @param {Shown} run @param {number} row @param {Scale} scale @param {string} where */
export function rowChip(explorer, run, row, scale, where) {
  const look = () => explorer.set({ row });
  const title = run.plane ? "Show it on the map" : "Look at this row";
  return html("button", { type: "button", class: "chip", "data-key": `${where} row ${row}`, title, click: look, pointerenter: () => run.plane && look() }, rowPicture(run, row, scale), html("span", {}, rowWords(run, row)));
}

/** Every digit of some parts. @param {{name: string, value: number, exact: string}[]} parts */
export function exactList(parts) {
  return html("dl", { class: "exact" }, ...parts.map((p) => html("div", {}, html("dt", {}, p.name), html("dd", { class: "mono" }, String(p.value), html("span", { class: "quiet" }, p.exact === String(p.value) ? "" : ` = ${p.exact}`)))));
}

/** The tick, or why there is none. @param {boolean} ticks @param {string} text */
export const tick = (ticks, text) => html("p", { class: `tick ${ticks ? "good" : "bad"}`, "data-ticks": String(ticks) }, html("span", { class: "tick-sign", "aria-hidden": "true" }, ticks ? "✓" : "✗"), html("span", {}, text));

/** @param {string} label @param {Child[]} children */
export const part = (label, ...children) => html("section", { class: "card-part" }, html("h3", {}, label), ...children);
