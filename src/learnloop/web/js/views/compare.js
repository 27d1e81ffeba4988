// Two runs side by side: what they were given, how they went, and the first update where they part.

import { html, set, write } from "../draw/dom.js";
import { count, percent, short } from "../draw/format.js";
import { isClasses } from "../state/answers.js";
import { differences } from "../state/differences.js";
import { comparedPicture } from "./compared-picture.js";
import { curves } from "./curves.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

const QUIET = 180;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function compare(explorer) {
  const pin = html("button", { type: "button", click: keep }, "Keep this run to compare");
  const hint = html("span", { class: "quiet" });
  const unpin = html("button", { type: "button", click: letGo }, "Let it go");
  const [one, other] = [comparedPicture("this run"), comparedPicture("kept run")];
  const chart = curves();
  const parting = html("p", { class: "parting" });
  const jump = html("button", { type: "button", click: () => at !== null && (explorer.pause(), explorer.seek(at)) }, "Go there");
  const rows = html("tbody");
  const table = html("table", { class: "differences" }, html("caption", {}, "What differs"), html("thead", {}, html("tr", {}, html("td"), ...["this run", "kept run"].map((name) => html("th", { scope: "col" }, name)))), rows);
  const body = html("div", { class: "compare-body" }, one.element, other.element, html("div", { class: "compare-facts" }, html("div", { class: "row" }, parting, jump), table, chart.element));
  const element = html("section", { class: "compare", "aria-label": "Two runs side by side" }, html("div", { class: "row" }, pin, unpin, hint), body);
  let at = /** @type {number|null} */ (null);
  let due = 0;
  let asked = "";

  function keep() {
    const { run } = explorer.state;
    if (!run) return;
    letGo();
    explorer.client.call("pin", { run: run.id, pinned: true }).then(() => explorer.set({ pinned: run }), () => {});
  }

  function letGo() {
    const { pinned } = explorer.state;
    if (pinned) explorer.client.call("pin", { run: pinned.id, pinned: false });
    explorer.set({ pinned: null });
  }

  /** Where they part, and what the kept one answers now; asked for when all is quiet. @param {State} state */
  async function ask({ run, pinned, cursor }) {
    if (!run || !pinned) return;
    try {
      const wants = { map: pinned.plane?.map.X ?? null, predictions: true };
      const [found, picture] = await Promise.all([
        explorer.client.call("parting", { a: run.id, b: pinned.id }),
        explorer.client.call("look", { run: pinned.id, update: Math.min(pinned.updates, Math.floor(cursor)), wants }),
      ]);
      if (explorer.state.pinned !== pinned) return;
      tell(found, run, pinned);
      other.draw({ ...explorer.state, run: pinned, hover: null, picture: { ...picture, run: pinned } });
    } catch {
      write(parting, "The kept run is not in memory any more.");
    }
  }

  /** @param {import("../engine/parting.js").Parting} found @param {Shown} run @param {Shown} pinned */
  function tell({ loss, weights, comparable }, run, pinned) {
    at = comparable ? weights ?? loss : loss;
    const same = run.updates === pinned.updates ? "They are the same, bit for bit." : "They are the same as far as both go.";
    const words = !comparable ? "Their weights have different shapes: they part at the start."
      : at === null ? same
      : weights === 0 ? "They part at the start: their first weights differ."
      : `They part at update ${count(at)}: the first that starts from different weights.${loss !== null && loss !== at ? ` The first loss that differs is that of update ${count(loss)}.` : ""}`;
    write(parting, words);
    jump.hidden = !at;
  }

  /** @param {State} state */
  function update(state) {
    const { run, pinned, cursor, playing } = state;
    pin.hidden = !run || pinned === run;
    unpin.hidden = body.hidden = !pinned;
    write(pin, pinned ? "Keep this run instead" : "Keep this run to compare");
    write(hint, !pinned ? "then turn a knob" : pinned === run ? "Now turn a knob: both runs are shown side by side." : "");
    body.hidden = !pinned || pinned === run;
    if (!run || !pinned || body.hidden) return;
    if (state.picture?.run === run) one.draw({ ...state, hover: null });
    chart.draw(run, pinned, cursor);
    const key = `${run.id} ${pinned.id} ${Math.floor(cursor)}`;
    if (asked.startsWith(`${run.id} ${pinned.id} `) === false) fill(run, pinned);
    figures(run, pinned);
    if (key === asked || playing) return;
    asked = key;
    clearTimeout(due);
    due = window.setTimeout(() => ask(explorer.state), QUIET);
  }

  /** @param {Shown} run @param {Shown} pinned */
  function fill(run, pinned) {
    const found = differences(run.scenario, pinned.scenario);
    rows.replaceChildren(...found.map(({ name, a, b }) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, a), html("td", {}, b))));
    rows.append(...FIGURES.map(({ name }) => html("tr", { class: "figure" }, html("th", { scope: "row" }, name), html("td", { class: "number" }), html("td", { class: "number" }))));
  }

  /** @param {Shown} run @param {Shown} pinned */
  function figures(run, pinned) {
    const lines = [...rows.querySelectorAll("tr.figure")];
    FIGURES.forEach(({ value }, k) => [run, pinned].forEach((shown, n) => lines[k] && write(lines[k].children[n + 1], value(shown))));
    set(table, { "data-differences": rows.childElementCount - FIGURES.length });
  }

  return { element, update, destroy: () => clearTimeout(due) };
}

/** @param {Shown} run @param {"train"|"test"} part */
function quality(run, part) {
  const score = run.marks.at(-1)?.[part];
  if (!score || Number.isNaN(score.quality)) return "–";
  return isClasses(run) ? `${percent(score.quality)} right` : `R² ${short(score.quality)}`;
}

/** How they ended. @type {{name: string, value: (run: Shown) => string}[]} */
const FIGURES = [
  { name: "updates", value: (run) => count(run.updates) },
  { name: "loss at the end, train", value: (run) => (run.marks.length ? short(run.marks.at(-1).train.loss) : "–") },
  { name: "loss at the end, test", value: (run) => (run.marks.length ? short(run.marks.at(-1).test.loss) : "–") },
  { name: "how good at the end, train", value: (run) => quality(run, "train") },
  { name: "how good at the end, test", value: (run) => quality(run, "test") },
];
