// The lives of some numbers, from stacks of tensors: node lives.mjs FOLDER.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "./unpack.mjs";

const [folder] = process.argv.slice(2);
const { modules, lives } = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, modules));
const { View } = await at("engine/arena.js");
const { Description } = await at("explain/description.js");
const { Life } = await at("explain/life.js");
const { TraceLayout, TraceReader, tracedTensors } = await at("explain/trace.js");

/** From the copies that the program itself made. */
function fromTrace(life, description, { layout, batchSize, capacity, counts }, { copies, X }) {
  const slots = new TraceLayout(layout, tracedTensors(description, life.tensors), batchSize, capacity);
  const { buffer, byteOffset, length } = copies.data;
  if (slots.slot * (counts.length + 1) !== length) throw new Error("another layout of slots");
  const reader = new TraceReader(description, slots, buffer, byteOffset, { X });
  for (const [t, rows] of counts.entries()) life.add(reader.at(t, rows));
}

/** From stacks, the first axis over updates. */
function fromStacks(life, { counts }, arrays) {
  for (const [t, count] of counts.entries()) {
    const rows = arrays.row.data.subarray(t * arrays.row.dims[1], t * arrays.row.dims[1] + count);
    life.add({ rows, read: (tensor, place) => arrays[tensor].at([t, ...place]) });
  }
}

const answers = lives.map((file) => {
  const { header, arrays } = unpack(View, join(folder, file));
  const description = new Description(JSON.parse(readFileSync(join(folder, header.description), "utf8")));
  if (header.spoil) arrays[header.spoil.tensor].data[header.spoil.element] += 0.01;
  const begin = performance.now();
  const classes = arrays.classes ? arrays.classes.data : null;
  const life = new Life({ ...header, description, classes });
  if (arrays.copies) fromTrace(life, description, header, arrays);
  else fromStacks(life, header, arrays);
  const told = life.told();
  return { ...told, by_row: [...told.by_row], tensors: life.tensors, milliseconds: performance.now() - begin };
});
console.log(JSON.stringify(answers));
