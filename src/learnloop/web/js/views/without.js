// Rows that this run leaves out: what that did, and the way back.

import { html } from "../draw/dom.js";
import { measuredOf, outcome, whatifOf, withoutWords } from "../state/whatif.js";
import { slot } from "./card-parts.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function without(explorer) {
  const place = slot(html("section", { class: "whatif panel", "aria-label": "Rows that are left out", hidden: true }));

  /** @param {State} state */
  function update(state) {
    const { scenario, run, selection } = state;
    place.element.hidden = !scenario.without.length;
    const mine = whatifOf(state);
    const quality = mine ? measuredOf(mine) : [];
    place.fill([scenario.without, mine, ...quality, selection, run], () => [
      html("h2", {}, withoutWords({ scenario })),
      mine && html("p", {}, outcome(mine)),
      html("div", { class: "row" }, ...scenario.without.map((row) => html("button", { type: "button", "data-key": `within ${row}`, click: () => explorer.within(row) }, `Put row ${row} back`))),
    ]);
  }

  return { element: place.element, update, destroy() {} };
}
