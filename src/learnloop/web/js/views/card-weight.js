// One weight: what moved it in this update as a sum that adds up, whether that is the gradient, and its life.

import { html } from "../draw/dom.js";
import { short, signed } from "../draw/format.js";
import { exactList, figure, Folds, part, slot, tick } from "./card-parts.js";
import { lifeOf } from "./card-life.js";
import { groupsOf, rowTable, sheetOf, sumTable } from "./card-sum.js";

/** @typedef {import("../state/explorer.js").State} State */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function weightCard(explorer) {
  const folds = new Folds();
  const [moved, checked] = [slot(html("div", {})), slot(html("div", {}))];
  const life = lifeOf(explorer);
  const element = html("div", { class: "weight-card" }, moved.element, checked.element, life.element);

  /** @param {State} state */
  function update(state) {
    const { explained, run } = state;
    life.update(state);
    if (!run || explained?.selection.kind !== "weight") return;
    const { change, error } = explained;
    moved.fill([explained], () => (change ? movedParts(explorer, run, change, folds) : [html("p", { class: "quiet" }, error)]));
    checked.fill([explained.key, state.checked], () => (change ? checkParts(explorer, state) : []));
  }

  return { element, update };
}

/** @param {import("../state/explorer.js").Explorer} explorer @param {import("../state/explorer.js").Shown} run @param {import("../explain/change.js").ChangeData} change @param {Folds} folds */
function movedParts(explorer, run, change, folds) {
  const groups = groupsOf(change);
  const printed = sheetOf(change, groups);
  const rows = change.parts.filter((p) => p.kind === "row");
  const verdict = change.ticks
    ? `It adds up: the parts are the stored change, and the rounding is within its bound ${short(change.bound, 2)}.`
    : `It does not add up within its bound ${short(change.bound, 2)}: these parts do not explain the change.`;
  const notes = change.frozen.length ? html("p", { class: "quiet small" }, `Taken as they were, though they depend on the gradient: ${change.frozen.join(", ")}.`) : null;
  return [
    html("p", { class: "before-after" }, figure(change.before, { digits: 6, field: "before" }), html("span", { "aria-label": "to", class: "arrow" }, "→"), figure(change.after, { digits: 6, field: "after" }), html("span", { class: change.change < 0 ? "delta minus" : "delta plus" }, `${change.change < 0 ? "▼" : change.change > 0 ? "▲" : "="} ${signed(change.change, 4)}`)),
    part("The sum", sumTable(change, groups, printed), tick(change.ticks, verdict), notes),
    rows.length > 0 && folds.fold("rows", `${rows.length} ${rows.length === 1 ? "row" : "rows"} of this batch, strongest first`, () => [rowTable(explorer, run, rows)]),
    folds.fold("exact", "All digits, and as fractions", () => [exactList([{ name: "before", value: change.before, exact: String(change.before) }, { name: "after", value: change.after, exact: String(change.after) }, { name: "bound", value: change.bound, exact: String(change.bound) }, ...change.parts])]),
  ];
}

/** @param {import("../state/explorer.js").Explorer} explorer @param {State} state */
function checkParts(explorer, { checked, explained }) {
  const mine = checked?.key === explained?.key ? checked : null;
  const button = html("button", { type: "button", "data-key": "check", click: () => explorer.asking.check() }, "Check by a finite difference");
  if (!mine) return [html("div", { class: "card-part row" }, button, html("span", { class: "quiet small" }, "is that really the gradient?"))];
  if (!mine.data) return [part("Is it the gradient?", html("p", { class: "quiet" }, "The loss is computed twice more …"))];
  if (mine.data.error) return [part("Is it the gradient?", html("p", { class: "quiet" }, mine.data.error))];
  const { backpropagation, difference, step, tolerance, agrees } = mine.data;
  const line = (/** @type {string} */ name, /** @type {number} */ value, /** @type {string} */ field) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, figure(value, { digits: 8, field })));
  return [part(
    "Is it the gradient?",
    html("table", { class: "sum" }, html("tbody", {}, line("backpropagation", backpropagation, "backpropagation"), line(`(L(w + h) − L(w − h)) / 2h, h = ${short(step)}`, difference, "difference"))),
    tick(agrees, agrees ? `Both slopes agree within ${short(tolerance, 2)}.` : `They differ by more than ${short(tolerance, 2)}; a kink of the loss near the weight can part them.`),
  )];
}
