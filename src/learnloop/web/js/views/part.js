// Whose rows are listed: those held out, or those learnt from.

import { html } from "../draw/dom.js";
import { choice } from "./tabs.js";

/** @param {import("../state/explorer.js").Explorer} explorer */
export function partSwitch(explorer) {
  const options = [{ id: "test", text: "test", help: "rows that were held out" }, { id: "train", text: "train", help: "rows that were learnt from" }];
  const buttons = choice("Rows", options, (part) => explorer.set({ part }));
  const element = html("div", { class: "part" }, buttons.element);
  /** @param {import("../state/explorer.js").State} state */
  function update({ run, part }) {
    const both = Boolean(run?.examples.test.length);
    element.hidden = !both;
    buttons.update(both ? part : "train");
  }
  return { element, update };
}
