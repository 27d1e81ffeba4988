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
  const classes = arrays.classes ? arrays.classes.data : null;
  const life = new Life({ ...header, description, classes });
  fromStacks(life, header, arrays);
  const told = life.told();
  return { ...told, by_row: [...told.by_row], tensors: life.tensors };
});
console.log(JSON.stringify(answers));
