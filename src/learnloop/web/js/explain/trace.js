// What tensors held after each of many updates, as the compiled program copies it (train/trace.py): a slot for each
// update and one from before the first. A life reads it without an arena for each update.

/**
 * @typedef {import("../engine/arena.js").Buffer} Buffer
 * @typedef {import("../engine/arena.js").Layout} Layout
 * @typedef {import("../engine/arena.js").View} View
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./moment.js").Reader} Reader
 *
 * @typedef {{offset: number, bytes: number}} Span  a piece of the arena that is copied
 * @typedef {object} Place  where a tensor lies in every slot
 * @property {Float32Array|Float64Array|Int32Array} data  the whole memory
 * @property {number} start  of slot 0, elements
 * @property {number} slot  elements
 * @property {number[]} strides
 * @property {number} later  1 for what is read after an update, 0 for what was before it
 */

const ALIGNMENT = 64;
const ROW_STEP = 16;
const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array };

/**
 * The tensors of the arena that have to be copied for what is read of each update: the states of committed values, the
 * rows of the batches, and nothing that is given with the data.
 * @param {Description} description
 * @param {string[]} sources
 */
export function tracedTensors(description, sources) {
  const kept = sources.map((tensor) => description.stateOf.get(tensor) ?? tensor);
  return [...new Set([...kept, "row"])].filter((tensor) => !description.dims(tensor).includes("data")).sort();
}

/** How a slot is laid out. */
export class TraceLayout {
  /**
   * @param {Layout} layout  of the arena
   * @param {string[]} tensors
   * @param {number} batchSize
   * @param {number} capacity  of the arena
   */
  constructor(layout, tensors, batchSize, capacity) {
    /** @type {Map<string, {buffer: Buffer, start: number}>} */
    this.places = new Map();
    /** @type {Span[]} */
    this.spans = [];
    this.slot = 0;
    for (const tensor of tensors) {
      const buffer = layout.tensors[tensor];
      const bytes = bytesOf(buffer, batchSize);
      const begin = buffer.place === "rows" ? layout.fixed_bytes + buffer.offset * capacity : buffer.offset;
      this.places.set(tensor, { buffer, start: this.slot });
      this.spans.push({ offset: begin, bytes });
      this.slot += bytes;
    }
  }
}

/**
 * Reads one update after the other from the slots.
 * @implements {Reader}
 */
export class TraceReader {
  /**
   * @param {Description} description
   * @param {TraceLayout} layout
   * @param {ArrayBuffer} memory
   * @param {number} base  where slot 0 begins in it, bytes
   * @param {Partial<Record<string, View|null>>} data  X, Y, labels, weights
   */
  constructor(description, layout, memory, base, data) {
    this.description = description;
    this.layout = layout;
    this.memory = memory;
    this.base = base;
    this.data = data;
    this.update = 0;
    /** @type {ArrayLike<number>} */
    this.rows = [];
    /** @type {Map<string, Place>} */
    this.places = new Map();
  }

  /**
   * Go to an update of the trace.
   * @param {number} update  0 for the first
   * @param {number} rows  of its batch
   */
  at(update, rows) {
    const { data, start, slot } = this.#place("row");
    const begin = start + slot * (update + 1);
    this.update = update;
    this.rows = data.subarray(begin, begin + rows);
    return this;
  }

  /**
   * @param {string} tensor
   * @param {readonly number[]} place
   */
  read(tensor, place) {
    const given = this.data[tensor];
    if (given) return given.at(place);
    const { data, start, slot, strides, later } = this.#place(tensor);
    let k = start + slot * (this.update + later);
    for (let d = 0; d < place.length; d++) k += place[d] * strides[d];
    return data[k];
  }

  /**
   * @param {string} tensor
   * @returns {Place}
   */
  #place(tensor) {
    let found = this.places.get(tensor);
    if (!found) {
      found = this.#find(tensor);
      this.places.set(tensor, found);
    }
    return found;
  }

  /**
   * @param {string} tensor
   * @returns {Place}
   */
  #find(tensor) {
    const { description, layout, memory, base } = this;
    const known = layout.places.get(description.stateOf.get(tensor) ?? tensor);
    if (!known) throw new RangeError(`the trace has no ${tensor}`);
    const Kind = ARRAYS[known.buffer.dtype];
    const size = Kind.BYTES_PER_ELEMENT;
    const data = new Kind(memory, 0, Math.floor(memory.byteLength / size));
    const later = description.isFixed(tensor) ? 0 : 1;
    return { data, start: (base + known.start) / size, slot: layout.slot / size, strides: known.buffer.strides, later };
  }
}

/**
 * What is copied of a tensor: whole vectors, no more rows than a batch has.
 * @param {Buffer} buffer
 * @param {number} batchSize
 */
function bytesOf({ dims, strides, dtype }, batchSize) {
  const rows = Math.ceil(batchSize / ROW_STEP) * ROW_STEP;
  const count = dims.length ? (typeof dims[0] === "number" ? dims[0] : rows) * strides[0] : 1;
  return Math.ceil((count * ARRAYS[dtype].BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
}
