// A run in the page: trained at once, with checkpoints along the way, so that any update is a short walk from one.

/**
 * @typedef {import("./machine.js").Machine} Machine
 * @typedef {import("../data/prepare.js").Prepared} Prepared
 *
 * @typedef {object} Plan  the numbers that a run is a function of
 * @property {number} batch
 * @property {number} epochs
 * @property {string} seed  up to 2^64 - 1, so no JavaScript number
 * @property {Record<string, number>} options  of the program
 */

const CHECKPOINTS = 256;
const CHECKPOINT_BYTES = 96 << 20;
/** Milliseconds after which a long training looks whether somebody wants something else. */
const PIECE = 24;

/** What a run needs of a machine before it can be trained or visited. */
export class Course {
  /** @type {{update: number, state: Uint8Array}[]} */
  #marks = [];
  #stride = 1;

  /**
   * @param {import("./kit.js").Kit} kit
   * @param {Prepared} data
   * @param {Plan} plan
   * @param {boolean} classes  whether targets are classes, however the program reads them
   */
  constructor(kit, data, plan, classes) {
    this.classes = classes;
    this.kit = kit;
    this.data = data;
    this.batch = Math.max(1, Math.min(plan.batch, data.learn.length));
    this.perEpoch = Math.ceil(data.learn.length / this.batch);
    this.planned = plan.epochs * this.perEpoch;
    this.seed = BigInt(plan.seed);
    this.options = { ...kit.header.options, ...plan.options, total_updates: this.planned };
    /** @type {Float32Array|Float64Array} */
    this.losses = new Float32Array(0);
    /** Updates that have been done. @type {number} */
    this.updates = 0;
    /** @type {number|null} the update whose loss was no number */
    this.diverged = null;
  }

  /** Ready to train: the machine is this run's until another one takes it. @param {Machine} machine */
  take(machine) {
    const { data, batch, seed, planned: updates, options } = this;
    machine.give(data.examples);
    machine.configure({ rows: data.learn, batch, seed, updates, options, room: this.#roomFor() });
    machine.owner = this;
    machine.visited = null;
  }

  /** Rows that are sent through at once for pictures: more where rows are small. */
  #roomFor() {
    const row = this.kit.header.layouts.glass.row_bytes;
    return Math.max(64, Math.min(1024, Math.floor((8 << 20) / row)));
  }

  /** The machine holds this run's data and numbers. @param {Machine} machine */
  own(machine) {
    if (machine.owner !== this) this.take(machine);
  }

  /**
   * Train to the end; gives way to others from time to time.
   * @param {Machine} machine
   * @param {(done: number) => Promise<boolean>} pause  false to stop
   */
  async train(machine, pause) {
    this.take(machine);
    this.#begin(machine);
    let asked = performance.now();
    while (this.updates < this.planned && this.diverged === null) {
      this.#advance(machine);
      if (performance.now() - asked < PIECE) continue;
      if (!(await pause(this.updates))) return false;
      asked = performance.now();
      this.own(machine);
      if (machine.update !== this.updates) this.goTo(machine, this.updates);
    }
    return true;
  }

  /** @param {Machine} machine */
  #begin(machine) {
    const state = machine.snapshot();
    const most = Math.max(2, Math.min(CHECKPOINTS, Math.floor(CHECKPOINT_BYTES / state.length)));
    this.#stride = Math.max(1, Math.ceil(this.planned / most));
    this.#marks = [{ update: 0, state }];
    this.losses = this.#unknown();
  }

  /** Room for all losses. */
  #unknown() {
    return new (this.kit.header.dtype === "float64" ? Float64Array : Float32Array)(this.planned);
  }

  /**
   * More losses are known.
   * @param {number} first
   * @param {Float32Array|Float64Array} values
   */
  extend(first, values) {
    if (this.losses.length < this.planned) this.losses = this.#unknown();
    this.losses.set(values, first);
    this.updates = Math.max(this.updates, first + values.length);
  }

  /** One stretch up to the next checkpoint. @param {Machine} machine */
  #advance(machine) {
    const stop = Math.min(this.planned, this.updates + this.#stride);
    const fine = machine.train(stop);
    const done = machine.update;
    this.extend(this.updates, machine.losses.subarray(this.updates, done));
    if (!fine) this.diverged = done;
    else this.#marks.push({ update: done, state: machine.snapshot() });
  }

  /**
   * The state before an update; the machine stands there.
   * @param {Machine} machine  fast
   * @param {number} update  0 to the number of updates
   */
  goTo(machine, update) {
    if (update < 0 || update > this.updates) throw new RangeError(`the run has ${this.updates} updates, and ${update} was asked for`);
    this.own(machine);
    const mark = this.#before(update);
    const near = machine.update <= update && machine.update >= mark.update && machine.visited === this;
    if (!near) machine.stand(mark.update, mark.state);
    machine.visited = this;
    machine.train(update);
    return machine.snapshot();
  }

  /** The last checkpoint before an update. @param {number} update */
  #before(update) {
    let low = 0;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#marks[middle].update <= update) low = middle;
      else high = middle - 1;
    }
    return this.#marks[low];
  }

  /**
   * Do one update with everything kept, and give the arena that keeps it.
   * @param {Machine} glass
   * @param {number} update
   * @param {Uint8Array} before
   */
  replay(glass, update, before) {
    this.own(glass);
    glass.stand(update, before);
    glass.train(update + 1);
    return glass.arena;
  }

  /** Stand a machine before an update. @param {Machine} machine @param {number} update @param {Uint8Array} before */
  stand(machine, update, before) {
    this.own(machine);
    machine.visited = null;
    machine.stand(update, before);
  }

  /** The rows of an update's batch, as numbers of examples. @param {Machine} machine @param {number} update */
  batchRows(machine, update) {
    this.own(machine);
    const order = machine.order(Math.floor(update / this.perEpoch));
    const first = (update % this.perEpoch) * this.batch;
    return order.slice(first, first + this.batch);
  }
}

