// The numbers of a run: moving one runs the whole training again.

import { html, set, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { at, changed } from "../state/scenario.js";
import { counts, even, proportions } from "./knob-scales.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 *
 * @typedef {object} Knob
 * @property {string} label
 * @property {string} help
 * @property {(string|number)[]} path  in the scenario
 * @property {number[]} values  that it goes through, the smallest first
 * @property {boolean} term  whether 0 takes a term out of the program, so that it is compiled again
 */

/** The knobs that make sense for a run. @param {import("../state/explorer.js").Shown} run @returns {Knob[]} */
function knobsOf(run) {
  const { scenario, kit, examples, data } = run;
  const rows = examples.learn.length + examples.test.length;
  /** @type {Knob[]} */
  const found = [];
  const add = (/** @type {string} */ label, /** @type {string} */ help, /** @type {any} */ path, /** @type {number[]} */ values, term = false) => {
    const now = path && current(scenario, path, data);
    if (typeof now === "number") found.push({ label, help, path, values: withNow(values, now), term });
  };
  add("learning rate", "how far each update goes", kit.places.learning_rate, proportions(1e-4, 3));
  add("momentum", "how much of the velocity stays; 0 takes it out of the program", ["optimizer", "momentum"], even(0, 0.99, 0.01), true);
  add("weight decay", "how much each weight is pulled to 0; 0 takes it out of the program", ["optimizer", "weight_decay"], [0, ...proportions(1e-5, 0.3)], true);
  const drops = Object.entries(kit.places).filter(([name]) => name.startsWith("dropout_"));
  for (const [name, path] of drops) add(drops.length > 1 ? `dropout ${name.slice(8)}` : "dropout", "the share of units left out of each update", path, even(0.01, 0.8, 0.01));
  add("batch size", "rows in each update", ["options", "batch_size"], counts(1, Math.min(1024, Math.max(2, rows))));
  add("epochs", "how often it goes through the rows", ["options", "epochs"], counts(1, 500));
  add("seed", "which random numbers: first weights, order of the rows", ["options", "seed"], even(0, 100, 1));
  add("noise", "how far points are off", ["data", "options", "noise"], even(0, 1, 0.01));
  add("test share", "of the rows, held out to test on", ["split", "test"], even(0.05, 0.9, 0.01));
  add("split seed", "which rows are held out", ["split", "seed"], even(0, 20, 1));
  return found;
}

/** What a knob stands at; noise that nobody chose is what the data came with. @param {any} scenario @param {(string|number)[]} path @param {any} data */
const current = (scenario, path, data) => at(scenario, path) ?? (path.at(-1) === "noise" && scenario.data.kind === "builtin" ? data.noise : undefined);

/** A value that the knob would not come to is one of its stops. @param {number[]} values @param {number} now */
const withNow = (values, now) => (values.includes(now) ? values : [...values, now].sort((a, b) => a - b));

/** @param {import("../state/explorer.js").Explorer} explorer */
export function knobs(explorer) {
  const list = html("div", { class: "knobs" });
  const wait = html("p", { class: "quiet knob-wait" });
  const element = html("section", { class: "panel", "aria-label": "Knobs" }, html("h2", {}, "Turn a knob: the whole run is done again"), list, wait);
  let key = "";
  let turned = "";
  /** @type {{knob: Knob, input: HTMLInputElement, value: HTMLElement}[]} */
  let rows = [];

  /** @param {Knob} knob */
  function rowOf(knob) {
    const value = html("output", { class: "number", "aria-live": "off" });
    const input = html("input", { type: "range", min: 0, max: knob.values.length - 1, step: 1, "aria-label": `${knob.label}: ${knob.help}`, "data-knob": knob.label, input: () => turn(knob, Number(input.value)) });
    rows.push({ knob, input, value });
    return html("label", { class: "knob", title: knob.help }, html("span", {}, knob.label), value, input);
  }

  /** @param {Knob} knob @param {number} stop */
  function turn(knob, stop) {
    const wanted = knob.values[stop];
    turned = knob.label;
    if (wanted !== at(explorer.state.scenario, knob.path)) explorer.change(changed(explorer.state.scenario, knob.path, wanted));
  }

  /** @param {State} state */
  function update(state) {
    const { run, scenario, busy } = state;
    if (!run) return;
    const now = `${run.kit.digest} ${run.data.id} ${Boolean(scenario.split)}`;
    if (now !== key) {
      key = now;
      rebuild(knobsOf(run));
    }
    for (const { knob, input, value } of rows) {
      const stands = current(scenario, knob.path, run.data);
      if (typeof stands !== "number") continue;
      const off = knob.term && stands === 0;
      write(value, off ? "off" : short(stands));
      if (knob.values[Number(input.value)] !== stands) input.value = String(nearest(knob.values, stands));
      set(input, { "aria-valuetext": off ? "0: not in the program" : short(stands) });
    }
    write(wait, busy === "compiling" && rows.some(({ knob }) => knob.term && knob.label === turned) ? `compiling a program ${at(scenario, rowOfLabel(turned)) === 0 ? "without" : "with"} ${turned} …` : "");
  }

  /** @param {string} label */
  const rowOfLabel = (label) => /** @type {any} */ (rows.find(({ knob }) => knob.label === label)).knob.path;

  /** Knobs stay where they can: one of them may be held. @param {Knob[]} wanted */
  function rebuild(wanted) {
    const same = (/** @type {Knob} */ a, /** @type {Knob} */ b) => a.label === b.label && String(a.path) === String(b.path) && a.values.at(-1) === b.values.at(-1);
    if (wanted.length === rows.length && rows.every(({ knob }, k) => same(knob, wanted[k]))) return;
    const held = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset.knob;
    rows = [];
    list.replaceChildren(...wanted.map(rowOf));
    if (held) rows.find(({ knob }) => knob.label === held)?.input.focus();
  }

  return { element, update, destroy() {} };
}

/** @param {number[]} values @param {number} wanted */
const nearest = (values, wanted) => values.reduce((best, v, k) => (Math.abs(v - wanted) < Math.abs(values[best] - wanted) ? k : best), 0);
