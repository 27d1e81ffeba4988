// A file of one's own: dropped or chosen, read by the server; then one chooses what to predict. Its words say what is wrong.

import { html, write } from "../draw/dom.js";
import { count, short } from "../draw/format.js";

/**
 * @typedef {import("../state/scenario.js").Scenario} Scenario
 * @typedef {import("../backend.js").Kept} Kept
 * @typedef {import("../backend.js").Choice} Choice
 */

/** @param {import("../state/explorer.js").Explorer} explorer @param {(suiting: Scenario) => void} move */
export function ownFile(explorer, move) {
  const input = html("input", { type: "file", class: "hidden-text", "aria-label": "A file with a table", change: () => take(input.files?.[0]) });
  const zone = html("label", { class: "drop-zone" }, input, html("span", {}, "Drop a table here, or choose a file"), html("span", { class: "quiet" }, "It stays on this machine."));
  const target = html("select", { "aria-label": "Column to predict" });
  const go = html("button", { type: "button", class: "primary", click: () => learn() }, "Predict it");
  const ask = html("div", { class: "row target-row", hidden: true }, target, go);
  const said = html("p", { class: "said", role: "status" });
  const trouble = html("p", { class: "trouble-text", role: "alert" });
  const element = html("div", { class: "own-file" }, zone, said, ask, trouble);
  let file = /** @type {File|null} */ (null);

  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") take(/** @type {DragEvent} */ (event).dataTransfer?.files[0]);
    });
  }

  /** What is in it. @param {File|undefined} given */
  async function take(given) {
    if (!given) return;
    [file, input.value] = [given, ""];
    ask.hidden = true;
    const most = explorer.session?.limits.upload ?? Infinity;
    if (given.size > most) return complain(new Error(`${given.name} has ${Math.ceil(given.size / 2 ** 20)} MiB; up to ${Math.floor(most / 2 ** 20)} are taken here.`));
    const found = await asked("");
    if (found && "choose" in found) choose(found.choose);
    else if (found) done(found);
  }

  /** @param {Choice["choose"]} table */
  function choose({ rows, columns }) {
    const last = columns.length - 1;
    target.replaceChildren(...columns.map((column, k) => html("option", { value: column.name, selected: k === last }, `${column.name}: ${kindOf(column)}`)));
    ask.hidden = false;
    write(said, `${count(rows)} rows, ${count(columns.length)} columns. Which one shall be predicted?`);
    target.focus();
  }

  async function learn() {
    const found = await asked(target.value);
    if (found && !("choose" in found)) done(found);
  }

  /** @param {Kept} kept */
  function done(kept) {
    const what = kept.task === "classification" ? `one of ${count(kept.targets.length)} classes` : `the number ${kept.targets[0]}`;
    write(said, [`${count(kept.rows)} rows; it learns to predict ${what} from ${count(kept.columns.length)} input${kept.columns.length === 1 ? "" : "s"}.`, ...(kept.said ?? [])].join(" "));
    move(kept.scenario);
  }

  /** @param {string} column @returns {Promise<Kept|Choice|null>} */
  async function asked(column) {
    if (!file || !explorer.backend.upload) return null;
    write(trouble, "");
    write(said, `reading ${file.name} …`);
    try {
      return await explorer.backend.upload(file, column);
    } catch (error) {
      complain(error);
      return null;
    }
  }

  /** @param {unknown} error */
  function complain(error) {
    write(said, "");
    write(trouble, error instanceof Error ? error.message : String(error));
  }

  return { element };
}

/** A column as plain words: numbers with their range, texts by how many there are. @param {any} column */
function kindOf({ kind, low, high, different, missing }) {
  const day = (/** @type {number} */ days) => new Date(864e5 * days).toISOString().slice(0, 10);
  if (kind === "date" && typeof low === "number") return `${kind}, ${day(low)} to ${day(high)}${missing ? `, ${count(missing)} missing` : ""}`;
  const range = typeof low === "number" ? `${kind}, ${short(low)} to ${short(high)}` : `${count(different)} different texts`;
  return missing ? `${range}, ${count(missing)} missing` : range;
}
