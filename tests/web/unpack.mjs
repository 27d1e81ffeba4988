// Packs as learnloop/web/pack.py writes them, read as views.

import { readFileSync } from "node:fs";

const KINDS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

export function unpack(View, path) {
  const bytes = Uint8Array.from(readFileSync(path)).buffer;
  const size = new DataView(bytes).getUint32(8, true);
  const { header, arrays } = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 12, size)));
  const start = 12 + size + ((16 - ((12 + size) % 16)) % 16);
  const array = ({ dtype, shape, offset }) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1));
    return new View(new KINDS[dtype](bytes, start + offset, count), shape, strides);
  };
  return { header, arrays: Object.fromEntries(Object.entries(arrays).map(([name, given]) => [name, array(given)])) };
}
