// Rows to learn from and rows to test on, chosen as Python's `learnloop.data.split` chooses them.

import { word } from "./random.js";

const PURPOSE_SPLIT = 0x73706c74; // "splt"

/**
 * The numbers 0..rows-1 in random order (Durstenfeld 1964).
 * @param {number} rows
 * @param {bigint|number} seed
 */
export function shuffled(rows, seed) {
  const order = Int32Array.from({ length: rows }, (_, k) => k);
  for (let i = rows - 1; i > 0; i--) {
    const j = Number((BigInt(word(seed, PURPOSE_SPLIT, 0, 0, i)) * BigInt(i + 1)) >> 32n);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * @param {number} rows  at least 2
 * @param {number} share  of the rows, to test on
 * @param {bigint|number} seed
 * @param {Int32Array|null} labels  take from every class its share
 * @returns {{train: Int32Array, test: Int32Array}}
 */
export function split(rows, share, seed, labels) {
  const order = shuffled(rows, seed);
  const count = Math.min(Math.max(Math.floor(share * rows + 0.5), 1), rows - 1);
  if (!labels) return { train: order.slice(count), test: order.slice(0, count) };
  const tested = testedOf(order.map((row) => labels[row]), count);
  return { train: order.filter((_, k) => !tested[k]), test: order.filter((_, k) => tested[k]) };
}

/**
 * The first rows of every class, as many as its share of the count.
 * @param {Int32Array} groups  the class of each row, in random order
 * @param {number} count
 */
function testedOf(groups, count) {
  const names = [...new Set(groups)].sort((a, b) => a - b);
  const sizes = names.map((name) => groups.filter((g) => g === name).length);
  const first = names.map((name) => groups.indexOf(name));
  const left = new Map(names.map((name, k) => [name, quotas(sizes, first, count)[k]]));
  return groups.map((g) => {
    const rest = left.get(g) ?? 0;
    left.set(g, rest - 1);
    return rest > 0 ? 1 : 0;
  });
}

/**
 * How many each class gives: its exact share rounded down, the rest to the largest remainders (Hamilton's method).
 * @param {number[]} sizes
 * @param {number[]} first  where each class first occurs: ties go by it
 * @param {number} count
 */
function quotas(sizes, first, count) {
  const rows = sizes.reduce((a, b) => a + b, 0);
  const found = sizes.map((size) => Math.floor((size * count) / rows));
  const remainder = sizes.map((size) => (size * count) % rows);
  const turn = sizes.map((_, k) => k).sort((a, b) => late(a) - late(b) || remainder[b] - remainder[a] || first[a] - first[b]);
  for (const k of turn.slice(0, count - found.reduce((a, b) => a + b, 0))) found[k] += 1;
  return found;

  /** A class that would lose its last training row waits. @param {number} k */
  function late(k) {
    return Number(sizes[k] - Math.floor((sizes[k] * count) / rows) === 1);
  }
}
