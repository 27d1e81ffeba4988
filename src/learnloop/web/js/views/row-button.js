// A row that can be chosen: its number, and its image where it has one.

import { html } from "../draw/dom.js";
import { thumbnail } from "../draw/thumbnail.js";

/**
 * @param {import("../state/explorer.js").Explorer} explorer
 * @param {import("../state/explorer.js").Shown} run
 * @param {number} row
 * @param {string} [note]
 * @param {string} [text]
 */
export function rowButton(explorer, run, row, note = "", text = `row ${row}`) {
  const image = run.data.image_shape ? html("canvas", { "aria-hidden": "true" }) : null;
  if (image) thumbnail(image, run, row);
  const chosen = String(explorer.state.row === row);
  return html("button", { type: "button", class: "row-button number", "data-row": row, "aria-pressed": chosen, "aria-label": `row ${row} ${note}`, click: () => explorer.set({ row }) }, image, html("span", {}, text), note && html("span", { class: "quiet" }, note));
}
