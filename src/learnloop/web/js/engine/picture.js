// What is drawn of a run at an update: weights, their gradients and changes, activations, predictions.

/**
 * @typedef {import("./arena.js").Arena} Arena
 * @typedef {import("./arena.js").Numbers} Numbers
 * @typedef {import("./course.js").Course} Course
 * @typedef {import("./machine.js").Machine} Machine
 *
 * @typedef {object} LayerPicture
 * @property {string} name
 * @property {number} width
 * @property {Numbers|null} weight  before the update, (inputs, units)
 * @property {Numbers|null} bias
 * @property {Numbers|null} gradient  of the weight
 * @property {Numbers|null} biasGradient
 * @property {Numbers|null} change  of the weight, in this update
 * @property {Numbers|null} biasChange
 * @property {Numbers|null} activation  for the rows of the batch, (rows, units)
 * @property {Numbers|null} preActivation
 * @property {Numbers|null} delta
 * @property {Numbers|null} grid  activation over the input plane or line, (points, units)
 * @property {Float32Array|null} typical  the mean of the inputs that each unit answers most to, (units, inputs)
 *
 * @typedef {object} Picture
 * @property {number} update  the state is the one before it
 * @property {number} moment  the update whose batch, gradients and changes are shown
 * @property {number} loss  of that batch
 * @property {number} rate  the learning rate
 * @property {Int32Array} rows  of the batch
 * @property {LayerPicture[]} layers
 * @property {Numbers|null} outputs  for the grid, (points, outputs)
 * @property {Numbers|null} predictions  for all examples, (examples, outputs)
 *
 * @typedef {object} Wants
 * @property {Float32Array|Float64Array|null} [grid]  inputs of points, scaled, (points, inputs)
 * @property {Float32Array|Float64Array|null} [map]  more points, of which only the output is wanted
 * @property {boolean} [predictions]
 * @property {Int32Array|null} [sample]  examples among which each unit's strongest inputs are found
 * @property {boolean} [moment]  whether gradients, changes and the batch are wanted
 */

/** So many inputs make the mean of what a unit answers most to. */
const STRONGEST = 8;

/**
 * @param {Course} course
 * @param {Machine} fast
 * @param {Machine} glass
 * @param {number} update
 * @param {Wants} wants
 * @returns {Picture & {map: Numbers|null}}
 */
export function picture(course, fast, glass, update, wants) {
  const kit = course.kit.header;
  const moment = Math.max(0, Math.min(update, course.updates - 1, (course.diverged ?? Infinity) - 1));
  const before = course.goTo(fast, update);
  const layers = kit.layers.map((/** @type {any} */ layer) => weightsOf(layer, fast));
  /** @type {Picture & {map: Numbers|null}} */
  const found = {
    update, moment, loss: course.losses[moment] ?? NaN, rate: NaN, rows: new Int32Array(0), layers,
    outputs: null, predictions: null, map: null,
  };
  if (wants.map) found.map = outputsOf(fast, kit.predicted, wants.map, kit);
  if (wants.predictions) found.predictions = predictions(course, fast, kit);
  if (wants.moment && course.updates > 0) {
    const start = moment === update ? before : course.goTo(fast, moment);
    addMoment(found, course, course.replay(glass, moment, start), glass.opened(start));
  }
  if (wants.grid) addGrid(found, glass, before, wants.grid, course);
  if (wants.sample) addTypical(found, glass, before, wants.sample, course);
  return found;
}

/**
 * @param {any} layer
 * @param {Machine} machine
 * @returns {LayerPicture}
 */
function weightsOf(layer, machine) {
  const dense = (/** @type {string|undefined} */ tensor) => (tensor ? machine.arena.view(tensor).dense() : null);
  return {
    name: layer.name, width: layer.width, weight: dense(layer.parameters.weight), bias: dense(layer.parameters.bias),
    gradient: null, biasGradient: null, change: null, biasChange: null,
    activation: null, preActivation: null, delta: null, grid: null, typical: null,
  };
}

/**
 * @param {Picture} found
 * @param {Course} course
 * @param {Arena} arena  after the update
 * @param {Arena} old  parameters and states before it
 */
function addMoment(found, course, arena, old) {
  const { layers, parameters } = course.kit.header;
  const count = Math.min(course.batch, course.data.learn.length - (found.moment % course.perEpoch) * course.batch);
  found.rows = Int32Array.from(arena.view("row", count).data.subarray(0, count));
  const gradient = new Map(parameters.map((p) => [p.tensor, p.gradient]));
  layers.forEach((/** @type {any} */ layer, /** @type {number} */ k) => {
    const into = found.layers[k];
    const rows = (/** @type {string|null} */ tensor) => (tensor && arena.has(tensor) ? arena.view(tensor, count).dense() : null);
    Object.assign(into, { activation: rows(layer.activation), preActivation: rows(layer.pre_activation), delta: rows(layer.delta) });
    for (const [label, of] of [["weight", ["gradient", "change"]], ["bias", ["biasGradient", "biasChange"]]]) {
      const tensor = layer.parameters[/** @type {string} */ (label)];
      if (!tensor) continue;
      const found_gradient = arena.view(/** @type {string} */ (gradient.get(tensor))).dense();
      Object.assign(into, { [of[0]]: found_gradient, [of[1]]: difference(arena.view(tensor).dense(), old.view(tensor).dense()) });
    }
  });
  found.rate = arena.has("rate") ? arena.view("rate").data[0] : NaN;
}

/** @param {Numbers} after @param {Numbers} before */
const difference = (after, before) => after.map((value, k) => value - before[k]);

/**
 * Every neuron for points of the input plane.
 * @param {Picture} found
 * @param {Machine} glass
 * @param {Uint8Array} before
 * @param {Float32Array|Float64Array} grid
 * @param {Course} course
 */
function addGrid(found, glass, before, grid, course) {
  const kit = course.kit.header;
  if (glass.owner !== course) course.take(glass);
  glass.restore(before);
  const points = grid.length / kit.inputs;
  const Real = glass.width === 8 ? Float64Array : Float32Array;
  const kinds = kit.layers.map((/** @type {any} */ layer) => new Real(points * layer.width));
  const outputs = new Real(points * kit.outputs);
  glass.predict(grid, points, (arena, first, count) => {
    kit.layers.forEach((/** @type {any} */ layer, /** @type {number} */ k) => {
      if (arena.has(layer.activation)) kinds[k].set(arena.view(layer.activation, count).dense(), first * layer.width);
    });
    outputs.set(arena.view(kit.predicted, count).dense(), first * kit.outputs);
  });
  kinds.forEach((values, k) => (found.layers[k].grid = values));
  found.outputs = outputs;
}

/**
 * What each unit beyond the first layer looks for, as an input.
 * @param {Picture} found
 * @param {Machine} glass
 * @param {Uint8Array} before
 * @param {Int32Array} sample
 * @param {Course} course
 */
function addTypical(found, glass, before, sample, course) {
  const kit = course.kit.header;
  const { X } = course.data.examples;
  const inputs = new (glass.width === 8 ? Float64Array : Float32Array)(sample.length * kit.inputs);
  sample.forEach((row, k) => inputs.set(X.subarray(row * kit.inputs, (row + 1) * kit.inputs), k * kit.inputs));
  if (glass.owner !== course) course.take(glass);
  glass.restore(before);
  const deep = kit.layers.map((/** @type {any} */ layer, /** @type {number} */ k) => ({ layer, k })).filter(({ layer }) => layer.parameters.weight).slice(1);
  const values = deep.map(({ layer }) => new Float32Array(sample.length * layer.width));
  glass.predict(inputs, sample.length, (arena, first, count) =>
    deep.forEach(({ layer }, n) => arena.has(layer.activation) && values[n].set(arena.view(layer.activation, count).dense(), first * layer.width)));
  deep.forEach(({ layer, k }, n) => (found.layers[k].typical = strongest(values[n], layer.width, inputs, kit.inputs)));
}

/**
 * @param {Float32Array} values  (rows, units)
 * @param {number} units
 * @param {Numbers} X  (rows, inputs)
 * @param {number} inputs
 */
function strongest(values, units, X, inputs) {
  const rows = values.length / units;
  const mean = new Float32Array(units * inputs);
  const order = Array.from({ length: rows }, (_, n) => n);
  for (let unit = 0; unit < units; unit++) {
    order.sort((a, b) => values[b * units + unit] - values[a * units + unit]);
    const best = order.slice(0, STRONGEST);
    for (const n of best) for (let i = 0; i < inputs; i++) mean[unit * inputs + i] += X[n * inputs + i] / best.length;
  }
  return mean;
}

/**
 * @param {Machine} machine
 * @param {string} tensor
 * @param {Float32Array|Float64Array} X
 * @param {import("./machine.js").KitHeader} kit
 */
function outputsOf(machine, tensor, X, kit) {
  const rows = X.length / kit.inputs;
  const found = new (machine.width === 8 ? Float64Array : Float32Array)(rows * kit.outputs);
  machine.predict(X, rows, (arena, first, count) => found.set(arena.view(tensor, count).dense(), first * kit.outputs));
  return found;
}

/** @param {Course} course @param {Machine} machine @param {import("./machine.js").KitHeader} kit */
function predictions(course, machine, kit) {
  return outputsOf(machine, kit.predicted, course.data.examples.X, kit);
}
