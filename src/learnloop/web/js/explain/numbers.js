// The arithmetic of an explanation: rational numbers for one update, float64 for many.

import { Rational } from "./rational.js";

/**
 * @template N
 * @typedef {object} Numbers  what stored values become, and what is computed with them
 * @property {(value: number) => N} of
 * @property {(a: N, b: N) => N} add
 * @property {(a: N, b: N) => N} subtract
 * @property {(a: N, b: N) => N} multiply
 * @property {(a: N, b: N) => N} divide
 * @property {(a: N) => N} negate
 * @property {(a: N, b: N) => number} compare  negative, zero or positive
 * @property {(name: string, a: N) => N} call  a function of one number
 */

/** @type {Record<string, (x: number) => number>} */
export const FUNCTIONS = {
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  erf,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0),
};

/** @type {Numbers<Rational>} */
export const EXACT = {
  of: Rational.of,
  add: (a, b) => a.plus(b),
  subtract: (a, b) => a.minus(b),
  multiply: (a, b) => a.times(b),
  divide: (a, b) => a.over(b),
  negate: (a) => a.negative(),
  compare: (a, b) => a.compare(b),
  call: (name, a) => Rational.of(FUNCTIONS[name](a.toNumber())),
};

/** @type {Numbers<number>} */
export const DOUBLE = {
  of: (value) => value,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negate: (a) => -a,
  compare: (a, b) => a - b,
  call: (name, a) => FUNCTIONS[name](a),
};

/**
 * The error function: its series near 0, its continued fraction far from it, both to about one unit in the last place.
 * Abramowitz and Stegun, 7.1.6 and 7.1.14.
 * @param {number} x
 */
export function erf(x) {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size === Infinity) return Math.sign(x);
  const found = size < 2.5 ? series(size) : 1 - fraction(size);
  return x < 0 ? -found : found;
}

/** @param {number} x */
function series(x) {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18 * total; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return ((2 / Math.sqrt(Math.PI)) * total) / Math.exp(x * x);
}

/** @param {number} x */
function fraction(x) {
  let found = x;
  for (let n = 60; n > 0; n--) found = x + n / 2 / found;
  return 1 / (Math.exp(x * x) * Math.sqrt(Math.PI) * found);
}
