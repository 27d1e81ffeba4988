// The stops of a knob: round numbers, so that one press of an arrow key is a step that means something.

const DECADE = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** Round numbers in even proportions. @param {number} low @param {number} high */
export function proportions(low, high) {
  const found = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e++) for (const digit of DECADE) found.push(Number((digit * 10 ** e).toPrecision(3)));
  return found.filter((v) => v >= low && v <= high);
}

/** @param {number} low @param {number} high @param {number} step */
export const even = (low, high, step) => Array.from({ length: Math.round((high - low) / step) + 1 }, (_, k) => Number((low + k * step).toPrecision(8)));

/** Whole numbers: each up to 8, then eight to a doubling at most. @param {number} low @param {number} high */
export function counts(low, high) {
  const found = new Set([low]);
  for (let value = low; value < high; value += Math.max(1, 2 ** Math.floor(Math.log2(value) - 2))) found.add(Math.round(value));
  return [...found.add(high)].sort((a, b) => a - b);
}
