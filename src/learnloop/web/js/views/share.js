// What can be taken away: the address, pictures, tables, programs, the run, the whole page.

import { html } from "../draw/dom.js";
import { icon } from "../draw/icons.js";

/** @typedef {import("../state/explorer.js").State} State */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {import("../state/sharing.js").Surroundings} given
 */
export function share(explorer, given) {
  const panel = html("div", { class: "share-panel panel", id: "share-panel", hidden: true, role: "group", "aria-label": "Save and share" });
  /** @type {Promise<{update(state: State): void, forget(): void}>|null} */
  let offers = null;
  const opener = html("button", { type: "button", class: "share-open", "aria-expanded": "false", "aria-controls": "share-panel", click: () => open(panel.hidden === true) }, icon("share"), html("span", {}, "Share"));
  const element = html("div", { class: "share", keydown: (/** @type {KeyboardEvent} */ event) => closing(event), focusout: (/** @type {FocusEvent} */ event) => leaving(event) }, opener, panel);

  /** @param {boolean} wanted */
  async function open(wanted) {
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    if (!wanted) return;
    try {
      offers ??= import("./share-panel.js").then(({ sharePanel }) => sharePanel(explorer, given, panel));
      const { update, forget } = await offers;
      forget();
      update(explorer.state);
      panel.querySelector("button")?.focus();
    } catch {
      offers = null; // opened again, it is fetched again
      panel.replaceChildren("The program that serves this page does not answer. Start it again: learnloop explore");
    }
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

  /** @param {PointerEvent} event */
  function elsewhere(event) {
    if (!panel.hidden && !element.contains(/** @type {Node} */ (event.target))) open(false);
  }

  /** @param {State} state */
  function update(state) {
    if (!panel.hidden) offers?.then((known) => known.update(state)).catch(() => {});
  }

  document.addEventListener("pointerdown", elsewhere);
  return { element, update, destroy: () => document.removeEventListener("pointerdown", elsewhere) };
}
