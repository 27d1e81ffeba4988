// The numbers of a run: moving one runs the whole training again.

import { html, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { at, changed } from "../state/scenario.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 *
 * @typedef {object} Knob
 * @property {string} label
 * @property {string} help
 * @property {(string|number)[]} path  in the scenario
 * @property {(position: number) => number} value  of a position from 0 to 100
 * @property {(value: number) => number} position
 */

/** @param {number} low @param {number} high @returns {Pick<Knob, "value"|"position">} */
const steps = (low, high) => ({
  value: (p) => Number((low * (high / low) ** (p / 100)).toPrecision(2)),
  position: (v) => (100 * Math.log(v / low)) / Math.log(high / low),
});
/** @param {number} low @param {number} high @param {number} step @returns {Pick<Knob, "value"|"position">} */
const even = (low, high, step) => ({
  value: (p) => Number((low + Math.round(((p / 100) * (high - low)) / step) * step).toPrecision(6)),
  position: (v) => (100 * (v - low)) / (high - low),
});
/** Whole numbers in even proportions. @param {number} low @param {number} high @returns {Pick<Knob, "value"|"position">} */
const counts = (low, high) => ({ value: (p) => Math.max(1, Math.round(low * (high / low) ** (p / 100))), position: (v) => (100 * Math.log(v / low)) / Math.log(high / low) });

/** The knobs that make sense for a run. @param {import("../state/explorer.js").Shown} run @returns {Knob[]} */
function knobsOf(run) {
  const { scenario, kit } = run;
  /** @type {Knob[]} */
  const found = [];
  const add = (/** @type {string} */ label, /** @type {string} */ help, /** @type {any} */ path, /** @type {any} */ scale) => {
    if (path && typeof at(scenario, path) === "number") found.push({ label, help, path, ...scale });
  };
  add("learning rate", "how far each update goes", kit.places.learning_rate, steps(1e-4, 3));
  add("momentum", "how much of the velocity stays", ["optimizer", "momentum"], even(0, 0.99, 0.01));
  add("weight decay", "how much each weight is pulled to 0", ["optimizer", "weight_decay"], even(0, 0.1, 0.001));
  for (const [name, path] of Object.entries(kit.places)) if (name.startsWith("dropout_")) add(`dropout ${name.slice(8)}`, "the share of units left out", path, even(0.01, 0.8, 0.01));
  add("batch size", "rows in each update", ["options", "batch_size"], counts(1, 512));
  add("epochs", "how often it goes through the rows", ["options", "epochs"], counts(1, 400));
  add("seed", "which random numbers", ["options", "seed"], even(0, 100, 1));
  add("noise", "how far points are off", ["data", "options", "noise"], even(0, 1, 0.01));
  add("test share", "rows that are held out", ["split", "test"], even(0.05, 0.9, 0.01));
  return found;
}

/** @param {import("../state/explorer.js").Explorer} explorer */
export function knobs(explorer) {
  const list = html("div", { class: "knobs" });
  const element = html("section", { class: "panel", "aria-label": "Knobs" }, html("h2", {}, "Turn a knob: the whole run is done again"), list);
  let key = "";
  /** @type {{knob: Knob, input: HTMLInputElement, value: HTMLElement}[]} */
  let rows = [];

  /** @param {Knob} knob */
  function rowOf(knob) {
    const value = html("output", { class: "number", "aria-live": "off" });
    const input = html("input", { type: "range", min: 0, max: 100, step: "any", "aria-label": `${knob.label}: ${knob.help}`, input: () => turn(knob, Number(input.value)) });
    rows.push({ knob, input, value });
    return html("label", { class: "knob", title: knob.help }, html("span", {}, knob.label), value, input);
  }

  /** @param {Knob} knob @param {number} position */
  function turn(knob, position) {
    const wanted = knob.value(position);
    if (wanted !== at(explorer.state.scenario, knob.path)) explorer.change(changed(explorer.state.scenario, knob.path, wanted));
  }

  /** @param {State} state */
  function update(state) {
    const { run, scenario } = state;
    if (!run) return;
    const now = `${run.kit.digest} ${run.data.id} ${Boolean(scenario.split)}`;
    if (now !== key) {
      key = now;
      rows = [];
      list.replaceChildren(...knobsOf(run).map(rowOf));
    }
    for (const { knob, input, value } of rows) {
      const current = at(scenario, knob.path);
      write(value, short(current));
      if (document.activeElement !== input || knob.value(Number(input.value)) !== current) input.value = String(knob.position(current));
      input.setAttribute("aria-valuetext", short(current));
    }
  }

  return { element, update, destroy() {} };
}
