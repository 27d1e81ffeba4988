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
    note = asking && noteOf(asking);
    shown = asking;
    if (note) root.querySelector(`[data-block="${CSS.escape(asking?.target ?? "")}"]`)?.append(note);
    else if (held) /** @type {HTMLElement|null} */ (document.querySelector(".player-play"))?.focus({ preventScroll: true }); // the button that had the focus is gone
  }

  /** @param {import("./timeline.js").Ask} asking */
  const noteOf = ({ text }) => html("div", { class: "your-turn" }, html("p", {}, html("b", {}, "Your turn: "), text), html("button", { type: "button", class: "primary", click: () => conductor.play() }, "Continue"));

  return { update };
}
