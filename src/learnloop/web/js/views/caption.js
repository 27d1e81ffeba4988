// One sentence under the stage: what happens now, and why; spoken, too, as long as nothing plays.

import { html, set, write } from "../draw/dom.js";
import { sentence } from "../state/sentence.js";

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

  /** @param {import("../state/explorer.js").State} state */
  function update(state) {
    set(said, { "aria-live": state.playing ? "off" : "polite" });
    steps.forEach((step, k) => set(/** @type {Element} */ (step.firstChild), { "aria-pressed": String(state.phase === k + 1) }));
    const text = sentence(state);
    if (!text || text === next) return;
    next = text;
    clearTimeout(timer);
    if (state.playing || !said.textContent) write(said, text);
    else timer = window.setTimeout(() => write(said, next), QUIET);
  }

  return { element, update, destroy: () => clearTimeout(timer) };
}
