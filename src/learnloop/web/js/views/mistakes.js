// The rows that the network gets most wrong, as a table.

import { html, set, write } from "../draw/dom.js";
import { count, percent, short, signed } from "../draw/format.js";
import { chanceOf, className, isClasses, judged, measured, rowsOf } from "../state/answers.js";
import { partSwitch } from "./part.js";
import { rowButton } from "./row-button.js";
import { unhurried } from "./unhurried.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

const LISTED = 14;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function mistakes(explorer) {
  const said = html("p", { class: "large-said" });
  const part = partSwitch(explorer);
  const head = html("tr");
  const body = html("tbody");
  const table = html("table", { class: "mistakes" }, html("caption", { class: "hidden-text" }, "The rows that are most wrong"), html("thead", {}, head), body);
  const element = html("div", { class: "mistakes-view" }, html("div", { class: "large-head" }, said, part.element), html("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table of mistakes" }, table));

  const draw = unhurried(explorer, (state) => {
    const run = /** @type {Shown} */ (state.run);
    const rows = rowsOf(run, state.part);
    const { columns, lines, words } = (isClasses(run) ? ofClasses : ofNumbers)(run, state.picture.predictions, rows);
    write(said, words);
    head.replaceChildren(...columns.map((name) => html("th", { scope: "col" }, name)));
    body.replaceChildren(...lines.map(({ row, cells }) => html("tr", {}, html("th", { scope: "row" }, rowButton(explorer, run, row, "", String(row))), ...cells.map((cell) => html("td", { class: "number" }, cell)))));
    table.hidden = lines.length === 0;
  });

  /** @param {State} state */
  function update(state) {
    part.update(state);
    draw(state, false);
    for (const button of body.querySelectorAll("button")) set(button, { "aria-pressed": String(button.dataset.row === String(state.row)) });
  }

  return { element, update, destroy() {} };
}

/** @param {Shown} run @param {ArrayLike<number>} predictions @param {Int32Array} rows */
function ofClasses(run, predictions, rows) {
  const all = judged(run, predictions, rows);
  const wrong = all.filter((one) => !one.right).sort((a, b) => b.sure - a.sure);
  const chance = (/** @type {any} */ one) => percent(chanceOf(predictions, one.row, run.kit.outputs, one.truth));
  return {
    columns: ["row", "it is", "said", "sure", "of the truth"],
    lines: wrong.slice(0, LISTED).map((one) => ({ row: one.row, cells: [className(run, one.truth), className(run, one.answer), percent(one.sure), chance(one)] })),
    words: wrong.length ? `${count(wrong.length)} of ${count(all.length)} wrong, the surest first` : `none of ${count(all.length)} wrong`,
  };
}

/** @param {Shown} run @param {ArrayLike<number>} predictions @param {Int32Array} rows */
function ofNumbers(run, predictions, rows) {
  const all = measured(run, predictions, rows).sort((a, b) => Math.abs(b.off) - Math.abs(a.off));
  const mean = all.reduce((total, one) => total + Math.abs(one.off), 0) / Math.max(1, all.length);
  return {
    columns: ["row", "it is", "said", "off by"],
    lines: all.slice(0, LISTED).map((one) => ({ row: one.row, cells: [short(one.truth), short(one.answer), signed(one.off)] })),
    words: `off by ${short(mean)} on average; the farthest first`,
  };
}
