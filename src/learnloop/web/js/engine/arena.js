// The memory of a compiled program, read through its manifest: the same bytes that NumPy views read.

/**
 * @typedef {object} Buffer  where a tensor lies
 * @property {string} name
 * @property {(number|string)[]} dims  extents; "rows" where there is one entry for each row of the batch
 * @property {"float32"|"float64"|"int32"} dtype
 * @property {number[]} strides  elements from one index to the next
 * @property {"fixed"|"rows"|"data"} place
 * @property {number} offset  bytes
 *
 * @typedef {object} Layout
 * @property {number} fixed_bytes
 * @property {number} row_bytes
 * @property {Record<string, Buffer>} tensors
 *
 * @typedef {Float32Array|Float64Array|Int32Array} Numbers
 */

const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array };

/** A tensor in place: `data[place]` with strides; a view, so it changes with the memory. */
export class View {
  /**
   * @param {Numbers} data  starts with the first element
   * @param {number[]} dims
   * @param {number[]} strides
   */
  constructor(data, dims, strides) {
    this.data = data;
    this.dims = dims;
    this.strides = strides;
  }

  /**
   * One element; no check of bounds.
   * @param {readonly number[]} place
   */
  at(place) {
    let k = 0;
    for (let d = 0; d < place.length; d++) k += place[d] * this.strides[d];
    return this.data[k];
  }

  /** All elements without the padding between rows, as an array of their own. */
  dense() {
    const inner = this.dims.slice(1).reduce((a, b) => a * b, 1);
    const outer = this.dims.length ? this.dims[0] : 1;
    const Kind = /** @type {new (n: number) => Numbers} */ (this.data.constructor);
    const found = new Kind(outer * inner);
    this.#rows(outer, inner, (from, to) => found.set(this.data.subarray(from, from + this.#width()), to));
    return found;
  }

  /**
   * Overwrite all elements.
   * @param {Numbers} values  dense, in order
   */
  fill(values) {
    const inner = this.dims.slice(1).reduce((a, b) => a * b, 1);
    const outer = this.dims.length ? this.dims[0] : 1;
    this.#rows(outer, inner, (from, to) => this.data.set(values.subarray(to, to + this.#width()), from));
  }

  /** Elements that lie next to each other. */
  #width() {
    return this.dims.length > 1 ? this.dims[this.dims.length - 1] : this.dims.length ? this.dims[0] : 1;
  }

  /**
   * @param {number} outer
   * @param {number} inner
   * @param {(from: number, to: number) => void} visit
   */
  #rows(outer, inner, visit) {
    if (this.dims.length < 2) return visit(0, 0);
    const width = this.#width();
    const step = this.strides[this.dims.length - 2];
    for (let row = 0; row < outer; row++)
      for (let k = 0; k * width < inner; k++) visit(row * this.strides[0] + k * step, row * inner + k * width);
  }
}

/** An arena of a program in some memory. */
export class Arena {
  /**
   * @param {Layout} layout
   * @param {ArrayBuffer} memory
   * @param {number} base  where it begins in the memory, bytes
   * @param {number} capacity  rows that it has room for
   */
  constructor(layout, memory, base, capacity) {
    this.layout = layout;
    this.memory = memory;
    this.base = base;
    this.capacity = capacity;
  }

  /** Bytes that it takes. */
  get size() {
    return this.layout.fixed_bytes + this.layout.row_bytes * this.capacity;
  }

  /** @param {string} tensor */
  has(tensor) {
    const buffer = this.layout.tensors[tensor];
    return buffer !== undefined && buffer.place !== "data";
  }

  /**
   * A tensor in place.
   * @param {string} tensor
   * @param {number} [rows]  how many rows a tensor over rows has
   */
  view(tensor, rows = 0) {
    const buffer = this.layout.tensors[tensor];
    if (!buffer) throw new RangeError(`there is no tensor ${tensor} in the arena`);
    const dims = buffer.dims.map((d) => (typeof d === "number" ? d : rows));
    const start = this.base + (buffer.place === "rows" ? this.layout.fixed_bytes + buffer.offset * this.capacity : buffer.offset);
    const span = dims.reduce((last, size, d) => (size ? last + (size - 1) * buffer.strides[d] : -1), 0) + 1;
    const Kind = ARRAYS[buffer.dtype];
    return new View(new Kind(this.memory, start, Math.max(0, span)), dims, buffer.strides);
  }
}
