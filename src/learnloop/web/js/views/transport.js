// Play, pause, step and walk; how fast; where we are.

import { html, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { count, percent, short } from "../draw/format.js";

/** @typedef {import("../state/explorer.js").State} State */

const SPEEDS = [[1, "1 update a second"], [5, "5 a second"], [25, "25 a second"], [120, "120 a second"], [1000, "1 000 a second"], [0, "whole run"]];

/** @param {import("../state/explorer.js").Explorer} explorer */
export function transport(explorer) {
  const button = (/** @type {string} */ label, /** @type {string|Node} */ sign, /** @type {() => void} */ click, more = {}) => html("button", { type: "button", "aria-label": label, title: label, click, ...more }, sign);
  const play = button("Play (Space)", icon("play"), () => (explorer.state.playing ? explorer.pause() : explorer.play()), { class: "primary play" });
  const perEpoch = () => explorer.state.run?.perEpoch ?? 1;
  const speed = html("select", { "aria-label": "Speed", change: (/** @type {Event} */ e) => explorer.set({ speed: Number(/** @type {HTMLSelectElement} */ (e.target).value) }) }, ...SPEEDS.map(([value, text]) => html("option", { value, selected: value === 0 }, String(text))));
  const figures = { update: html("b", { class: "number" }), epoch: html("b", { class: "number" }), loss: html("b", { class: "number" }), train: html("b", { class: "number" }), test: html("b", { class: "number" }) };
  const names = { update: "update", epoch: "epoch", loss: "batch loss", train: "train", test: "test" };
  const list = html("dl", { class: "figures" }, ...Object.entries(figures).map(([key, value]) => html("div", {}, html("dt", { class: "quiet" }, names[/** @type {keyof typeof names} */ (key)]), html("dd", {}, value))));
  const element = html(
    "section", { class: "transport", "aria-label": "Time" },
    html("div", { class: "row buttons" },
      button("To the start", icon("start"), () => { explorer.pause(); explorer.seek(0); }),
      button("Back one epoch (Shift ←)", icon("backFar"), () => explorer.step(-perEpoch())),
      button("Back one update (←)", icon("back"), () => explorer.step(-1)),
      play,
      button("On one update (→)", icon("next"), () => explorer.step(1)),
      button("On one epoch (Shift →)", icon("nextFar"), () => explorer.step(perEpoch())),
      button("To the end", icon("end"), () => { explorer.pause(); explorer.seek(explorer.state.run?.updates ?? 0); }),
      button("Walk through this update: forward, loss, backward, update (W)", "walk", () => explorer.walk()),
      speed,
    ),
    list,
  );

  let shown = false;

  /** @param {State} state */
  function update(state) {
    const { run, cursor, playing } = state;
    if (shown !== playing) play.replaceChildren(icon(playing ? "pause" : "play"));
    shown = playing;
    for (const name of ["aria-label", "title"]) play.setAttribute(name, playing ? "Pause (Space)" : "Play (Space)");
    if (!run) return;
    const at = Math.floor(cursor);
    write(figures.update, `${count(at)} / ${count(run.updates)}`);
    write(figures.epoch, `${Math.floor(at / run.perEpoch)} / ${Math.ceil(run.planned / run.perEpoch)}`);
    write(figures.loss, short(run.losses[Math.min(at, run.updates - 1)] ?? NaN));
    const mark = run.marks.findLast((/** @type {any} */ m) => m.update <= at) ?? run.marks[0];
    const quality = (/** @type {any} */ score) => (!score || Number.isNaN(score.quality) ? "–" : run.data.task === "classification" ? percent(score.quality) : `R² ${short(score.quality)}`);
    write(figures.train, quality(mark?.train));
    write(figures.test, quality(mark?.test));
  }

  return { element, update, destroy() {} };
}
