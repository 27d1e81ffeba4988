// From what a data set holds to what a program learns from: noise, split, scaling by the training rows alone.

import { split } from "./split.js";
import { measured } from "./standardise.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {"number"|"flag"} kind  flags are left as they are; a number may be missing: NaN
 *
 * @typedef {object} Source  what a pack of data holds
 * @property {string} id
 * @property {string} name
 * @property {"classification"|"regression"} task
 * @property {Column[]} columns
 * @property {string[]} targets  names of the classes, or of the number
 * @property {[number, number]|null} image_shape
 * @property {number|null} scale  divide all columns by it; null: standardise; 1: leave them
 * @property {boolean} ready  whether X and y are what the program reads, already
 * @property {boolean} noisy_target  whether noise is added to the target
 * @property {number|null} noise  of generated data
 * @property {number} rows
 * @property {Float64Array|Float32Array} X  (rows, columns)
 * @property {Int32Array|Float64Array|Float32Array} y
 * @property {Float64Array|null} base  X without noise (y, where the noise is the target's)
 * @property {Float64Array|null} unit_noise
 * @property {Int32Array|null} learn  the rows to learn from, where they are given
 * @property {Int32Array|null} held
 * @property {Float64Array|Float32Array|null} weights
 *
 * @typedef {object} Wish
 * @property {number|null} noise
 * @property {{test: number, seed: number|string}|null} split
 * @property {boolean} labels  whether the program reads class indices
 * @property {"float32"|"float64"} dtype
 * @property {number[]} without  rows (of the examples) that count nothing
 *
 * @typedef {object} Prepared
 * @property {import("../engine/machine.js").Examples} examples
 * @property {Int32Array} learn  which examples are learnt from
 * @property {Int32Array} test  which are tested on
 * @property {Int32Array} origin  the row of the source that each example is
 * @property {Float64Array} raw  inputs as people know them, (examples, columns)
 * @property {{mean: number, scale: number}[]} scales  of the columns
 * @property {{mean: number, scale: number}|null} target_scale  of a number
 */

/**
 * @param {Source} source
 * @param {Wish} wish
 * @returns {Prepared}
 */
export function prepare(source, wish) {
  const inputs = source.columns.length;
  const X = noisy(source, wish.noise);
  const y = source.noisy_target ? noisyTarget(source, wish.noise) : source.y;
  const { learn, test, origin } = rowsOf(source, wish.split);
  const fitted = learn.map((k) => origin[k]);
  const scales = source.columns.map((column, k) => scaleOf(source, column, (row) => X[row * inputs + k], fitted));
  const Real = wish.dtype === "float64" ? Float64Array : Float32Array;
  const scaled = new Real(origin.length * inputs);
  const raw = new Float64Array(origin.length * inputs);
  origin.forEach((row, n) => {
    for (let k = 0; k < inputs; k++) {
      const value = X[row * inputs + k];
      raw[n * inputs + k] = fill(value, scales[k]);
      scaled[n * inputs + k] = source.ready ? value : real32(source, (fill(value, scales[k]) - scales[k].mean) / scales[k].scale);
    }
  });
  const weights = new Real(origin.length).fill(1);
  if (source.weights) for (let n = 0; n < origin.length; n++) weights[n] = source.weights[origin[n]];
  const learnt = wish.without.length ? new Set(learn) : null; // where rows are given, they need not be the first
  const gone = wish.without.find((row) => !learnt?.has(row));
  if (gone !== undefined) throw new RangeError(`Row ${gone} is to be left out, and the run does not learn from it. Fix: a row that it learns from.`);
  for (const row of wish.without) weights[row] = 0;
  const target_scale = targetScale(source, y, fitted);
  const targets = origin.length * (y.length / source.rows);
  const labels = wish.labels ? Int32Array.from(origin, (row) => y[row]) : null;
  const Y = wish.labels ? null : new Real(targets);
  if (Y) fillTargets(Y, y, origin, source, target_scale);
  return { examples: { X: scaled, labels, Y, weights, rows: origin.length }, learn, test, origin, raw, scales, target_scale };
}

/** float32 data are scaled in float64 and kept as float32, as Python keeps them. @param {Source} source @param {number} x */
const real32 = (source, x) => (source.X instanceof Float32Array ? Math.fround(x) : x);

/** @param {number} value @param {{mean: number, scale: number, median?: number}} scale */
const fill = (value, scale) => (Number.isNaN(value) && scale.median !== undefined ? scale.median : value);

/** @param {Source} source @param {number|null} noise */
function noisy(source, noise) {
  const { base, unit_noise } = source;
  if (noise === null || !base || !unit_noise || source.noisy_target) return source.X;
  return base.map((value, k) => value + noise * unit_noise[k]);
}

/** @param {Source} source @param {number|null} noise */
function noisyTarget(source, noise) {
  const { base, unit_noise } = source;
  if (noise === null || !base || !unit_noise) return source.y;
  return base.map((value, k) => value + noise * unit_noise[k]);
}

/**
 * Examples: the rows to learn from first, then those to test on; where the rows are given, all as they are.
 * @param {Source} source
 * @param {{test: number, seed: number|string}|null} wish
 */
function rowsOf(source, wish) {
  const every = (/** @type {number} */ n, /** @type {number} */ from) => Int32Array.from({ length: n }, (_, k) => from + k);
  if (!wish) {
    const learn = source.learn ?? every(source.rows, 0);
    return { learn, test: source.held ?? new Int32Array(0), origin: every(source.rows, 0) };
  }
  const labels = source.task === "classification" ? Int32Array.from(/** @type {any} */ (source.y)) : null;
  const { train, test } = split(source.rows, wish.test, BigInt(wish.seed), labels);
  const origin = Int32Array.from([...train, ...test]);
  return { learn: every(train.length, 0), test: every(test.length, train.length), origin };
}

/**
 * @param {Source} source
 * @param {Column} column
 * @param {(row: number) => number} read
 * @param {Int32Array} rows
 * @returns {{mean: number, scale: number, median?: number}}
 */
function scaleOf(source, column, read, rows) {
  if (source.ready || column.kind === "flag") return { mean: 0, scale: 1 };
  if (source.scale !== null) return { mean: 0, scale: source.scale };
  const median = medianOf(read, rows);
  const known = (/** @type {number} */ row) => (Number.isNaN(read(row)) ? median : read(row));
  return { ...measured(known, rows), median };
}

/** Of the numbers that are there; 0 where none is. @param {(row: number) => number} read @param {Int32Array} rows */
function medianOf(read, rows) {
  const there = Float64Array.from(rows, read).filter((x) => !Number.isNaN(x)).sort();
  const half = there.length >> 1;
  if (!there.length) return 0;
  const [low, high] = [there[(there.length - 1) >> 1], there[half]];
  return low === high ? low : low / 2 + high / 2; // their sum could overflow
}

/** @param {Source} source @param {ArrayLike<number>} y @param {Int32Array} rows */
function targetScale(source, y, rows) {
  if (source.task === "classification" || source.ready || y.length !== source.rows) return null;
  return measured((row) => y[row], rows);
}

/**
 * @param {Float32Array|Float64Array} Y
 * @param {ArrayLike<number>} y
 * @param {Int32Array} origin
 * @param {Source} source
 * @param {{mean: number, scale: number}|null} scale
 */
function fillTargets(Y, y, origin, source, scale) {
  const width = y.length / source.rows;
  origin.forEach((row, n) => {
    for (let k = 0; k < width; k++) {
      const value = y[row * width + k];
      Y[n * width + k] = scale ? (value - scale.mean) / scale.scale : value;
    }
  });
}
