// Answers what Python asks of its updates: node explain.mjs FOLDER; reads questions.json there, prints answers as JSON.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "./unpack.mjs";

const [folder] = process.argv.slice(2);
const modules = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, modules.modules));
const { Arena, View } = await at("engine/arena.js");
const { Description } = await at("explain/description.js");
const { Moment } = await at("explain/moment.js");
const { explainChange } = await at("explain/change.js");
const { groupsOf, sheetOf } = await at("views/card-sum.js");
const { curveOf } = await at("explain/curve.js");
const { checkGradient } = await at("explain/check.js");
const { firstNotFinite } = await at("explain/divergence.js");
const { explainNeuron } = await at("explain/neuron.js");

const descriptions = new Map();
function describe(name) {
  if (!descriptions.has(name))
    descriptions.set(name, new Description(JSON.parse(readFileSync(join(folder, name), "utf8"))));
  return descriptions.get(name);
}

function momentOf(name) {
  const { header, arrays } = unpack(View, join(folder, name));
  const before = new Map(header.before.map((tensor) => [tensor, arrays[`before ${tensor}`]]));
  const memory = Uint8Array.from(arrays.arena.data).buffer;
  const { X, Y, labels, weights } = arrays;
  return new Moment({
    description: describe(header.description), before, arena: new Arena(header.layout, memory, 0, header.capacity),
    data: { X, Y, labels, weights }, rows: arrays.rows.data, update: header.update, epoch: header.epoch,
    seed: BigInt(header.seed), dtype: header.dtype,
  });
}

const ASK = {
  change: (moment, { name, place }) => explainChange(moment, name, place),
  sheet: (moment, { name, place }) => {
    const change = explainChange(moment, name, place);
    return sheetOf(change, groupsOf(change));
  },
  curve: (moment, { name, unit, position }) => curveOf(moment, name, unit, position),
  divergence: (moment) => firstNotFinite(moment),
  check: (moment, { name, place }) => checkGradient(moment, name, place),
  neuron: (moment, { name, unit, position }) => explainNeuron(moment, name, unit, position),
};

/** One bit of what a tensor keeps, turned over, or a number made infinite; gives a way back. */
function spoil(moment, { tensor, element, byte, bit, infinite }) {
  const { data } = moment.view(tensor);
  const was = data[element];
  if (infinite) data[element] = Infinity;
  else new Uint8Array(data.buffer, data.byteOffset)[element * data.BYTES_PER_ELEMENT + byte] ^= 1 << bit;
  return () => (data[element] = was);
}

const answers = [];
for (const { moment: name, asked } of modules.moments) {
  const moment = momentOf(name);
  for (const question of asked) {
    const begin = performance.now();
    const mend = question.spoil ? spoil(moment, question.spoil) : () => {};
    const answer = ASK[question.what](moment, question);
    mend();
    answers.push({ answer, milliseconds: performance.now() - begin });
  }
}
console.log(JSON.stringify(answers, (_, value) => (Object.is(value, -0) ? "-0" : value)));
