// Images with what the network says they are: mistakes first, then what it is least sure of.

import { html, set, write } from "../draw/dom.js";
import { count, percent } from "../draw/format.js";
import { thumbnail } from "../draw/thumbnail.js";
import { className, judged, rowsOf, worstFirst } from "../state/answers.js";
import { partSwitch } from "./part.js";
import { unhurried } from "./unhurried.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("../state/answers.js").Judged} Judged
 * @typedef {ReturnType<typeof tile>} Tile
 */

const PAGE = 30;

/** @param {import("../state/explorer.js").Explorer} explorer */
export function gallery(explorer) {
  const said = html("p", { class: "large-said" });
  const part = partSwitch(explorer);
  const list = html("ul", { class: "gallery" });
  const more = html("button", { type: "button", click: () => show(shown + PAGE) });
  const element = html("div", { class: "gallery-view" }, html("div", { class: "large-head" }, said, part.element), list, more);
  /** @type {Tile[]} */
  const tiles = [];
  let shown = PAGE;
  const order = unhurried(explorer, (/** @type {State} */ state) => {
    const run = /** @type {Shown} */ (state.run);
    const rows = rowsOf(run, state.part);
    draw(run, judged(run, state.picture.predictions, rows).sort(worstFirst), state);
  });

  /** @param {number} wanted */
  function show(wanted) {
    shown = wanted;
    order(explorer.state, true);
  }

  /** @param {Shown} run @param {Judged[]} all @param {State} state */
  function draw(run, all, state) {
    const wrong = all.filter((one) => !one.right).length;
    write(said, `${count(wrong)} of ${count(all.length)} wrong, ${percent(wrong / all.length)}`);
    const visible = all.slice(0, shown);
    while (tiles.length < visible.length) tiles.push(tile(explorer));
    tiles.forEach((one, k) => one.show(run, visible[k] ?? null, state));
    if (list.childElementCount !== visible.length) list.replaceChildren(...tiles.slice(0, visible.length).map((one) => one.element));
    more.hidden = all.length <= shown;
    write(more, `${count(Math.min(PAGE, all.length - shown))} more`);
  }

  /** @param {State} state */
  function update(state) {
    part.update(state);
    order(state, false);
    for (const one of tiles) one.mark(state);
  }

  return { element, update, destroy() {} };
}

/** One image. @param {import("../state/explorer.js").Explorer} explorer */
function tile(explorer) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const [first, second] = [html("b"), html("span", { class: "number" })];
  const button = html("button", { type: "button", class: "tile", click: () => drawn && explorer.set({ row: drawn.row }) }, canvas, first, second);
  const element = html("li", {}, button);
  let drawn = /** @type {Judged|null} */ (null);
  let of = /** @type {any} */ (null);

  /** @param {Shown} run @param {Judged|null} one @param {State} state */
  function show(run, one, state) {
    if (one && (of !== run.examples || drawn?.row !== one.row)) thumbnail(canvas, run, one.row);
    [drawn, of] = [one, run.examples];
    if (!one) return;
    const [answer, truth] = [className(run, one.answer), className(run, one.truth)];
    write(first, one.right ? answer : `${answer}?`);
    write(second, one.right ? percent(one.sure) : `is ${truth}`);
    const words = `row ${one.row}: the network says ${answer}, ${percent(one.sure)} sure; ${one.right ? "right" : `it is ${truth}`}`;
    set(button, { title: words });
    button.classList.toggle("wrong", !one.right);
    mark(state);
  }

  /** @param {State} state */
  const mark = (state) => drawn && set(button, { "aria-pressed": String(state.row === drawn.row) });
  return { element, show, mark };
}
