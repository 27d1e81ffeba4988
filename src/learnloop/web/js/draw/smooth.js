// Curves with no more points than there are pixels.

/**
 * Means of stretches of the losses of a run, each at the middle of its stretch.
 * @param {{updates: number, losses: ArrayLike<number>}} run
 * @param {number} most
 * @returns {[number, number][]}
 */
export function smooth(run, most) {
  const stretch = Math.max(1, Math.ceil(run.updates / most));
  /** @type {[number, number][]} */
  const found = [];
  for (let start = 0; start < run.updates; start += stretch) {
    const stop = Math.min(run.updates, start + stretch);
    let total = 0;
    for (let k = start; k < stop; k++) total += run.losses[k];
    found.push([(start + stop) / 2, total / (stop - start)]);
  }
  return found;
}
