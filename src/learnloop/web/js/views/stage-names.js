// Names beside neurons: of inputs, and of outputs with how likely the network takes them to be.

import { html, set, write } from "../draw/dom.js";
import { percent, short } from "../draw/format.js";
import { chanceOf, className, isClasses, rowsOf, unscaled } from "../state/answers.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("./stage-layout.js").Column} Column
 * @typedef {import("./stage-layout.js").Spot} Spot
 */

/** @param {Column} column @param {Shown} run */
export const nameOf = (column, run) => (/** @type {number} */ unit) =>
  column.kind === "inputs" ? run.data.columns[unit].name : run.kit.outputs > 1 ? className(run, unit) : isClasses(run) ? className(run, 1) : run.data.targets[0] ?? "value";

/** @param {Column} column @param {Spot} spot @param {Shown} run */
export function nameTag(column, spot, run) {
  const name = nameOf(column, run)(spot.unit);
  const bar = column.kind === "layer" ? html("span", { class: "stage-bar" }, html("span")) : null;
  const value = bar && html("span", { class: "stage-value number quiet" });
  const element = html("div", { class: `stage-name ${column.names}`, title: name }, html("span", { class: "stage-name-text" }, name), bar, value);
  const left = column.names === "before" ? spot.x - spot.size / 2 - spot.label : spot.x + spot.size / 2 + 4;
  Object.assign(element.style, { left: `${left}px`, top: `${spot.y}px`, width: `${Math.max(10, spot.label - 4)}px` });
  if (bar) element.classList.toggle("tight", spot.size < 34);
  return element;
}

/**
 * What the outputs say: of the chosen row, or on average.
 * @param {State} state
 */
export function answersOf({ run: shown, picture, row, part }) {
  const run = /** @type {Shown} */ (shown);
  const width = run.kit.outputs;
  const rows = row === null ? rowsOf(run, part) : Int32Array.of(row);
  const means = new Float64Array(width);
  for (const n of rows) for (let k = 0; k < width; k++) means[k] += (isClasses(run) && width === 1 ? chanceOf(picture.predictions, n, 1, 1) : picture.predictions[n * width + k]) / rows.length;
  return means;
}

/** @param {HTMLElement} tag @param {number} value @param {Shown} run @param {boolean} one  row */
export function say(tag, value, run, one) {
  const bar = tag.querySelector(".stage-bar");
  const text = tag.querySelector(".stage-value");
  if (!bar || !text) return;
  const classes = isClasses(run);
  bar.toggleAttribute("hidden", !classes);
  const words = classes ? percent(value) : short(unscaled(run, value));
  if (classes) /** @type {HTMLElement} */ (bar.firstChild).style.width = `${Math.round(100 * Math.max(0, Math.min(1, value)))}%`;
  write(text, words);
  set(tag, { title: `${tag.querySelector(".stage-name-text")?.textContent}: ${words} ${one ? "for the chosen row" : "on average"}` });
}
