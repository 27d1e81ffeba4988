// Asks the worker why what is selected is as it is, and puts the answers into the state: the newest question wins.

/**
 * @typedef {import("./explorer.js").State} State
 * @typedef {import("./explorer.js").Neuron} Neuron
 * @typedef {import("./explorer.js").Weight} Weight
 *
 * @typedef {object} Explained
 * @property {string} key  the question
 * @property {number} run
 * @property {number} update
 * @property {Neuron|Weight} selection
 * @property {import("../explain/change.js").ChangeData|null} change
 * @property {any} neuron  with the rows of the batch, the curve of its function, what the update did to its weights
 * @property {string} error
 *
 * @typedef {object} Lived
 * @property {string} key
 * @property {import("../explain/life.js").LifeData|null} data
 * @property {number} share  of the updates that have been looked at
 * @property {string} error
 */

/** So long a selection must stay before its life is told. */
const SETTLED = 260;
/** Milliseconds between two explanations while the run plays. */
const PLAYING = 140;
/** So many lives are kept. */
const KEPT = 12;
/** So long a run must stay before it is searched for insights. */
const RESTED = 900;

/** The update whose batch, gradients and changes are explained at the cursor. @param {Pick<State, "run"|"cursor">} state */
export const momentOf = ({ run, cursor }) => (run ? Math.max(0, Math.min(Math.floor(cursor), run.updates - 1, (run.diverged ?? Infinity) - 1)) : 0);

/** @param {Pick<State, "run"|"selection">} state */
export const lifeKey = ({ run, selection }) => (selection?.kind === "weight" ? `${run?.id} ${selection.parameter} ${selection.place}` : "");

export class Asking {
  #asked = "";
  #busy = false;
  #last = 0;
  #life = "";
  #timer = 0;
  /** @type {number|undefined} */
  #run;
  #resting = 0;
  /** Lives that were told, for when they are asked for again. @type {Map<string, import("../explain/life.js").LifeData>} */
  lives = new Map();

  /** @param {import("./explorer.js").Explorer} explorer */
  constructor(explorer) {
    this.explorer = explorer;
    explorer.store.subscribe((state) => this.#hear(state));
    explorer.client.listen((event) => event.event === "life" && this.#progress(event));
  }

  /** @param {State} state */
  #hear(state) {
    if (!state.run) return;
    if (state.selection && !there(state)) return this.explorer.set({ selection: null });
    const soon = state.playing && performance.now() - this.#last < PLAYING;
    if (keyOf(state) !== this.#asked && !soon) this.#ask();
    if (lifeKey(state) !== this.#life) this.#wait(state);
    if (state.run.id !== this.#run) this.#rest(state.run);
    if (state.whatif) this.#compare(state.whatif, state);
  }

  async #ask() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      do {
        const { state } = this.explorer;
        const key = (this.#asked = keyOf(state));
        this.#last = performance.now();
        const found = state.selection ? await this.#answer(key, state) : null;
        if (this.explorer.state.selection || !found) this.explorer.set({ explained: found });
      } while (keyOf(this.explorer.state) !== this.#asked && !this.explorer.state.playing);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {string} key @param {State} state @returns {Promise<Explained>} */
  async #answer(key, state) {
    const selection = /** @type {Neuron|Weight} */ (state.selection);
    const run = Number(state.run?.id);
    const update = momentOf(state);
    const asked = selection.kind === "weight" ? { what: "change", ...selection } : { what: "neuron", ...selection, row: state.row };
    /** @type {Explained} */
    const found = { key, run, update, selection, change: null, neuron: null, error: "" };
    try {
      const answer = await this.explorer.explain({ ...asked, run, update });
      return { ...found, [selection.kind === "weight" ? "change" : "neuron"]: answer };
    } catch (error) {
      return { ...found, error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** @param {State} state */
  #wait(state) {
    this.#life = lifeKey(state);
    clearTimeout(this.#timer);
    const known = this.lives.get(this.#life);
    this.explorer.set({ life: this.#life ? { key: this.#life, data: known ?? null, share: 0, error: "" } : null });
    if (known) return;
    if (this.#life) this.#timer = window.setTimeout(() => this.#live(this.#life), SETTLED);
    else if (state.run) this.explorer.explain({ what: "quiet", run: state.run.id }).catch(() => {});
  }

  /** @param {string} key */
  async #live(key) {
    const { run, selection } = this.explorer.state;
    if (key !== lifeKey({ run, selection })) return;
    const tell = (/** @type {Partial<Lived>} */ news) => key === this.#life && this.explorer.set({ life: { key, data: null, share: 1, error: "", ...news } });
    try {
      const data = await this.explorer.explain({ what: "life", run: run?.id, ...selection });
      if (data.given_up) return;
      this.#keep(key, data);
      tell({ data });
    } catch (error) {
      tell({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {string} key @param {import("../explain/life.js").LifeData} data */
  #keep(key, data) {
    this.lives.set(key, data);
    for (const old of [...this.lives.keys()].slice(0, -KEPT)) this.lives.delete(old);
  }

  /** @param {any} event */
  #progress({ run, parameter, place, done, planned }) {
    const { life } = this.explorer.state;
    if (life && !life.data && life.key === `${run} ${parameter} ${place}`) this.explorer.set({ life: { ...life, share: done / planned } });
  }

  /** Backpropagation against a finite difference. */
  async check() {
    const { explained } = this.explorer.state;
    if (explained?.selection.kind !== "weight") return;
    const { key, run, update, selection } = explained;
    this.explorer.set({ checked: { key, data: null } });
    const data = await this.explorer.explain({ what: "check", run, update, ...selection }).catch((error) => ({ error: error.message }));
    if (this.explorer.state.checked?.key === key) this.explorer.set({ checked: { key, data } });
  }

  /** @param {import("./explorer.js").Shown} run */
  #rest(run) {
    const first = this.#run === undefined;
    this.#run = run.id;
    clearTimeout(this.#resting);
    if (!first) this.explorer.explain({ what: "stop", run: run.id }).catch(() => {});
    this.#resting = window.setTimeout(() => this.#look(run), RESTED);
  }

  /** What the run has to say about itself; once, and never while somebody turns a knob. @param {import("./explorer.js").Shown} run */
  async #look(run) {
    const found = await this.explorer.explain({ what: "insights", run: run.id }).catch(() => null);
    if (!found || found.given_up) return;
    run.insights = found;
    this.explorer.set({});
  }

  /** @param {import("./explorer.js").WhatIf} whatif @param {State} state */
  async #compare(whatif, state) {
    const key = lifeKey({ run: whatif.run, selection: state.selection });
    if (!key || whatif.ends?.key === key || this.#life !== key) return;
    whatif.ends = { key, base: NaN, run: NaN };
    const end = async (/** @type {import("./explorer.js").Shown} */ run) => (await this.explorer.explain({ what: "value", run: run.id, update: run.updates, ...state.selection })).value;
    const [base, run] = await Promise.all([whatif.base, whatif.run].map(end)).catch(() => [NaN, NaN]);
    if (this.explorer.state.whatif === whatif) this.explorer.set({ whatif: { ...whatif, ends: { key, base, run } } });
  }
}

/** Whether the network still has what is selected. @param {State} state */
function there({ run, selection }) {
  if (!selection || !run) return false;
  if (selection.kind === "neuron") return run.kit.layers.some((/** @type {any} */ l) => l.name === selection.layer && selection.unit < l.width);
  const parameter = run.kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter);
  return Boolean(parameter) && selection.place.length === parameter.dims.length && selection.place.every((k, d) => k < parameter.dims[d]);
}

/** @param {State} state */
export function keyOf(state) {
  const { run, selection, row } = state;
  if (!run || !selection) return "";
  return `${run.id} ${momentOf(state)} ${JSON.stringify(selection)}${selection.kind === "neuron" ? ` ${row}` : ""}`;
}
