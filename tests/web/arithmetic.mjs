// Rational numbers, functions, random numbers and statements as JavaScript computes them: node arithmetic.mjs FOLDER.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "./unpack.mjs";

const [folder] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8"));
const at = (name) => import(new URL(name, asked.modules));
const { View } = await at("engine/arena.js");
const { Step } = await at("explain/interpreter.js");
const { FUNCTIONS } = await at("explain/numbers.js");
const { uniform } = await at("explain/random.js");
const { Rational } = await at("explain/rational.js");

/** Two sums of products, their quotient and difference, as fractions and as the nearest numbers. */
function rational([a, b, c, d]) {
  const [p, q] = [[a, b], [c, d]].map(([x, y]) => Rational.of(x).times(Rational.of(y)).plus(Rational.of(x)));
  const found = [p, q, p.minus(q), ...(q.isZero() ? [] : [p.over(q), p.over(q).plus(q)])];
  return [found.map(String), found.map((x) => x.toNumber()), p.compare(q)];
}

function interpreted(file) {
  const { header, arrays } = unpack(View, join(folder, file));
  const tensors = new Map();
  for (const [name, view] of Object.entries(arrays))
    tensors.set(name, { data: Float64Array.from(view.data), dims: view.dims });
  for (const statement of header.statements) {
    const dtype = header.dtypes[statement.out];
    new Step(statement, tensors, { rows: header.rows, data: header.rows, dtype, seed: BigInt(header.seed) }).run();
  }
  return Object.fromEntries(header.statements.map(({ out }) => [out, [...tensors.get(out).data]]));
}

const answers = {
  rational: asked.rational.map(rational),
  functions: asked.functions.map(([name, x]) => FUNCTIONS[name](x)),
  uniform: asked.uniform.map(([seed, ...keys]) => uniform(BigInt(seed), ...keys)),
  blocks: asked.blocks.map(interpreted),
};
const told = (value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
console.log(JSON.stringify(answers, (_, value) => told(value)));
