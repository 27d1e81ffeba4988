// Where the voice waits, the question stands beside what it is about, with a way on.

import { html } from "../draw/dom.js";

/**
 * @typedef {import("./conductor.js").Conductor} Conductor
 * @typedef {import("./conductor.js").Now} Now
 */

/** @param {Conductor} conductor @param {ParentNode} root */
export function ask(conductor, root) {
  /** @type {import("./timeline.js").Ask|null} */
  let shown = null;
  /** @type {HTMLElement|null} */
  let note = null;

  /** @param {Now} now */
  function update({ asking }) {
    if (asking === shown) return;
    const held = note?.contains(document.activeElement);
    note?.remove();
    const block = asking && root.querySelector(`[data-block="${CSS.escape(asking.target)}"]`);
    note = asking && noteOf(block?.querySelector(".live-ask") ? "The voice waits for you." : `Your turn: ${asking.text}`);
    shown = asking;
    if (note) block?.append(note);
    else if (held) /** @type {HTMLElement|null} */ (document.querySelector(".player-play"))?.focus({ preventScroll: true }); // the button that had the focus is gone
  }

  /** @param {string} text */
  const noteOf = (text) => html("div", { class: "your-turn" }, html("p", {}, text), html("button", { type: "button", class: "primary", click: () => conductor.play() }, "Continue"));

  return { update };
}
