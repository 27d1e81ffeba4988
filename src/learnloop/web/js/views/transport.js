// Play, pause, step and the phases of an update; how fast; where we are.

import { html, set, write } from "../draw/dom.js";
import { icon } from "../draw/icons.js";
import { count, percent, short } from "../draw/format.js";

/** @typedef {import("../state/explorer.js").State} State */

const SPEEDS = [[1, "1 update a second"], [5, "5 a second"], [25, "25 a second"], [120, "120 a second"], [1000, "1 000 a second"], [0, "whole run"]];

const PHASES = ["", "forward", "loss", "backward", "update"];

/** @param {import("../state/explorer.js").Explorer} explorer */
export function transport(explorer) {
  const button = (/** @type {string} */ label, /** @type {string|Node} */ sign, /** @type {() => void} */ click, more = {}) => html("button", { type: "button", "aria-label": label, title: label, click, ...more }, sign);
  const play = button("Play (Space)", icon("play"), () => (explorer.state.playing ? explorer.pause() : explorer.play()), { class: "primary play" });
  const far = { class: "far" };
  const perEpoch = () => explorer.state.run?.perEpoch ?? 1;
  const speed = html("select", { "aria-label": "Speed", change: (/** @type {Event} */ e) => explorer.set({ speed: Number(/** @type {HTMLSelectElement} */ (e.target).value) }) }, ...SPEEDS.map(([value, text]) => html("option", { value, selected: value === 0 }, String(text))));
  const figures = { update: html("b", { class: "number" }), epoch: html("b", { class: "number" }), loss: html("b", { class: "number" }), train: html("b", { class: "number" }), test: html("b", { class: "number" }) };
  const names = { update: "update", epoch: "epoch", loss: "batch loss", train: "train", test: "test" };
  const list = html("dl", { class: "figures" }, ...Object.entries(figures).map(([key, value]) => html("div", {}, html("dt", { class: "quiet" }, names[/** @type {keyof typeof names} */ (key)]), html("dd", {}, value))));
  const measured = html("p", { class: "measured quiet" });
  const phase = { name: html("span", {}), place: html("span", { class: "phase-place number" }) };
  const walk = html("button", { type: "button", class: "next-phase", click: () => explorer.walk() }, phase.name, " ", phase.place);
  const element = html(
    "section", { class: "transport", "aria-label": "Time" },
    html("div", { class: "row buttons" },
      button("To the start", icon("start"), () => { explorer.pause(); explorer.seek(0); }, far),
      button("Back one epoch (Shift ←)", icon("backFar"), () => explorer.step(-perEpoch()), far),
      button("Back one update (←)", icon("back"), () => explorer.step(-1)),
      play,
      button("On one update (→)", icon("next"), () => explorer.step(1)),
      button("On one epoch (Shift →)", icon("nextFar"), () => explorer.step(perEpoch()), far),
      button("To the end", icon("end"), () => { explorer.pause(); explorer.seek(explorer.state.run?.updates ?? 0); }, far),
      walk,
    ),
    speed,
    html("div", { class: "scores" }, list, measured),
  );

  let shown = false;
  let fitted = /** @type {State["run"]} */ (null);

  /** Room for the widest figures of a run: what follows them stays where it is. @param {NonNullable<State["run"]>} run */
  function fit(run) {
    fitted = run;
    const digits = (/** @type {number} */ n) => 1.25 * String(Math.ceil(n)).length; // thin spaces stand between them
    const score = run.data.task === "classification" ? 6.5 : 9.5;
    const widths = { update: 2 * digits(run.planned) + 1.5, epoch: 2 * digits(run.planned / run.perEpoch) + 1.5, loss: 7.5, train: score, test: score };
    for (const [name, width] of Object.entries(widths)) figures[/** @type {keyof typeof figures} */ (name)].style.minWidth = `${width}ch`;
  }

  /** @param {number} at  the phase, 0 for none */
  function phases(at) {
    const name = at === 4 ? "next update" : "next phase";
    write(phase.name, name);
    write(phase.place, at ? `${at} of 4` : "");
    const label = at ? `${name}, ${at} of 4: ${PHASES[at]} (W)` : "next phase of this update: forward, loss, backward, update (W)";
    set(walk, { "aria-label": label, title: label });
  }

  /** @param {State} state */
  function update(state) {
    const { run, cursor, playing } = state;
    if (shown !== playing) play.replaceChildren(icon(playing ? "pause" : "play"));
    shown = playing;
    for (const name of ["aria-label", "title"]) play.setAttribute(name, playing ? "Pause (Space)" : "Play (Space)");
    phases(state.phase);
    if (!run) return;
    if (run !== fitted) fit(run);
    const at = Math.floor(cursor);
    write(figures.update, `${count(at)} / ${count(run.updates)}`);
    write(figures.epoch, `${Math.floor(at / run.perEpoch)} / ${Math.ceil(run.planned / run.perEpoch)}`);
    write(figures.loss, short(run.losses[Math.min(at, run.updates - 1)] ?? NaN));
    const mark = run.marks.findLast((/** @type {any} */ m) => m.update <= at) ?? run.marks[0];
    const quality = (/** @type {any} */ score) => (!score || Number.isNaN(score.quality) ? "–" : run.data.task === "classification" ? percent(score.quality) : `R² ${short(score.quality)}`);
    write(figures.train, quality(mark?.train));
    write(figures.test, quality(mark?.test));
    const when = mark && (mark.update >= run.updates ? "measured after the last update" : `measured before update ${count(mark.update)}`);
    write(measured, when ? `train and test: ${when}` : "");
    for (const name of /** @type {const} */ (["train", "test"])) set(/** @type {HTMLElement} */ (figures[name].closest("div")), { title: when ? `${names[name]}: ${when}. The confusion tab counts at the very update that is shown.` : "" });
  }

  return { element, update, destroy() {} };
}
