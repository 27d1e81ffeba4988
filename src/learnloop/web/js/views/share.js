// What can be taken away: the address, pictures, tables, programs, the run, the whole page.

import { html, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { sharing } from "../state/sharing.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/sharing.js").Offer} Offer
 */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {import("../state/sharing.js").Surroundings} given
 */
export function share(explorer, given) {
  const said = html("p", { class: "share-said", role: "status" });
  const rows = sharing(explorer, given).map((offer) => ({ offer, button: html("button", { type: "button", click: () => take(offer) }, offer.label), why: html("p", { class: "share-why quiet" }) }));
  const groups = [...new Set(rows.map(({ offer }) => offer.group))].map((name) =>
    html("section", { "aria-label": name }, html("h2", {}, name), html("div", { class: "row" }, ...rows.filter(({ offer }) => offer.group === name).map(({ button }) => button)), ...rows.filter(({ offer }) => offer.group === name).map(({ why }) => why)),
  );
  const panel = html("div", { class: "share-panel panel", id: "share-panel", hidden: true, role: "group", "aria-label": "Save and share" }, ...groups, said);
  const opener = html("button", { type: "button", class: "share-open", "aria-expanded": "false", "aria-controls": "share-panel", click: () => open(panel.hidden === true) }, icon("share"), html("span", {}, "Share"));
  const element = html("div", { class: "share", keydown: (/** @type {KeyboardEvent} */ event) => closing(event), focusout: (/** @type {FocusEvent} */ event) => leaving(event) }, opener, panel);

  /** @param {boolean} wanted */
  function open(wanted) {
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    write(said, "");
    update(explorer.state);
    if (wanted) panel.querySelector("button")?.focus();
  }

  /** @param {KeyboardEvent} event */
  function closing(event) {
    if (event.key !== "Escape" || panel.hidden) return;
    open(false);
    opener.focus();
    event.stopPropagation();
  }

  /** @param {FocusEvent} event */
  function leaving(event) {
    const to = /** @type {Node|null} */ (event.relatedTarget);
    if (to && !element.contains(to)) open(false);
  }

  /** @param {Offer} offer */
  async function take(offer) {
    write(said, `${offer.label}: one moment …`);
    try {
      write(said, await offer.take());
    } catch (error) {
      write(said, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {PointerEvent} event */
  function elsewhere(event) {
    if (!panel.hidden && !element.contains(/** @type {Node} */ (event.target))) open(false);
  }

  /** @param {State} state */
  function update(state) {
    if (panel.hidden) return;
    for (const { offer, button, why } of rows) {
      const reason = state.run ? offer.refusal(state.run) : "Nothing has been trained yet.";
      button.disabled = reason !== "";
      write(why, reason && `${offer.label}: ${reason}`);
    }
  }

  document.addEventListener("pointerdown", elsewhere);
  return { element, update, destroy: () => document.removeEventListener("pointerdown", elsewhere) };
}
