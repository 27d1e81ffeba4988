// A sum as people read it: printed numbers that add up digit by digit. The same as Python's learnloop/runs/render.py.

import { Rational } from "../explain/rational.js";

/**
 * @typedef {object} Entry
 * @property {Rational} value
 * @property {string} label
 *
 * @typedef {{before: string, after: string, change: string, numbers: string[]}} Sheet
 */

const MOST_DECIMALS = 30;

/** What Python's fractions write. @param {string} text  "-3/4", "2" */
export function fraction(text) {
  const [n, d = "1"] = text.split("/");
  return new Rational(BigInt(n), 0, BigInt(d));
}

/**
 * The printed numbers, all with as many decimals as the rounding needs to show. The change is the difference of the two
 * printed values, and the rounding takes the last digit that this leaves.
 * @param {object} told
 * @param {Rational} told.before
 * @param {Rational} told.after
 * @param {Rational[]} told.entries  the rounding last
 * @param {number} told.bound
 * @param {boolean} told.ticks
 * @returns {Sheet}
 */
export function sheet({ before, after, entries, bound, ticks }) {
  const decimals = decimalsFor(Math.abs(entries[entries.length - 1].toNumber()) || bound);
  const [from, to] = [rounded(before, decimals), rounded(after, decimals)];
  const whole = entries.map((entry) => rounded(entry, decimals));
  if (ticks) whole[whole.length - 1] = to - from - whole.slice(0, -1).reduce((a, b) => a + b, 0n);
  return { before: print(from, decimals), after: print(to, decimals), change: print(to - from, decimals), numbers: whole.map((w) => print(w, decimals)) };
}

/** @param {number} seen */
const decimalsFor = (seen) => (seen > 0 ? Math.min(MOST_DECIMALS, Math.max(6, 1 - Math.floor(Math.log10(seen)))) : MOST_DECIMALS);

/** The nearest whole number of units of the last decimal, of two as near the even one. @param {Rational} value @param {number} decimals */
function rounded({ n, e, d }, decimals) {
  const up = n * 10n ** BigInt(decimals) * (e > 0 ? 1n << BigInt(e) : 1n);
  const down = d * (e < 0 ? 1n << BigInt(-e) : 1n);
  const size = up < 0n ? -up : up;
  const [whole, rest] = [size / down, size % down];
  const twice = 2n * rest;
  const found = twice > down || (twice === down && whole & 1n) ? whole + 1n : whole;
  return up < 0n ? -found : found;
}

/** @param {bigint} whole @param {number} decimals */
function print(whole, decimals) {
  const digits = String(whole < 0n ? -whole : whole).padStart(decimals + 1, "0");
  return `${whole < 0n ? "−" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
