// The inputs that pictures are computed for: a grid over the plane, or a line, around the data.

/**
 * @typedef {object} Plane
 * @property {[number, number][]} domain  of each input, as people know it
 * @property {{columns: number, rows: number, X: Float32Array}} grid  for neurons
 * @property {{columns: number, rows: number, X: Float32Array}} map  for the large view
 */

const MARGIN = 0.12;

/**
 * @param {any} examples  as the worker gives them
 * @returns {Plane|null}  null for more than two inputs
 */
export function planeOf(examples) {
  const inputs = examples.scales.length;
  if (inputs > 2) return null;
  const domain = examples.scales.map((/** @type {any} */ _, /** @type {number} */ k) => extent(examples.raw, inputs, k));
  const scaled = (/** @type {number} */ k, /** @type {number} */ x) => (x - examples.scales[k].mean) / examples.scales[k].scale;
  const make = (/** @type {number} */ columns, /** @type {number} */ rows) => ({ columns, rows, X: points(domain, columns, rows, scaled) });
  return inputs === 1 ? { domain, grid: make(61, 1), map: make(201, 1) } : { domain, grid: make(30, 30), map: make(84, 84) };
}

/** @param {Float64Array} raw @param {number} inputs @param {number} k @returns {[number, number]} */
function extent(raw, inputs, k) {
  let [low, high] = [Infinity, -Infinity];
  for (let n = k; n < raw.length; n += inputs) if (!Number.isNaN(raw[n])) [low, high] = [Math.min(low, raw[n]), Math.max(high, raw[n])];
  const margin = (high - low || 1) * MARGIN;
  return [low - margin, high + margin];
}

/**
 * The first row is the top: the second input falls.
 * @param {[number, number][]} domain
 * @param {number} columns
 * @param {number} rows
 * @param {(k: number, x: number) => number} scaled
 */
function points(domain, columns, rows, scaled) {
  const inputs = domain.length;
  const X = new Float32Array(columns * rows * inputs);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const k = (r * columns + c) * inputs;
      X[k] = scaled(0, domain[0][0] + ((c + 0.5) / columns) * (domain[0][1] - domain[0][0]));
      if (inputs > 1) X[k + 1] = scaled(1, domain[1][1] - ((r + 0.5) / rows) * (domain[1][1] - domain[1][0]));
    }
  return X;
}
