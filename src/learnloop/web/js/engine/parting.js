// Where two runs part: the first update whose loss differs, and the first before which their weights do.

/**
 * @typedef {import("./course.js").Course} Course
 * @typedef {import("./machine.js").Machine} Machine
 *
 * @typedef {object} Parting
 * @property {number|null} loss  the first update whose loss differs; null where none does
 * @property {number|null} weights  the first update that starts from different weights; null where none does
 * @property {boolean} comparable  whether their weights are of the same shapes
 */

/**
 * @param {Course} one
 * @param {Machine} first
 * @param {Course} other
 * @param {Machine} second
 * @returns {Parting}
 */
export function parting(one, first, other, second) {
  const common = Math.min(one.updates, other.updates);
  const loss = firstThat(0, common, (k) => !Object.is(one.losses[k], other.losses[k]));
  if (shapes(one) !== shapes(other)) return { loss, weights: 0, comparable: false };
  const differ = (/** @type {number} */ update) => !same(weights(one, first, update), weights(other, second, update));
  return { loss, weights: firstDifferent(loss ?? common, common, differ), comparable: true };
}

/** @param {number} start @param {number} stop @param {(k: number) => boolean} test */
function firstThat(start, stop, test) {
  for (let k = start; k < stop; k++) if (test(k)) return k;
  return null;
}

/**
 * Weights that have parted do not meet again, so halving finds where they did.
 * @param {number} known  losses are the same before it
 * @param {number} last
 * @param {(update: number) => boolean} differ
 */
function firstDifferent(known, last, differ) {
  // a batch may differ where the weights do not yet: the update after it starts apart
  let high = differ(known) ? known : Math.min(last, known + 1);
  if (!differ(high)) return null;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (differ(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param {Course} course */
const shapes = (course) => JSON.stringify([course.kit.header.dtype, course.kit.header.parameters.map((p) => p.dims)]);

/** @param {Course} course @param {Machine} machine @param {number} update */
function weights(course, machine, update) {
  course.goTo(machine, update);
  return course.kit.header.parameters.map((p) => machine.arena.view(p.tensor).dense());
}

/** @param {import("./arena.js").Numbers[]} a @param {import("./arena.js").Numbers[]} b */
const same = (a, b) => a.every((values, k) => values.every((value, i) => Object.is(value, b[k][i])));
