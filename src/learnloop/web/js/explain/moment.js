// One update of a run: what it read, every value between, and what it wrote.

/**
 * @typedef {import("../engine/arena.js").Arena} Arena
 * @typedef {import("../engine/arena.js").View} View
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Real} Real
 *
 * @typedef {object} Reader  what an explanation reads of an update
 * @property {ArrayLike<number>} rows  the rows of the data in the batch
 * @property {(tensor: string, place: readonly number[]) => number} read
 *
 * @typedef {object} Given
 * @property {Description} description
 * @property {Map<string, View>|((tensor: string) => View|undefined)} before  parameters and states before the update
 * @property {Arena} arena  of the glass form, after the update
 * @property {{X: View, Y?: View|null, labels?: View|null, weights: View}} data
 * @property {Int32Array} rows  the rows of the data in the batch
 * @property {number} update
 * @property {number} epoch
 * @property {number|bigint} seed
 * @property {Real} dtype
 */

/** Views into memory that the caller leaves as it is: whoever goes to another update makes another moment. */
export class Moment {
  /** @param {Given} given */
  constructor({ description, before, arena, data, rows, update, epoch, seed, dtype }) {
    this.description = description;
    this.rows = rows;
    this.update = update;
    this.epoch = epoch;
    this.seed = BigInt(seed);
    this.dtype = dtype;
    this.arena = arena;
    this.data = data;
    this.before = typeof before === "function" ? before : (/** @type {string} */ tensor) => before.get(tensor);
    /** @type {Map<string, View>} */
    this.views = new Map();
  }

  /** Of the batch. */
  get loss() {
    return this.read("loss", []);
  }

  /** The rate that the schedule gave. */
  get learningRate() {
    return this.read(this.description.data.structure.rate, []);
  }

  /**
   * One number of any tensor; of parameters and states the one before the update.
   * @param {string} tensor
   * @param {readonly number[]} place
   */
  read(tensor, place) {
    return this.view(tensor).at(place);
  }

  /**
   * A whole tensor, in place; parameters and states as they were before the update.
   * @param {string} tensor
   * @returns {View}
   */
  view(tensor) {
    let found = this.views.get(tensor);
    if (!found) {
      found = this.#find(tensor);
      this.views.set(tensor, found);
    }
    return found;
  }

  /**
   * Whether a value of the update lies in the arena.
   * @param {string} tensor
   */
  has(tensor) {
    return this.arena.has(this.description.stateOf.get(tensor) ?? tensor);
  }

  /**
   * @param {string} tensor
   * @returns {View}
   */
  #find(tensor) {
    const old = this.before(tensor);
    if (old) return old;
    const given = Object.hasOwn(this.data, tensor) ? this.data[/** @type {keyof Given["data"]} */ (tensor)] : null;
    if (given) return given;
    return this.arena.view(this.description.stateOf.get(tensor) ?? tensor, this.rows.length);
  }
}
