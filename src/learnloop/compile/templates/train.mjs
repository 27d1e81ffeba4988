// Trains the network next to this file and prints the SHA-256 of its weights; on stderr, whether they are learnloop's.
// node --experimental-wasm-relaxed-simd train.mjs [--emulated]; without the flag it may have to emulate by itself.

import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";

const here = (name) => new URL(name, import.meta.url);
const manifest = JSON.parse(await readFile(here("manifest.json"), "utf8"));

/** A compiled module with memory for one run: the call, the arena and the data, one after the other. */
export async function load(module, manifest, data) {
  const instance = await WebAssembly.instantiate(module, {});
  const { memory, __heap_base: base } = instance.exports;
  const align = (place) => Math.ceil(place / 64) * 64;
  const call = align(base.value);
  const arena = align(call + manifest.call.size);
  const start = align(arena + manifest.arenaBytes);
  const order = align(start + data.length);
  const losses = align(order + 4 * manifest.rows);
  const width = manifest.dtype === "float64" ? 8 : 4;
  const end = losses + width * (manifest.updates + 1);
  memory.grow(Math.max(0, Math.ceil((end - memory.buffer.byteLength) / 65536)));
  new Uint8Array(memory.buffer).set(data, start);
  const view = new DataView(memory.buffer);
  const pointer = (name, value) => view.setUint32(call + manifest.call[name], value, true);
  const number = (name, value) => view.setBigInt64(call + manifest.call[name], BigInt.asIntN(64, BigInt(value)), true);
  const targets = start + width * manifest.dataRows * manifest.inputs;
  const weights = targets + (manifest.labels ? 4 : width * manifest.outputs) * manifest.dataRows;
  pointer("arena", arena);
  pointer("X", start);
  pointer(manifest.labels ? "labels" : "Y", targets);
  pointer("weights", weights);
  pointer("rows", weights + width * manifest.dataRows);
  pointer("order", order);
  pointer("losses", losses);
  for (const [name, value] of Object.entries({
    capacity: manifest.capacity, count: manifest.rows, batch: manifest.batch, seed: manifest.seed, update: 0, stop: manifest.updates, epoch: -1,
  })) number(name, value);
  for (const [offset, value] of manifest.options) view.setFloat64(arena + offset, value, true);
  instance.exports.ll_initialise(call);
  return { instance, memory, call, arena, width };
}

/** The digest of the weights in an arena. */
export function digest({ memory, arena, width }, manifest) {
  const hash = createHash("sha256");
  for (const [offset, rows, columns, stride] of manifest.parameters)
    for (let row = 0; row < rows; row++) hash.update(new Uint8Array(memory.buffer, arena + offset + row * stride * width, columns * width));
  return hash.digest("hex");
}

/** The module with fused multiply-add, or the one that does without where the engine has none: the bits are the same. */
async function choose() {
  if (!process.argv.includes("--emulated")) {
    try {
      return await WebAssembly.compile(await readFile(here("network.wasm")));
    } catch (error) {
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      console.error("no relaxed SIMD here: taking network-emulated.wasm, which is slower and gives the same bits");
    }
  }
  return WebAssembly.compile(await readFile(here("network-emulated.wasm")));
}

const run = await load(await choose(), manifest, await readFile(here("data.bin")));
const begin = performance.now();
const status = Number(run.instance.exports.ll_train(run.call, 0, 1));
if (status !== 0) throw new Error(`training came back with status ${status}`);
if (process.argv.includes("--time")) console.error(`${(1000 * (performance.now() - begin)) / manifest.updates} us per update`);
const found = digest(run, manifest);
console.log(found);
console.error(`same as learnloop: ${found === manifest.digest ? "yes" : "no"}`);
