// Going through tensors step by step: what the interpreter spends its time on.

/**
 * @typedef {() => number} Get  a number where the axes are
 * @typedef {{base: number, steps: number[]}} Flat  where an access reads: base + steps · axes
 * @typedef {{value: Get, inside: () => boolean, flat: Flat|null, data: Float64Array}} Source
 */

/**
 * @param {Float64Array} data
 * @param {Flat} flat
 * @param {Int32Array} places
 * @returns {Get}
 */
export function reading(data, { base, steps }, places) {
  const used = [...steps.keys()].filter((axis) => steps[axis]);
  if (used.length === 0) return () => data[base];
  const [p, q] = used;
  if (used.length === 1) return () => data[base + steps[p] * places[p]];
  if (used.length === 2) return () => data[base + steps[p] * places[p] + steps[q] * places[q]];
  return () => data[used.reduce((k, axis) => k + steps[axis] * places[axis], base)];
}

/**
 * The sum of products along the innermost axis.
 * @param {Source[]} factors
 * @param {number} axis
 * @param {number} size
 * @returns {(places: Int32Array) => number}
 */
export function innermost(factors, axis, size) {
  const starts = factors.map(({ flat }) => start(/** @type {Flat} */ (flat)));
  const steps = factors.map(({ flat }) => /** @type {Flat} */ (flat).steps[axis]);
  const arrays = factors.map(({ data }) => data);
  if (factors.length === 2) return pairs(arrays, starts, steps, size);
  return (places) => {
    const at = starts.map((begin) => begin(places));
    let total = 0;
    for (let k = 0; k < size; k++) {
      let product = arrays[0][at[0] + k * steps[0]];
      for (let f = 1; f < arrays.length; f++) product *= arrays[f][at[f] + k * steps[f]];
      total += product;
    }
    return total;
  };
}

/**
 * The same for two factors: nearly all the time goes here.
 * @param {Float64Array[]} arrays
 * @param {((places: Int32Array) => number)[]} starts
 * @param {number[]} steps
 * @param {number} size
 * @returns {(places: Int32Array) => number}
 */
function pairs([left, right], [startLeft, startRight], [stepLeft, stepRight], size) {
  return (places) => {
    let [i, j, total] = [startLeft(places), startRight(places), 0];
    for (let k = 0; k < size; k++) {
      total += left[i] * right[j];
      i += stepLeft;
      j += stepRight;
    }
    return total;
  };
}

/**
 * Where a source begins, with the innermost axis at 0.
 * @param {Flat} flat
 * @returns {(places: Int32Array) => number}
 */
function start({ base, steps }) {
  const used = [...steps.keys()].filter((axis) => steps[axis]);
  return (places) => {
    let k = base;
    for (const axis of used) k += steps[axis] * places[axis];
    return k;
  };
}

/**
 * The next place in lexicographic order.
 * @param {Int32Array} places
 * @param {number[]} sizes
 * @param {number} first
 */
export function advance(places, sizes, first) {
  for (let k = sizes.length - 1; k >= 0; k--) {
    if (++places[first + k] < sizes[k]) return;
    places[first + k] = 0;
  }
}
