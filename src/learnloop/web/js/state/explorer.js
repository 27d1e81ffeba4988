// The explorer's heart: what is shown, and what happens when somebody wants something else. Views only read and ask.

import { Store } from "./store.js";
import { Native } from "./native.js";
import { Asking } from "./asking.js";
import { above } from "./words.js";
import { plan, wish } from "./scenario.js";
import { Supply } from "./supply.js";

/**
 * @typedef {import("./scenario.js").Scenario} Scenario
 *
 * @typedef {object} Shown  a run as views draw it
 * @property {number} id
 * @property {Scenario} scenario
 * @property {any} kit  header
 * @property {any} data  header
 * @property {any} examples
 * @property {import("./plane.js").Plane|null} plane
 * @property {Float32Array|Float64Array} losses
 * @property {number} updates
 * @property {number} planned
 * @property {number} perEpoch
 * @property {number} batch
 * @property {number|null} diverged
 * @property {number} ms  that training took in the page; NaN where the server trains
 * @property {boolean} [remote]  whether the server trains it
 * @property {any[]} marks
 * @property {{looked: number, insights: any[]}|null} [insights]  once they are known
 *
 * @typedef {object} Neuron
 * @property {"neuron"} kind
 * @property {string} layer
 * @property {number} unit
 *
 * @typedef {object} Weight
 * @property {"weight"} kind
 * @property {string} parameter
 * @property {number[]} place
 *
 * @typedef {object} State
 * @property {Scenario} scenario
 * @property {Shown|null} run
 * @property {Shown|null} ghost  the run before the last change, where it learned the same data with the same loss
 * @property {any} picture  of the run at the cursor
 * @property {number} cursor
 * @property {boolean} playing
 * @property {number} speed  updates a second; 0: the whole run in some seconds
 * @property {number} phase  0: none; 1 to 4: forward, loss, backward, update
 * @property {Neuron|Weight|null} selection
 * @property {number|null} row  an example that is looked at
 * @property {Neuron|null} hover
 * @property {"weight"|"gradient"|"change"} links
 * @property {"local"|"layer"|"network"} range
 * @property {{run: number, same: boolean}|null} answer  whether a run ended with Python's bits; null until that is known
 * @property {"test"|"train"} part  whose rows are listed
 * @property {Shown|null} pinned  a run to compare with
 * @property {{label: number, points: {x: number[], label: number}[]}|null} sketch  points that are being drawn
 * @property {number} refreshed  counts what makes pictures new though nothing in them is: sizes, colours
 * @property {string} busy  what is waited for
 * @property {number} progress  0 to 1
 * @property {string} error
 * @property {string} notice
 * @property {import("./asking.js").Explained|null} explained  why what is selected is as it is
 * @property {import("./asking.js").Lived|null} life  of the selected weight
 * @property {{key: string, data: any}|null} checked  its gradient by a finite difference
 * @property {WhatIf|null} whatif  what a row that was left out did
 *
 * @typedef {object} WhatIf
 * @property {number} row
 * @property {Shown} base  the run with the row
 * @property {Shown} run  the one without it
 * @property {{key: string, base: number, run: number}|null} ends  where the selected weight ends in both
 */

/** Seconds that a whole run plays for. */
const WHOLE = 9;
/** After so many quiet milliseconds a change of a knob is a new gesture, with a new ghost. */
const GESTURE = 900;
/** Milliseconds after which a training that is not wanted any more is ended; shorter ones are shown while a knob turns. */
const PATIENCE = 300;

export class Explorer {
  /** @type {Supply} */
  #supply;
  #looking = false;
  #stale = false;
  #working = false;
  #again = false;
  #changed = 0;
  #frame = 0;
  #measuring = 0;
  #began = 0;
  #guarded = 0;

  /**
   * @param {object} given
   * @param {import("../engine/client.js").Client} given.client
   * @param {any} given.backend  see backend.js
   * @param {boolean} given.emulated  whether multiply-adds are emulated here
   * @param {Scenario} given.scenario
   * @param {any} given.session  tables of data sets, rules and limits; a file of its own has limits alone
   */
  constructor({ client, backend, emulated, scenario, session }) {
    this.client = client;
    this.session = session?.rules ? session : null;
    this.backend = backend;
    this.emulated = emulated;
    this.limits = session?.limits ?? { work: Infinity };
    /** @type {Native|null} a training of the server that is followed */
    this.native = null;
    /** @type {Store<State>} */
    this.store = new Store(/** @type {State} */ ({
      scenario, run: null, ghost: null, picture: null, cursor: 0, playing: false, speed: 0, phase: 0, selection: null, row: null,
      hover: null, links: "weight", range: "layer", part: "test", pinned: null, sketch: null, answer: null, busy: "", progress: 0, error: "", notice: "",
      explained: null, life: null, checked: null, whatif: null, refreshed: 0,
    }));
    client.listen((event) => this.#hear(event));
    this.asking = new Asking(this);
    this.#supply = new Supply(client, backend, (busy) => this.store.set({ busy }));
  }

  get state() {
    return this.store.state;
  }

  /** @param {any} event */
  #hear(event) {
    const { run, ghost } = this.state;
    if (event.event === "progress" && event.planned) this.store.set({ progress: event.done / event.planned, busy: `training: ${Math.floor((100 * event.done) / event.planned)} %` });
    if (event.event !== "mark") return;
    for (const shown of [run, ghost]) if (shown && shown.id === event.run) shown.marks.push(event.mark);
    this.store.set({});
  }

  /** Change what is run, and run it. @param {Scenario} scenario */
  change(scenario) {
    this.store.set({ scenario });
    return this.rerun();
  }

  /** Train what is wanted; asked while it works, it works again with what is wanted then. */
  async rerun() {
    if (this.#working) {
      this.#again = true;
      if (performance.now() - this.#began > PATIENCE) this.client.call("stop").catch(() => {});
      return;
    }
    this.#working = true;
    try {
      do {
        this.#again = false;
        this.#began = performance.now();
        await this.#run(this.state.scenario);
      } while (this.#again);
    } catch (error) {
      this.store.set({ error: error instanceof Error ? error.message : String(error), busy: "" });
    } finally {
      this.#working = false;
    }
  }

  /** @param {Scenario} scenario */
  async #run(scenario) {
    const [kit, data] = await Promise.all([this.#supply.kit(scenario, this.emulated), this.#supply.data(scenario)]);
    const asked = { kit: kit.kit, data: data.data, wish: wish(scenario), plan: plan(scenario, kit.header.places) };
    this.native?.close();
    this.native = null;
    const heavy = kit.header.work * asked.plan.batch > this.limits.work;
    const answer = await this.client.call(heavy ? "follow" : "train", asked);
    if (answer.given_up) return;
    const { found, plane } = await this.#supply.examples(answer.run, asked, kit.header);
    /** @type {Shown} */
    const run = { ...answer, id: answer.run, scenario, kit: kit.header, data: data.header, examples: found, plane, marks: [] };
    this.#show(run);
    this.#guard();
    this.store.set({ busy: "" });
    if (heavy) this.native = new Native(this, run);
    else await this.#look();
  }

  /** The worker keeps few runs: the ghost must be one of them, however long a knob is turned. */
  #guard() {
    const { ghost, pinned } = this.state;
    if (ghost?.id === this.#guarded) return;
    const pin = (/** @type {number} */ run, /** @type {boolean} */ on) => this.client.call("pin", { run, pinned: on }).catch(() => {});
    if (this.#guarded && pinned?.id !== this.#guarded) pin(this.#guarded, false);
    this.#guarded = ghost?.id ?? 0;
    if (this.#guarded) pin(this.#guarded, true);
  }

  /** A question to the worker; of a run of the server, what it needs is fetched first. @param {any} given */
  async explain(given) {
    const answer = await this.client.call("explain", given);
    if (answer?.needed === undefined || !this.native?.id) return answer;
    await this.#bring(given.run, answer.needed);
    return this.client.call("explain", given);
  }

  /** @param {number} run @param {number} update */
  async #bring(run, update) {
    const bytes = await this.backend.moment(/** @type {Native} */ (this.native).id, update);
    await this.client.call("bring", { run, update, bytes });
  }

  /** @param {Shown} run */
  #show(run) {
    const old = this.state.run;
    const now = performance.now();
    const fresh = now - this.#changed > GESTURE;
    this.#changed = now;
    const ended = !old || this.state.cursor >= old.updates;
    const cursor = !old ? 0 : ended ? run.updates : Math.min(this.state.cursor, run.updates);
    const other = old && (old.kit !== run.kit || old.data !== run.data) ? { selection: null, row: null, hover: null } : {};
    this.store.set({ run, ghost: ghostOf(fresh ? old : this.state.ghost, run), cursor, error: "", progress: 0, ...other });
    clearTimeout(this.#measuring);
    if (run.remote) return;
    this.#measuring = window.setTimeout(() => this.client.call("measure", { run: run.id }).catch(() => {}), old ? 120 : 30);
  }

  /**
   * The known answer: the run in the page ends with the bits of Python's. Where it does not, multiply-adds are emulated.
   */
  async verify() {
    const { run } = this.state;
    if (!run || run.remote || run.diverged !== null) return;
    const [here, there] = await Promise.all([this.client.call("digest", { run: run.id, update: Math.min(run.updates, this.backend.end) }), this.backend.digest(run.scenario)]);
    const same = here.digest === there;
    this.store.set({ answer: { run: run.id, same } });
    if (same || this.emulated) return;
    this.emulated = true;
    this.#supply.clear();
    await this.rerun();
    await this.verify();
  }

  /** A picture of where the cursor is, once more. */
  look() {
    return this.#look();
  }

  /** Train again with a row that counts nothing; the run with it stays as the ghost. @param {number} row */
  async without(row) {
    const { run: base, scenario } = this.state;
    if (!base || scenario.without.includes(row)) return;
    this.pause();
    this.#changed = -Infinity;
    await this.change({ ...scenario, without: [...scenario.without, row] });
    const { run } = this.state;
    if (run && run !== base) this.store.set({ whatif: { row, base, run, ends: null } });
  }

  /** Train again with a row that was left out. @param {number} row */
  async within(row) {
    const { scenario } = this.state;
    this.#changed = -Infinity;
    this.store.set({ whatif: null });
    await this.change({ ...scenario, without: scenario.without.filter((one) => one !== row) });
  }

  /** One level up: from a weight to its neuron, from a neuron to the network. */
  up() {
    const { selection, run } = this.state;
    if (selection) this.store.set({ selection: run ? above(selection, run.kit) : null, checked: null });
  }

  /** A picture of where the cursor is; asked while one is made, another one follows. */
  async #look() {
    if (this.#looking) {
      this.#stale = true;
      return;
    }
    this.#looking = true;
    do {
      this.#stale = false;
      try {
        await this.#picture();
      } catch (error) {
        const early = this.native && !this.native.ended; // the store lags behind the training: the next losses ask again
        if (!early) this.store.set({ error: error instanceof Error ? error.message : String(error) });
      }
    } while (this.#stale);
    this.#looking = false;
  }

  /** What is at the cursor. */
  async #picture() {
    const { run, cursor } = this.state;
    const far = run?.remote ? (this.native?.kept ?? 0) - (this.native?.ended ? 0 : 1) : Infinity;
    if (!run || far < 0) return;
    const wants = { grid: run.plane?.grid.X ?? null, map: run.plane?.map.X ?? null, predictions: true, moment: true, sample: sampleOf(run) };
    const asked = { run: run.id, update: Math.min(Math.floor(cursor), far), wants };
    let picture = await this.client.call("look", asked);
    if (picture.needed !== undefined) {
      if (!this.native?.id) return;
      await this.#bring(run.id, picture.needed);
      picture = await this.client.call("look", asked);
    }
    this.store.set({ picture: { ...picture, run } });
    if (!this.state.playing) this.store.flush(); // somebody waits for it: the next frame shows it
  }

  /** @param {number} update */
  seek(update) {
    const { run } = this.state;
    if (!run) return;
    this.store.set({ cursor: Math.max(0, Math.min(run.updates, update)) });
    this.#look();
  }

  /** @param {number} updates  how far, either way */
  step(updates) {
    this.pause();
    this.store.set({ phase: 0 });
    this.seek(Math.floor(this.state.cursor) + updates);
  }

  /** The next of the four phases of an update; after the last one the next update. */
  walk() {
    this.pause();
    const phase = (this.state.phase + 1) % 5;
    this.store.set({ phase });
    if (phase === 0) this.step(1);
  }

  /** One of the four phases; 0 leaves them. @param {number} phase */
  walkTo(phase) {
    this.pause();
    this.store.set({ phase: phase === this.state.phase ? 0 : phase });
  }

  play() {
    const { run, cursor } = this.state;
    if (!run) return;
    if (cursor >= run.updates) this.seek(0);
    this.store.set({ playing: true, phase: 0 });
    let last = performance.now();
    const frame = (/** @type {number} */ now) => {
      if (!this.state.playing || !this.state.run) return;
      const rate = this.state.speed || this.state.run.updates / WHOLE;
      this.seek(this.state.cursor + (rate * Math.min(100, now - last)) / 1000);
      last = now;
      if (this.state.cursor >= this.state.run.updates) return this.pause();
      this.#frame = requestAnimationFrame(frame);
    };
    this.#frame = requestAnimationFrame(frame);
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    if (this.state.playing) this.store.set({ playing: false, cursor: Math.floor(this.state.cursor) });
  }

  /** Draw everything again: a size or a colour changed. */
  refresh() {
    this.store.set({ refreshed: this.state.refreshed + 1 });
  }

  /** Whole seconds do not matter: what is selected, how links are drawn and so on. @param {Partial<State>} changes */
  set(changes) {
    this.store.set(changes);
  }
}

/** The run before, where its losses can be held against those of the run: of the same data and the same loss. @param {Shown|null} before @param {Shown} run */
const ghostOf = (before, run) => (before && before.data === run.data && JSON.stringify(before.scenario.loss) === JSON.stringify(run.scenario.loss) ? before : null);

/** So many images are looked through for those that a neuron answers most to. */
const SAMPLE = 128;

/** Rows whose activations are wanted; null where neurons are drawn otherwise. @param {Shown} run */
function sampleOf(run) {
  if (!run.data.image_shape || run.plane) return null;
  const { learn } = run.examples;
  const step = Math.max(1, learn.length / SAMPLE);
  return Int32Array.from({ length: Math.min(SAMPLE, learn.length) }, (_, k) => learn[Math.floor(k * step)]);
}
