// Rows that this run leaves out: what that did, and the way back.

import { html } from "../draw/dom.js";
import { percent, short } from "../draw/format.js";
import { slot } from "./card-parts.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function without(explorer) {
  const place = slot(html("section", { class: "whatif panel", "aria-label": "Rows that are left out", hidden: true }));

  /** @param {State} state */
  function update({ scenario, whatif, run, selection }) {
    place.element.hidden = !scenario.without.length;
    const mine = whatif && whatif.run === run ? whatif : null;
    const quality = mine ? [lastMark(mine.base), lastMark(mine.run)] : [];
    place.fill([scenario.without, mine, ...quality, selection, run], () => [
      html("h2", {}, `Trained again without ${scenario.without.length === 1 ? "row" : "rows"} ${scenario.without.join(", ")}`),
      mine && html("p", {}, told(mine, quality)),
      html("div", { class: "row" }, ...scenario.without.map((row) => html("button", { type: "button", "data-key": `within ${row}`, click: () => explorer.within(row) }, `Put row ${row} back`))),
    ]);
  }

  return { element: place.element, update, destroy() {} };
}

/** What was measured last, once it is the end of the run. @param {Shown} run */
const lastMark = (run) => run.marks.findLast((/** @type {any} */ m) => m.update === run.updates) ?? null;

/** @param {import("../state/explorer.js").WhatIf} whatif @param {any[]} quality */
function told({ base, ends }, [was, is]) {
  const classes = base.data.task === "classification";
  const name = (/** @type {any} */ mark) => (classes ? percent(mark.test.quality) : short(mark.test.quality, 4));
  const said = [];
  if (was && is && Number.isFinite(was.test.quality)) said.push(`${classes ? "Accuracy" : "R²"} on held-out rows: ${name(was)} → ${name(is)}, their loss ${short(was.test.loss, 4)} → ${short(is.test.loss, 4)}`);
  if (ends && Number.isFinite(ends.run)) said.push(`${said.length ? "this" : "This"} weight ends at ${short(ends.run, 5)} instead of ${short(ends.base, 5)}`);
  return said.length ? `${said.join("; ")}.` : "Measuring …";
}
