// Which classes are taken for which: a table of counts, whose cells open the rows in them.

import { html, set, write } from "../draw/dom.js";
import { count, percent } from "../draw/format.js";
import { classCount, className, judged, rowsOf } from "../state/answers.js";
import { partSwitch } from "./part.js";
import { rowButton } from "./row-button.js";
import { unhurried } from "./unhurried.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("../state/answers.js").Judged} Judged
 */

const LISTED = 24;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function confusion(explorer) {
  const said = html("p", { class: "large-said" });
  const part = partSwitch(explorer);
  const grid = html("div", { class: "confusion-box", role: "group", "aria-label": "Confusion matrix", tabindex: 0 });
  const heading = html("h3", { class: "quiet" });
  const list = html("ul", { class: "row-list" });
  const element = html("div", { class: "confusion-view" }, html("div", { class: "large-head" }, said, part.element), grid, heading, list);
  let key = "";
  /** @type {HTMLElement[][]} */
  let cells = [];
  let chosen = /** @type {[number, number]|null} */ (null);
  /** @type {Judged[]} */
  let all = [];

  const draw = unhurried(explorer, (state) => {
    const run = /** @type {Shown} */ (state.run);
    all = judged(run, state.picture.predictions, rowsOf(run, state.part));
    build(run);
    fill(run);
    listRows(state);
  });

  /** @param {Shown} run */
  function build(run) {
    const names = Array.from({ length: classCount(run) }, (_, k) => className(run, k));
    if (names.join("\n") === key) return;
    [key, chosen] = [names.join("\n"), null];
    cells = names.map((_, t) => names.map((_, a) => html("button", { type: "button", class: t === a ? "cell hit" : "cell miss", click: () => choose(t, a) })));
    const head = html("tr", {}, html("td", { class: "corner quiet" }, "true ↓ said →"), ...names.map((name) => html("th", { scope: "col", title: name }, html("span", {}, name))));
    const rows = names.map((name, t) => html("tr", {}, html("th", { scope: "row", title: name }, html("span", {}, name)), ...cells[t].map((cell) => html("td", {}, cell))));
    grid.replaceChildren(html("table", { class: `confusion${names.length > 12 ? " many" : ""}` }, html("caption", { class: "hidden-text" }, "Rows by their true class (down) and the class that the network says (across)"), html("thead", {}, head), html("tbody", {}, ...rows)));
  }

  /** @param {Shown} run */
  function fill(run) {
    const counts = cells.map((row) => row.map(() => 0));
    for (const one of all) if (counts[one.truth]) counts[one.truth][one.answer] += 1;
    counts.forEach((row, t) => {
      const total = row.reduce((a, b) => a + b, 0);
      row.forEach((n, a) => {
        const cell = cells[t][a];
        write(cell, n ? count(n) : "");
        cell.style.setProperty("--share", `${total ? Math.round((44 * n) / total + (n ? 8 : 0)) : 0}%`);
        const words = `${count(n)} of ${count(total)} ${className(run, t)}: the network says ${className(run, a)}`;
        set(cell, { "aria-label": words, title: words, "aria-pressed": String(chosen?.[0] === t && chosen[1] === a) });
        cell.toggleAttribute("disabled", n === 0);
      });
    });
    const wrong = all.filter((one) => !one.right).length;
    write(said, `${percent(1 - wrong / all.length)} right: ${count(all.length - wrong)} of ${count(all.length)}`);
  }

  /** @param {number} truth @param {number} answer */
  function choose(truth, answer) {
    chosen = chosen?.[0] === truth && chosen[1] === answer ? null : [truth, answer];
    draw(explorer.state, true);
  }

  /** @param {State} state */
  function listRows(state) {
    const run = /** @type {Shown} */ (state.run);
    const [truth, answer] = chosen ?? [-1, -1];
    const found = all.filter((one) => one.truth === truth && one.answer === answer).sort((a, b) => b.sure - a.sure);
    write(heading, chosen ? `${className(run, truth)}, said to be ${className(run, answer)}` + (found.length > LISTED ? `: ${LISTED} of ${count(found.length)}` : "") : "Choose a cell to see its rows.");
    list.replaceChildren(...found.slice(0, LISTED).map((one) => html("li", {}, rowButton(explorer, run, one.row, percent(one.sure)))));
  }

  /** @param {State} state */
  function update(state) {
    part.update(state);
    draw(state, false);
    for (const button of list.querySelectorAll("button")) set(button, { "aria-pressed": String(button.dataset.row === String(state.row)) });
  }

  return { element, update, destroy() {} };
}
