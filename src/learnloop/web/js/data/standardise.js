// Columns to mean 0 and standard deviation 1, with the bits of Python's `Standardiser`.

const BLOCK = 512; // rows summed at a time: part of the definition, since it fixes the order of the sum
const TINY = 2 ** -1022; // the smallest normal number

/** The power of two above a number: x = m * 2^e with 1/2 <= m < 1. @param {number} x */
function exponent(x) {
  if (x === 0) return 0;
  let e = Math.max(-1074, Math.floor(Math.log2(x)) + 1);
  while (x >= ldexp(1, e)) e++;
  while (x < ldexp(1, e - 1)) e--;
  return e;
}

/** x * 2^e, by two exact factors where one would not be a number. @param {number} x @param {number} e */
function ldexp(x, e) {
  const half = Math.trunc(e / 2);
  return x * 2 ** half * 2 ** (e - half);
}

/**
 * A mean and a positive scale for one column, measured on some rows.
 * @param {(row: number) => number} read
 * @param {Int32Array} rows
 * @returns {{mean: number, scale: number}}
 */
export function measured(read, rows) {
  const origin = read(rows[0]);
  let largest = 0;
  for (const row of rows) largest = Math.max(largest, Math.abs(read(row) - origin));
  const e = exponent(largest);
  const mean = origin + ldexp(average(rows, (row) => ldexp(read(row) - origin, -e)), e);
  const spread = ldexp(Math.sqrt(average(rows, (row) => ldexp(read(row) - mean, -e) ** 2)), e);
  return { mean, scale: spread < TINY ? 1 : spread };
}

/**
 * @param {Int32Array} rows
 * @param {(row: number) => number} value
 */
function average(rows, value) {
  let total = 0;
  for (let start = 0; start < rows.length; start += BLOCK) {
    total += treeSum(Array.from(rows.subarray(start, start + BLOCK), value));
  }
  return total / rows.length;
}

/** The upper half added to the lower until one is left. @param {number[]} values */
function treeSum(values) {
  while (values.length > 1) {
    const half = Math.floor((values.length + 1) / 2);
    for (let k = half; k < values.length; k++) values[k - half] += values[k];
    values.length = half;
  }
  return values[0];
}
