// One sentence under the stage: what happens now, and why; spoken, too, as long as nothing plays.

import { html, set, write } from "../draw/dom.js";
import { sentence } from "../state/sentence.js";
import { outcome, whatifOf, withoutWords } from "../state/whatif.js";

const NAMES = ["", "forward", "loss", "backward", "update"];
/** So long a sentence must stay before it is spoken. */
const QUIET = 220;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function caption(explorer) {
  const said = html("p", { class: "caption-said", "aria-live": "polite", "aria-atomic": "true" });
  const steps = NAMES.slice(1).map((name, k) => html("li", { class: "phase" }, html("button", { type: "button", click: () => explorer.walkTo(k + 1) }, name)));
  const walk = html("ol", { class: "phases", "aria-label": "The four phases of an update" }, ...steps);
  const element = html("div", { class: "caption" }, walk, said);
  let timer = 0;
  let next = "";
  let told = { whatif: /** @type {import("../state/explorer.js").WhatIf["run"]|null} */ (null), at: "" };

  /** @param {import("../state/explorer.js").State} state */
  function update(state) {
    set(said, { "aria-live": state.playing ? "off" : "polite" });
    steps.forEach((step, k) => set(/** @type {Element} */ (step.firstChild), { "aria-pressed": String(state.phase === k + 1) }));
    const text = news(state) || sentence(state);
    if (!text || text === next) return;
    next = text;
    clearTimeout(timer);
    if (state.playing || !said.textContent) write(said, text);
    else timer = window.setTimeout(() => write(said, next), QUIET);
  }

  /** What came of leaving out a row, until somebody goes on. @param {import("../state/explorer.js").State} state */
  function news(state) {
    const whatif = whatifOf(state);
    const at = JSON.stringify([state.cursor, state.phase, state.selection]);
    if (whatif?.run !== told.whatif) told = { whatif: whatif?.run ?? null, at };
    return whatif && at === told.at ? `${withoutWords(whatif.run)}. ${outcome(whatif)}` : "";
  }

  return { element, update, destroy: () => clearTimeout(timer) };
}
