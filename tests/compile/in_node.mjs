// Trains the network of a folder and keeps the memory it leaves there; prints where in it things are.
// node --experimental-wasm-relaxed-simd in_node.mjs FOLDER [MODULE]; without a module it takes the one that the engine can

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, name] = process.argv.slice(2);
const here = (name) => new URL(name, pathToFileURL(`${folder}/`));
const read = (name) => readFile(here(name));
const { choose, load } = await import(here("network.mjs"));

const manifest = JSON.parse(await read("manifest.json"));
const module = name ? await WebAssembly.compile(await read(name)) : await choose(read);
const { instance, memory, call, arena, losses } = await load(module, manifest, await read("data.bin"));
instance.exports.ll_train(call, 0, 1); // it may stop early, at a loss that is no number: that is compared, too
const update = Number(new DataView(memory.buffer).getBigInt64(call + manifest.call.update, true));
await writeFile(here("memory.bin"), new Uint8Array(memory.buffer));
console.log(JSON.stringify({ arena, losses, update, fused: "ll_fuses" in instance.exports }));
