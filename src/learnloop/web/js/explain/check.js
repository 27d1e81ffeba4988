// Backpropagation against a central finite difference of the batch loss, computed from the statements in float64.

import { brackets, checkPlace } from "./description.js";
import { Expansion } from "./expansion.js";
import { mentioned } from "./expressions.js";
import { Step } from "./interpreter.js";
import { sum } from "./rational.js";
import { Summands } from "./summands.js";

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Statement} Statement
 * @typedef {import("./interpreter.js").Dense} Dense
 * @typedef {import("./moment.js").Moment} Moment
 *
 * @typedef {object} CheckData  as Python's Check.to_dict()
 * @property {string} name
 * @property {number} update
 * @property {number} backpropagation  the stored gradient of the batch loss
 * @property {number} difference  (L(w + h) - L(w - h)) / 2h
 * @property {number} step  h
 * @property {number} tolerance
 * @property {boolean} agrees
 */

/**
 * A gradient found in two ways.
 * @param {Moment} moment
 * @param {string} name  "dense_1.weight"
 * @param {number[]} place
 * @returns {CheckData}
 */
export function checkGradient(moment, name, place) {
  const { description, dtype } = moment;
  const { tensor, dims, gradient } = description.parameter(name);
  checkPlace(name, place, dims);
  const { tolerance: share, step: size } = description.limits.check;
  const value = moment.read(tensor, place);
  const step = size * Math.max(1, Math.abs(value));
  const [above, below] = movedLosses(moment, tensor, place, [value + step, value - step]);
  const difference = (above - below) / (2 * step);
  const backpropagation = moment.read(gradient, place);
  const tolerance = share[dtype] * (sizeOf(moment, gradient, place) + 1e-3);
  const agrees = Math.abs(backpropagation - difference) <= tolerance;
  const update = moment.update;
  return { name: `${name}${brackets(place)}`, update, backpropagation, difference, step, tolerance, agrees };
}

/**
 * The batch loss with one number of a parameter moved.
 * @param {Moment} moment
 * @param {string} tensor
 * @param {number[]} place
 * @param {number[]} values
 * @returns {number[]}
 */
export function movedLosses(moment, tensor, place, values) {
  const { description } = moment;
  const statements = upToLoss(description);
  const tensors = given(moment, statements, tensor);
  const data = moment.view("X").dims[0];
  const batch = { rows: moment.rows.length, data, seed: moment.seed };
  const steps = statements.map((s) => new Step(s, tensors, { ...batch, dtype: description.data.tensors[s.out][1] }));
  const moved = /** @type {Dense} */ (tensors.get(tensor));
  const offset = place.reduce((k, p, d) => k * moved.dims[d] + p, 0);
  const touched = dependents(statements, tensor);
  return values.map((value, k) => {
    moved.data[offset] = value;
    for (const step of steps) if (k === 0 || touched.has(step.statement.out)) step.run();
    return /** @type {Dense} */ (tensors.get("loss")).data[0];
  });
}

/**
 * The update up to its loss.
 * @param {Description} description
 */
function upToLoss(description) {
  const { sections } = description.data.functions.train;
  const stop = sections.findIndex((section) => section.statements.some((s) => s.out === "loss"));
  return sections.slice(0, stop + 1).flatMap((section) => section.statements);
}

/**
 * Copies of what the statements are given, in float64.
 * @param {Moment} moment
 * @param {Statement[]} statements
 * @param {string} parameter
 */
function given(moment, statements, parameter) {
  const made = new Set(statements.map((s) => s.out));
  /** @type {Map<string, Dense>} */
  const found = new Map();
  for (const tensor of new Set([parameter, ...statements.flatMap(mentioned)])) {
    if (made.has(tensor)) continue;
    const view = tensor === "row" ? null : moment.view(tensor);
    const dense = view ? { data: Float64Array.from(view.dense()), dims: view.dims } : rowsOf(moment);
    found.set(tensor, dense);
  }
  return found;
}

/**
 * @param {Moment} moment
 * @returns {Dense}
 */
function rowsOf({ rows }) {
  return { data: Float64Array.from(rows), dims: [rows.length] };
}

/**
 * What changes with a tensor.
 * @param {Statement[]} statements
 * @param {string} tensor
 */
function dependents(statements, tensor) {
  const found = new Set([tensor]);
  for (const s of statements) if (mentioned(s).some((read) => found.has(read))) found.add(s.out);
  return found;
}

/**
 * How large the summands of an element are together, whatever their signs.
 * @param {Moment} moment
 * @param {string} tensor
 * @param {number[]} place
 */
function sizeOf(moment, tensor, place) {
  const summands = new Summands(moment).of(new Expansion(moment.description).of({ tensor, place }));
  const sizes = [...summands].map(({ value }) => value.size());
  return sum(sizes).toNumber();
}
