// Arrays and plain data in one piece of bytes, as the Python side packs them.

/**
 * @typedef {Float32Array|Float64Array|Int32Array|BigInt64Array|Uint8Array} PackedArray
 * @typedef {object} Packed
 * @property {any} header  plain data
 * @property {Record<string, PackedArray>} arrays
 * @property {Record<string, number[]>} shapes
 */

const MAGIC = "LLPACK01";
const STEP = 16;
/** @type {Record<string, new (bytes: ArrayBuffer, offset: number, count: number) => PackedArray>} */
const KINDS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, int64: BigInt64Array, uint8: Uint8Array };

/**
 * What a pack holds; the arrays are views of its bytes.
 * @param {ArrayBuffer} bytes
 * @returns {Packed}
 */
export function unpack(bytes) {
  const text = new TextDecoder();
  if (bytes.byteLength < 12 || text.decode(new Uint8Array(bytes, 0, 8)) !== MAGIC)
    throw new TypeError(`these ${bytes.byteLength} bytes are no pack`);
  const size = new DataView(bytes).getUint32(8, true);
  const { header, arrays: table } = JSON.parse(text.decode(new Uint8Array(bytes, 12, size)));
  const body = Math.ceil((12 + size) / STEP) * STEP;
  /** @type {Packed} */
  const found = { header, arrays: {}, shapes: {} };
  for (const [name, at] of Object.entries(table)) {
    const count = at.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    found.arrays[name] = new KINDS[at.dtype](bytes, body + at.offset, count);
    found.shapes[name] = at.shape;
  }
  return found;
}
