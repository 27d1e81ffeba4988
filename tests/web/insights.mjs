// What runs have to say about themselves, from the updates that Python looked at: node insights.mjs FOLDER.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "./unpack.mjs";

const [folder] = process.argv.slice(2);
const { modules, runs, numbers } = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, modules));
const { View } = await at("engine/arena.js");
const { Description } = await at("explain/description.js");
const { findInsights } = await at("explain/insights.js");
const { general, number } = await at("explain/wording.js");

/** The rows of one update in a stack whose first two axes are updates and rows of the largest batch. */
function slice({ data, dims, strides }, k, rows, overRows) {
  const inner = overRows ? [rows, ...dims.slice(2)] : dims.slice(1);
  return new View(data.subarray(k * strides[0], (k + 1) * strides[0]), inner, strides.slice(1));
}

async function told(file) {
  const { header, arrays } = unpack(View, join(folder, file));
  const description = new Description(JSON.parse(readFileSync(join(folder, header.description), "utf8")));
  const visit = async (update) => {
    const k = header.seen.indexOf(update);
    if (k < 0) throw new Error(`Python did not look at update ${update}`);
    const rows = header.counts[k];
    const view = (tensor) => slice(arrays[tensor], k, rows, description.dims(tensor)[0] === "rows");
    return { description, dtype: header.dtype, update, rows: new Int32Array(rows), loss: view("loss").at([]), view };
  };
  return findInsights(description, { ...header.course, losses: arrays.losses.data }, header.seen.length ? visit : null);
}

const answers = [];
for (const file of runs) answers.push(await told(file));
console.log(JSON.stringify({ answers, words: numbers.map((x) => [number(x), general(x, 3), general(x, 6)]) }));
