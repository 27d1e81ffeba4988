// Leads the live parts where the lesson is, and lets go when the reader takes over. What they show is a function of what
// the lesson wants alone: it does not matter what was shown before.

import { at, changed } from "../state/scenario.js";

/**
 * @typedef {import("./timeline.js").Led} Led
 * @typedef {import("../state/explorer.js").Explorer} Explorer
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("../state/scenario.js").Scenario} Scenario
 */

/** @param {string|null} text  "dense_1:7" @returns {import("../state/explorer.js").Neuron|null} */
export function neuronOf(text) {
  const found = /^(.+):(\d+)$/.exec(text ?? "");
  return found && { kind: "neuron", layer: found[1], unit: Number(found[2]) };
}

const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);

export class Lead {
  /** Whether the lesson leads; the reader does otherwise. */
  leading = true;
  /** @type {Led} */
  #wanted = { update: null, learningRate: null, neuron: null, row: null };
  #busy = false;
  #again = false;

  /** @param {Explorer} explorer  that has trained the run of the lesson */
  constructor(explorer) {
    this.explorer = explorer;
    /** @type {Shown} the run of the lesson */
    this.base = /** @type {any} */ (explorer.state.run);
    this.seen = this.base;
    this.#keep();
    explorer.client.listen((event) => this.#hear(event));
    explorer.store.subscribe(({ run }) => this.#changed(run));
  }

  /** The worker lets old runs go, but not the lesson's. */
  #keep() {
    this.explorer.client.call("pin", { run: this.base.id, pinned: true }).catch(() => {});
  }

  /** What is measured while another run is shown. @param {any} event */
  #hear({ event, run, mark }) {
    const { state } = this.explorer;
    if (event === "mark" && run === this.base.id && state.run !== this.base && state.ghost !== this.base) this.base.marks.push(mark);
  }

  /** @param {Shown|null} run */
  #changed(run) {
    if (!run || run === this.seen) return;
    this.seen = run;
    this.#keep();
    if (this.leading) this.apply();
  }

  /** @param {Led} wanted */
  follow(wanted) {
    if (same(wanted, this.#wanted)) return;
    this.#wanted = wanted;
    if (this.leading) this.apply();
  }

  /** The lesson leads again. */
  back() {
    this.leading = true;
    return this.apply();
  }

  /** The reader leads. */
  leave() {
    this.leading = false;
  }

  /** Whether something else is shown than the lesson would show. */
  get astray() {
    const { scenario, cursor, selection, row } = this.explorer.state;
    const wanted = this.#target();
    return !same(scenario, wanted.scenario) || cursor !== wanted.update || !same(selection, wanted.selection) || row !== wanted.row;
  }

  #target() {
    const { update, learningRate, neuron, row } = this.#wanted;
    const run = this.explorer.state.run ?? this.base;
    const scenario = this.#scenario(learningRate);
    return { scenario, update: Math.min(update ?? Infinity, run.updates), selection: neuronOf(neuron), row };
  }

  /** @param {number|null} rate @returns {Scenario} */
  #scenario(rate) {
    const { scenario, kit } = this.base;
    const path = kit.places.learning_rate;
    return rate === null || !path || at(scenario, path) === rate ? scenario : changed(scenario, path, rate);
  }

  /** Go where the lesson is; asked while it goes, it goes on to where the lesson is then. */
  async apply() {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#again && this.leading) {
        this.#again = false;
        await this.#go();
      }
    } finally {
      this.#busy = false;
    }
  }

  async #go() {
    const { explorer } = this;
    explorer.pause();
    await this.#train(this.#target().scenario);
    if (!this.leading) return;
    const { scenario, update, selection, row } = this.#target();
    const here = explorer.state;
    const ghost = same(scenario, this.base.scenario) ? null : this.base;
    explorer.set({ row, ghost, phase: 0, hover: null, sketch: null, ...(same(here.selection, selection) ? {} : { selection }) });
    if (here.cursor !== update || here.picture?.run !== here.run) explorer.seek(update);
  }

  /** @param {Scenario} scenario */
  async #train(scenario) {
    const { explorer, base } = this;
    if (same(explorer.state.run?.scenario, scenario) && same(explorer.state.scenario, scenario)) return;
    if (same(scenario, base.scenario)) explorer.set({ run: base, scenario: base.scenario, error: "", busy: "" });
    else await explorer.change(scenario);
  }
}
