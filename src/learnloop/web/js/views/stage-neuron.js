// What one neuron looks like: over the plane, over a line, as the patch of its weights, or over the rows of the batch.

import { heat, line } from "../draw/canvas.js";
import { themed } from "../draw/colour.js";
import { short } from "../draw/format.js";
import { ink, thumbnail } from "../draw/thumbnail.js";

/**
 * @typedef {import("../draw/colour.js").Scale} Scale
 * @typedef {import("../state/explorer.js").State} State
 */

/**
 * Draws it; gives what it shows in words.
 * @param {HTMLCanvasElement} canvas
 * @param {State} state
 * @param {import("./stage-layout.js").Column} column
 * @param {number} unit
 * @param {Scale} scale
 */
export function paintNeuron(canvas, state, column, unit, scale) {
  const run = /** @type {import("../state/explorer.js").Shown} */ (state.run);
  if (column.kind === "image") return paintImage(canvas, state);
  const name = column.kind === "inputs" ? run.data.columns[unit].name : `${column.layer}, neuron ${unit}`;
  if (run.plane) paintPlane(canvas, state, column, unit, scale);
  else if (column.kind === "layer" && run.data.image_shape && isFirst(run, column.layer)) paintPatch(canvas, state, column.layer, unit, scale);
  else if (column.kind === "layer" && layerOf(state, column.layer).typical) paintTypical(canvas, state, column.layer, unit);
  else paintStrip(canvas, state, column, unit, scale);
  return `${name}${valueOf(state, column, unit)}`;
}

/** @param {any} run @param {string} layer */
const isFirst = (run, layer) => run.kit.layers.find((/** @type {any} */ l) => l.parameters.weight)?.name === layer;

/** @param {State} state @param {string} layer */
function layerOf(state, layer) {
  return state.picture.layers.find((/** @type {any} */ l) => l.name === layer);
}

/** Mean over the batch, in words. @param {State} state @param {any} column @param {number} unit */
function valueOf(state, column, unit) {
  if (column.kind !== "layer") return "";
  const { activation, width } = layerOf(state, column.layer);
  if (!activation) return "";
  let total = 0;
  for (let k = unit; k < activation.length; k += width) total += activation[k];
  return `: on average ${short((total * width) / activation.length)} in this batch`;
}

/** @type {WeakMap<object, number>} */
const largest = new WeakMap();

/** The largest size of values that do not change. @param {ArrayLike<number> & object} values */
export function reach(values) {
  const known = largest.get(values);
  if (known !== undefined) return known;
  let most = 0;
  for (let k = 0; k < values.length; k++) most = Math.max(most, Math.abs(values[k]));
  largest.set(values, most);
  return most;
}

/** The largest size of some values, by the range that the page compares over. @param {State} state @param {any} layer @param {number} unit @param {"grid"|"activation"} what */
export function top(state, layer, unit, what) {
  const chosen = state.range === "network" ? state.picture.layers : [layer];
  let most = 0;
  for (const one of chosen) {
    const values = one[what];
    if (!values) continue;
    if (state.range !== "local") most = Math.max(most, reach(values));
    else for (let k = unit; k < values.length; k += one.width) most = Math.max(most, Math.abs(values[k]));
  }
  return most || 1;
}

/** @param {State} state @param {any} column @param {number} unit @returns {(k: number) => number} of a point of the grid */
export function overPlane(state, column, unit) {
  const run = /** @type {import("../state/explorer.js").Shown} */ (state.run);
  const plane = /** @type {import("../state/plane.js").Plane} */ (run.plane);
  const last = run.kit.layers.at(-1).name === column.layer;
  if (column.kind === "inputs") {
    const inputs = run.kit.inputs;
    const most = plane.grid.X.reduce((m, x, k) => (k % inputs === unit ? Math.max(m, Math.abs(x)) : m), 1e-9);
    return (k) => plane.grid.X[k * inputs + unit] / most;
  }
  const layer = layerOf(state, column.layer);
  if (last && run.data.task === "classification") {
    const { outputs } = state.picture;
    return (k) => 2 * outputs[k * layer.width + unit] - 1;
  }
  const most = top(state, layer, unit, "grid");
  return (k) => layer.grid[k * layer.width + unit] / most;
}

/** @param {HTMLCanvasElement} canvas @param {State} state @param {any} column @param {number} unit @param {Scale} scale */
function paintPlane(canvas, state, column, unit, scale) {
  const { columns, rows } = /** @type {import("../state/plane.js").Plane} */ (state.run?.plane).grid;
  const value = overPlane(state, column, unit);
  if (rows > 1) return heat(canvas, columns, rows, value, scale);
  line(canvas, Float32Array.from({ length: columns }, (_, k) => value(k)), themed("--plus-line"), themed("--line"));
}

/** The weights of a neuron as an image. @param {HTMLCanvasElement} canvas @param {State} state @param {string} name @param {number} unit @param {Scale} scale */
function paintPatch(canvas, state, name, unit, scale) {
  const layer = layerOf(state, name);
  const [rows, columns] = state.run?.data.image_shape;
  let most = state.range === "local" ? 1e-9 : reach(layer.weight) || 1e-9;
  if (state.range === "local") for (let k = unit; k < layer.weight.length; k += layer.width) most = Math.max(most, Math.abs(layer.weight[k]));
  heat(canvas, columns, rows, (k) => layer.weight[k * layer.width + unit] / most, scale);
}

/** The mean of the images that a neuron answers most to. @param {HTMLCanvasElement} canvas @param {State} state @param {string} name @param {number} unit */
function paintTypical(canvas, state, name, unit) {
  const { typical } = layerOf(state, name);
  const [rows, columns] = state.run?.data.image_shape;
  const image = typical.subarray(unit * rows * columns, (unit + 1) * rows * columns);
  let most = 1e-9;
  for (const x of image) most = Math.max(most, Math.abs(x));
  ink(canvas, columns, rows, (k) => image[k] / most);
}

/** The image that is looked at, or the first one of the batch. @param {HTMLCanvasElement} canvas @param {State} state */
function paintImage(canvas, state) {
  const run = /** @type {import("../state/explorer.js").Shown} */ (state.run);
  const row = state.row ?? state.picture.rows[0] ?? 0;
  thumbnail(canvas, run, row);
  return state.row === null ? `the first image of this batch, row ${row}` : `the chosen image, row ${row}`;
}

/** Activations of the rows of the batch, as stripes. @param {HTMLCanvasElement} canvas @param {State} state @param {any} column @param {number} unit @param {Scale} scale */
function paintStrip(canvas, state, column, unit, scale) {
  const { run, picture } = state;
  if (column.kind === "inputs") {
    const inputs = run?.kit.inputs;
    const values = Array.from(picture.rows, (/** @type {number} */ row) => run?.examples.X[row * inputs + unit]);
    const most = (state.range === "local" ? reach(values) : reach(run?.examples.X)) || 1;
    return heat(canvas, Math.max(1, values.length), 1, (k) => (values[k] ?? 0) / most, scale);
  }
  const layer = layerOf(state, column.layer);
  const most = top(state, layer, unit, "activation");
  const rows = Math.max(1, picture.rows.length);
  heat(canvas, rows, 1, (k) => (layer.activation?.[k * layer.width + unit] ?? 0) / most, scale);
}
