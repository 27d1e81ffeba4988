// Trains the network next to this file and prints the SHA-256 of its weights; on stderr, whether they are learnloop's.
// node --experimental-wasm-relaxed-simd train.mjs [--emulated]; without the flag it may have to emulate by itself.

import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { choose, load } from "./network.mjs";

const read = (name) => readFile(new URL(name, import.meta.url));
const manifest = JSON.parse(await read("manifest.json"));

/** The digest of the weights in an arena. */
function digest({ memory, arena, width }, manifest) {
  const hash = createHash("sha256");
  for (const [offset, rows, columns, stride] of manifest.parameters)
    for (let row = 0; row < rows; row++) hash.update(new Uint8Array(memory.buffer, arena + offset + row * stride * width, columns * width));
  return hash.digest("hex");
}

const emulated = process.argv.includes("--emulated");
const module = emulated ? await WebAssembly.compile(await read("network-emulated.wasm")) : await choose(read);
const run = await load(module, manifest, await read("data.bin"));
const begin = performance.now();
const status = Number(run.instance.exports.ll_train(run.call, 0, 1));
if (status !== 0) throw new Error(`training came back with status ${status}`);
if (process.argv.includes("--time")) console.error(`${(1000 * (performance.now() - begin)) / manifest.updates} us per update`);
const found = digest(run, manifest);
console.log(found);
console.error(`same as learnloop: ${found === manifest.digest ? "yes" : "no"}`);
