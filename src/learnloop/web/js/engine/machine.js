// One compiled program with its memory: the call, the data and the arena, and what can be done with them.

import { Arena } from "./arena.js";

/**
 * @typedef {import("./arena.js").Layout} Layout
 * @typedef {import("./arena.js").Numbers} Numbers
 *
 * @typedef {object} Parameter
 * @property {string} name  as users call it
 * @property {string} tensor
 * @property {string} layer
 * @property {number[]} dims
 * @property {string} gradient
 *
 * @typedef {object} KitHeader
 * @property {string} digest  of the program
 * @property {"float32"|"float64"} dtype
 * @property {boolean} emulated
 * @property {number} inputs
 * @property {number} outputs
 * @property {boolean} labels
 * @property {Record<string, number>} call  where the fields of a call lie
 * @property {Record<string, Layout>} layouts  by form
 * @property {Record<string, number>} options
 * @property {string[]} fixed  parameters and states
 * @property {string} scores
 * @property {string} predicted
 * @property {string} row_loss
 * @property {number} work  multiply-adds for each row of an update
 * @property {Parameter[]} parameters
 * @property {any[]} layers  where what they compute lies
 * @property {any} program  its statements, for explanations
 * @property {any} network
 * @property {any} loss
 * @property {any} optimizer
 *
 * @typedef {object} Examples
 * @property {Float32Array|Float64Array} X
 * @property {Int32Array|null} labels
 * @property {Float32Array|Float64Array|null} Y
 * @property {Float32Array|Float64Array} weights
 * @property {number} rows
 */

const PAGE = 65536;
const ALIGNMENT = 64;
/** What a loss that is no number ends training with. */
export const NOT_FINITE = 2;

/** @param {number} place */
const align = (place) => Math.ceil(place / ALIGNMENT) * ALIGNMENT;

/** A module with memory for one run at a time. */
export class Machine {
  /** @type {Map<string, {start: number, room: number}>} */
  #regions = new Map();
  #end;
  #capacity = 0;
  #rows = 0;
  #updates = 0;

  /**
   * @param {WebAssembly.Instance} instance
   * @param {KitHeader} kit
   * @param {"fast"|"glass"} form
   */
  constructor(instance, kit, form) {
    this.exports = /** @type {any} */ (instance.exports);
    /** @type {object|null} whose data and numbers it holds */
    this.owner = null;
    /** @type {object|null} whose updates it walks through */
    this.visited = null;
    this.kit = kit;
    this.layout = kit.layouts[form];
    this.width = kit.dtype === "float64" ? 8 : 4;
    this.#end = align(this.exports.__heap_base.value);
    this.call = this.#reserve("call", kit.call.size);
    new Uint8Array(this.memory, this.call, kit.call.size).fill(0);
    this.#first = this.#stateSpan();
  }

  /** @type {{start: number, bytes: number}} */
  #first;

  /** @returns {ArrayBuffer} */
  get memory() {
    return this.exports.memory.buffer;
  }

  /** Rows that the arena has room for: see Python's `Memory`. */
  get capacity() {
    return this.#capacity;
  }

  /** The tensors in place; a new one after every `configure`. */
  get arena() {
    return new Arena(this.layout, this.memory, this.#start("arena"), this.#capacity);
  }

  /** @param {string} region */
  #start(region) {
    const found = this.#regions.get(region);
    if (!found) throw new RangeError(`nothing was laid into ${region}`);
    return found.start;
  }

  /**
   * A place in memory; one that was given before stays, if it is large enough.
   * @param {string} region
   * @param {number} bytes
   */
  #reserve(region, bytes) {
    const old = this.#regions.get(region);
    if (old && old.room >= bytes) return old.start;
    const room = align(old ? Math.max(bytes, 2 * old.room) : bytes);
    const start = this.#end;
    this.#end += room;
    const missing = this.#end - this.memory.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / PAGE));
    this.#regions.set(region, { start, room });
    return start;
  }

  /**
   * @param {string} region
   * @param {ArrayBufferView} values
   */
  #lay(region, values) {
    const start = this.#reserve(region, values.byteLength);
    new Uint8Array(this.memory, start).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return start;
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  #point(name, value) {
    new DataView(this.memory).setUint32(this.call + this.kit.call[name], value, true);
  }

  /**
   * @param {string} name
   * @param {number|bigint} value
   */
  #number(name, value) {
    const whole = BigInt.asIntN(64, BigInt(value));
    new DataView(this.memory).setBigInt64(this.call + this.kit.call[name], whole, true);
  }

  /** @param {string} name */
  #read(name) {
    return Number(new DataView(this.memory).getBigInt64(this.call + this.kit.call[name], true));
  }

  /**
   * What is learnt from.
   * @param {Examples} examples
   */
  give(examples) {
    this.#lay("X", examples.X);
    this.#point("X", this.#start("X"));
    this.#point("labels", examples.labels ? this.#lay("targets", examples.labels) : 0);
    this.#point("Y", examples.Y ? this.#lay("targets", examples.Y) : 0);
    this.#point("weights", this.#lay("weights", examples.weights));
  }

  /**
   * Make room for a run, and go to before its first update.
   * @param {{rows: Int32Array, batch: number, seed: bigint|number, updates: number, options: Record<string, number>, room?: number}} plan
   */
  configure({ rows, batch, seed, updates, options, room = 0 }) {
    this.#rows = rows.length;
    this.#updates = updates;
    const capacity = (Math.floor(Math.max(batch, room) / 16) + 2) * 16;
    const bytes = this.layout.fixed_bytes + this.layout.row_bytes * capacity;
    this.#capacity = capacity;
    const arena = this.#reserve("arena", bytes);
    new Uint8Array(this.memory, arena, bytes).fill(0);
    this.#point("arena", arena);
    this.#lay("rows", rows);
    this.#point("order", this.#reserve("order", 4 * rows.length));
    this.#point("losses", this.#reserve("losses", this.width * (updates + 1)));
    this.#number("capacity", capacity);
    this.#number("batch", batch);
    this.#number("seed", seed);
    for (const [name, value] of Object.entries(options)) if (this.arena.has(name)) this.arena.view(name).data[0] = value;
    this.#learn();
    this.exports.ll_initialise(this.call);
    this.#goTo(0);
  }

  /** The call is about the rows to learn from again. */
  #learn() {
    this.#point("X", this.#start("X"));
    this.#point("rows", this.#start("rows"));
    this.#number("count", this.#rows);
  }

  /** @param {number} update */
  #goTo(update) {
    this.#number("update", update);
    this.#number("epoch", -1);
  }

  /** The next update. */
  get update() {
    return this.#read("update");
  }

  /**
   * Train up to an update; false where a loss was no number.
   * @param {number} stop
   */
  train(stop) {
    if (stop > this.#updates) throw new RangeError(`the run has ${this.#updates} updates, and ${stop} were asked for`);
    this.#number("stop", stop);
    return Number(this.exports.ll_train(this.call, 0, 1)) !== NOT_FINITE;
  }

  /** Losses, one for each update of the run; a view. */
  get losses() {
    const Kind = this.width === 8 ? Float64Array : Float32Array;
    return new Kind(this.memory, this.#start("losses"), this.#updates);
  }

  /** Parameters and states lie next to each other, at the same place in every form. */
  #stateSpan() {
    let start = Infinity;
    let end = 0;
    for (const name of this.kit.fixed) {
      const buffer = this.layout.tensors[name];
      start = Math.min(start, buffer.offset);
      const count = buffer.dims.length > 1 ? buffer.strides[0] * Number(buffer.dims[0]) : Math.max(1, Number(buffer.dims[0] ?? 1));
      end = Math.max(end, buffer.offset + count * (buffer.dtype === "float64" ? 8 : 4));
    }
    return { start, bytes: Math.max(0, align(end) - start) };
  }

  /** All that the next update depends on: a copy. */
  snapshot() {
    const { start, bytes } = this.#first;
    return new Uint8Array(this.memory, this.#start("arena") + start, bytes).slice();
  }

  /**
   * Before an update, with the state that it starts from; fast and glass take each other's.
   * @param {number} update
   * @param {Uint8Array} snapshot
   */
  stand(update, snapshot) {
    this.restore(snapshot);
    this.#goTo(update);
  }

  /** @param {Uint8Array} snapshot */
  restore(snapshot) {
    new Uint8Array(this.memory, this.#start("arena") + this.#first.start, snapshot.length).set(snapshot);
  }

  /** A snapshot to read parameters and states from. @param {Uint8Array} snapshot */
  opened(snapshot) {
    const copy = new ArrayBuffer(this.#first.start + snapshot.length);
    new Uint8Array(copy, this.#first.start).set(snapshot);
    return new Arena(this.layout, copy, 0, 0);
  }

  /**
   * The rows of the data that an epoch goes through, in order.
   * @param {number} epoch
   */
  order(epoch) {
    this.#number("epoch", epoch);
    this.exports.ll_shuffle(this.call);
    const found = new Int32Array(this.memory, this.#start("order"), this.#rows).slice();
    this.#number("epoch", -1);
    return found;
  }

  /**
   * Rows through the network, as many at once as there is room for.
   * @param {Float32Array|Float64Array} X  inputs, one row after the other
   * @param {number} rows
   * @param {(arena: Arena, first: number, count: number) => void} take  reads the arena; rows first .. first + count
   */
  predict(X, rows, take) {
    const own = X.BYTES_PER_ELEMENT === this.width ? X : new (this.width === 8 ? Float64Array : Float32Array)(X);
    this.#point("X", this.#lay("probe", own));
    this.#sweep(this.exports.ll_predict, rows, null, take);
  }

  /**
   * Rows of the data through the network, with the loss of each.
   * @param {Int32Array} rows
   * @param {(arena: Arena, first: number, count: number) => void} take
   */
  evaluate(rows, take) {
    this.#sweep(this.exports.ll_evaluate, rows.length, rows, take);
  }

  /**
   * @param {(call: number) => void} run
   * @param {number} total
   * @param {Int32Array|null} chosen
   * @param {(arena: Arena, first: number, count: number) => void} take
   */
  #sweep(run, total, chosen, take) {
    const most = this.#capacity - 16;
    const place = this.#reserve("chosen", 4 * most);
    this.#point("rows", place);
    for (let first = 0; first < total; first += most) {
      const count = Math.min(most, total - first);
      const part = new Int32Array(this.memory, place, count);
      for (let k = 0; k < count; k++) part[k] = chosen ? chosen[first + k] : first + k;
      this.#number("count", count);
      run(this.call);
      take(this.arena, first, count);
    }
    this.#learn();
  }
}
