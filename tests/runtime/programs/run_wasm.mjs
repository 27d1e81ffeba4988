// Serves the jobs of run.c from stdin with a WebAssembly build of it: node run_wasm.mjs MODULE
import fs from "node:fs";

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(process.argv[2])));
const input = fs.readFileSync(0);
const operands = (exports.__heap_base.value + 63) & ~63;

for (let at = 0; at < input.length;) {
  const [op, bits, lanes, count, arrays] = [0, 8, 16, 24, 32].map((k) => Number(input.readBigInt64LE(at + k)));
  at += 40;
  const bytes = (bits / 8) * count;
  const results = operands + arrays * bytes;
  const missing = results + bytes - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
  const memory = new Uint8Array(exports.memory.buffer);
  memory.set(input.subarray(at, at + arrays * bytes), operands);
  at += arrays * bytes;
  if (!exports.run(op, bits, lanes, count, operands, results)) process.exit(2);
  fs.writeSync(1, memory.slice(results, results + bytes));
}
