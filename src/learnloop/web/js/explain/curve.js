// The function that a neuron applies to its sum, as values along a line: from the statements of the program alone.

import { Quantities } from "./expressions.js";
import { DOUBLE } from "./numbers.js";

/**
 * @typedef {import("./moment.js").Moment} Moment
 *
 * @typedef {object} Curve
 * @property {number} low  the smallest z
 * @property {number} high
 * @property {number[]} values  the activation at even steps from low to high
 * @property {number} here  the activation at z
 * @property {number} slope  of the function at z, by a central difference
 * @property {number} steepest  the largest slope between low and high, by size
 */

const POINTS = 81;
const STEP = 1e-5;

/**
 * The activation of one unit as a function of its pre-activation; null where it depends on other units, too.
 * @param {Moment} moment
 * @param {string} name  of the layer
 * @param {number} unit
 * @param {number} position  which row of the batch
 * @returns {Curve|null}
 */
export function curveOf(moment, name, unit, position) {
  const layer = moment.description.layer(name);
  const z = layer.pre_activation;
  if (!z || !Number.isFinite(moment.read(z, [position, unit]))) return null;
  const at = functionOf(moment, layer.activation, z, [position, unit]);
  if (!at) return null;
  const here = moment.read(z, [position, unit]);
  const reach = Math.max(4, Math.abs(here) * 1.15);
  const step = (2 * reach) / (POINTS - 1);
  const values = Array.from({ length: POINTS }, (_, k) => at(k * step - reach));
  const slopes = values.slice(1).map((value, k) => Math.abs(value - values[k]) / step);
  const slope = (at(here + STEP) - at(here - STEP)) / (2 * STEP);
  return { low: -reach, high: reach, values, here: at(here), slope, steepest: Math.max(...slopes, Math.abs(slope)) };
}

/**
 * A tensor's element as a function of another's at the same place; null where anything else of that tensor enters.
 * @param {Moment} moment
 * @param {string} tensor
 * @param {string} z
 * @param {number[]} place
 * @returns {((x: number) => number)|null}
 */
function functionOf(moment, tensor, z, place) {
  const { description, dtype, rows, update } = moment;
  const quantities = new Quantities(DOUBLE, description, dtype);
  let [x, fits] = [0, true];
  /** @type {Map<string, any>} */
  const known = new Map();
  const read = (/** @type {string} */ name, /** @type {readonly number[]} */ where) => {
    if (name === z) {
      fits &&= String(where) === String(place);
      return x;
    }
    const statement = description.defined.get(name);
    if (!statement || name === "rate") return moment.read(name, where);
    if (statement.kind !== "map") {
      fits = false;
      return moment.read(name, where);
    }
    const key = `${name} ${where}`;
    const at = Object.fromEntries(statement.axes.map((axis, d) => [axis, where[d]]));
    const value = known.get(key) ?? quantities.of(/** @type {any} */ (statement.expr), at);
    known.set(key, value);
    return value(reader, place[0]);
  };
  const reader = { rows, update, read };
  const found = (/** @type {number} */ value) => {
    x = value;
    return read(tensor, place);
  };
  try {
    found(moment.read(z, place));
  } catch {
    return null; // random numbers in it, for instance: no function of z
  }
  return fits ? found : null;
}
