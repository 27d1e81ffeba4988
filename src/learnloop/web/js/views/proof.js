// Whether this browser computes the bits that Python computed: an exported page knows what must come out.

import { html, write } from "../draw/dom.js";

/** @typedef {import("../state/explorer.js").State} State */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {{session: any, opening: import("../state/scenario.js").Scenario}} given
 */
export function proof(explorer, { session, opening }) {
  const element = html("p", { class: "proof", role: "status" });
  /** @type {{digest: string, update: number}|undefined} */
  const expected = session.expected;
  let asked = 0;

  /** @param {State} state */
  function update({ run }) {
    if (!expected || run?.scenario !== opening || asked === run.id) return;
    asked = run.id;
    check(run, expected).catch(() => tell("The bits could not be compared here: this browser has no SHA-256 for this page.", false));
  }

  /** @param {import("../state/explorer.js").Shown} run @param {{digest: string, update: number}} known */
  async function check(run, known) {
    const { digest } = await explorer.client.call("digest", { run: run.id, update: Math.min(known.update, run.updates) });
    if (digest === known.digest) tell("same bits as Python ✓", false);
    else tell("other bits than Python: please report this browser", true);
    element.title = `SHA-256 of the weights before update ${known.update}: ${digest}`;
  }

  /** @param {string} text @param {boolean} broken */
  function tell(text, broken) {
    write(element, text);
    element.classList.toggle("broken", broken);
  }

  return { element, update, destroy() {} };
}
