// A file of one's own: dropped or chosen, read by the server, whose words say what is wrong with it.

import { html, write } from "../draw/dom.js";

/** @typedef {import("../state/scenario.js").Scenario} Scenario */

/** @param {import("../state/explorer.js").Explorer} explorer @param {(suiting: Scenario) => void} move */
export function ownFile(explorer, move) {
  const input = html("input", { type: "file", class: "hidden-text", "aria-label": "A file with a table", change: () => take(input.files?.[0]) });
  const zone = html("label", { class: "drop-zone" }, input, html("span", {}, "Drop a table here, or choose a file"), html("span", { class: "quiet" }, "It stays on this machine."));
  const target = html("input", { type: "text", "aria-label": "Column to predict", placeholder: "column to predict", list: "", keydown: (/** @type {KeyboardEvent} */ e) => e.key === "Enter" && read() });
  const again = html("button", { type: "button", click: () => read() }, "Read");
  const ask = html("div", { class: "row target-row", hidden: true }, target, again);
  const said = html("p", { class: "said", role: "status" });
  const trouble = html("p", { class: "trouble-text", role: "alert" });
  const element = html("div", { class: "own-file" }, zone, ask, said, trouble);
  let file = /** @type {File|null} */ (null);

  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") take(/** @type {DragEvent} */ (event).dataTransfer?.files[0]);
    });
  }

  /** @param {File|undefined} given */
  function take(given) {
    if (!given) return;
    [file, target.value, input.value] = [given, "", ""];
    read();
  }

  async function read() {
    if (!file || !explorer.backend.upload) return;
    const most = explorer.session?.limits.upload ?? Infinity;
    write(trouble, "");
    if (file.size > most) return write(trouble, `${file.name} has ${Math.ceil(file.size / 2 ** 20)} MiB; up to ${Math.floor(most / 2 ** 20)} are taken here.`);
    write(said, `reading ${file.name} …`);
    ask.hidden = false;
    try {
      const kept = await explorer.backend.upload(file, target.value.trim());
      const what = kept.task === "classification" ? `one of ${kept.targets.length} classes: ${kept.targets.slice(0, 4).join(", ")}${kept.targets.length > 4 ? ", …" : ""}` : `the number ${kept.targets[0]}`;
      write(said, `${kept.rows} rows; it learns to predict ${what}, from ${kept.columns.length} columns. Another column? Name it above.`);
      move(kept.scenario);
    } catch (error) {
      write(said, "");
      write(trouble, error instanceof Error ? error.message : String(error));
    }
  }

  return { element };
}
