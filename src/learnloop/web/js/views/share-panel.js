// What the share menu offers: fetched when it is first opened.

import { html, write } from "../draw/dom.js";
import { sharing } from "../state/sharing.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/sharing.js").Offer} Offer
 */

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {import("../state/sharing.js").Surroundings} given
 * @param {Element} place  to fill
 */
export function sharePanel(explorer, given, place) {
  const said = html("p", { class: "share-said", role: "status" });
  const rows = sharing(explorer, given).map((offer) => ({ offer, button: html("button", { type: "button", click: () => take(offer) }, offer.label), why: html("p", { class: "share-why quiet" }) }));
  const groups = [...new Set(rows.map(({ offer }) => offer.group))].map((name) =>
    html("section", { "aria-label": name }, html("h2", {}, name), html("div", { class: "row" }, ...rows.filter(({ offer }) => offer.group === name).map(({ button }) => button)), ...rows.filter(({ offer }) => offer.group === name).map(({ why }) => why)),
  );
  place.replaceChildren(...groups, said);

  /** @param {Offer} offer */
  async function take(offer) {
    write(said, `${offer.label}: one moment …`);
    try {
      write(said, await offer.take());
    } catch (error) {
      write(said, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {State} state */
  function update(state) {
    for (const { offer, button, why } of rows) {
      const reason = state.run ? offer.refusal(state.run) : "Nothing has been trained yet.";
      button.disabled = reason !== "";
      write(why, reason && `${offer.label}: ${reason}`);
    }
  }

  return { update, forget: () => write(said, "") };
}
