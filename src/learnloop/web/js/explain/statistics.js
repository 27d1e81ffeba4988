// What one update says about each layer: norms of gradients, weights and changes, and the units that are stuck.

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Limits} Limits
 * @typedef {import("./description.js").Watched} Watched
 * @typedef {import("./moment.js").Moment} Moment
 * @typedef {import("../engine/arena.js").Numbers} Numbers
 *
 * @typedef {object} Units  which units ...
 * @property {boolean[]} off  gave 0 with a slope of 0, for every row of the batch
 * @property {boolean[]} alive  passed a gradient on or gave something
 * @property {boolean[]} saturated  were flat for most rows, away from 0
 *
 * @typedef {object} Norms
 * @property {string} name
 * @property {number} gradient  norm of the gradient of all its parameters
 * @property {number} weightGradient  root mean square of the gradient of its weights
 * @property {number} weight  norm of its weights before the update
 * @property {number} change  norm of what the update changed of them
 * @property {number} updateRatio  of the two; NaN for weights that are all 0
 * @property {number} activation  mean size of its activations
 *
 * @typedef {Norms & Units} LayerStatistics
 *
 * @typedef {object} UpdateStatistics
 * @property {number} update
 * @property {number} rows
 * @property {number} loss
 * @property {number} gradient  norm of the gradient of all parameters
 * @property {LayerStatistics[]} layers  with weights, first to last
 */

/**
 * The statistics of one update.
 * @param {Moment} moment
 * @returns {UpdateStatistics}
 */
export function statisticsOf(moment) {
  const { structure } = moment.description.data;
  const layers = structure.layers.flatMap((layer) =>
    layer.watched ? [layerOf(moment, layer.name, layer.activation, layer.watched)] : [],
  );
  const gradient = Math.hypot(...layers.map((layer) => layer.gradient));
  return { update: moment.update, rows: moment.rows.length, loss: moment.loss, gradient, layers };
}

/**
 * @param {Moment} moment
 * @param {string} name
 * @param {string} activation
 * @param {Watched} watched
 * @returns {LayerStatistics}
 */
function layerOf(moment, name, activation, watched) {
  const { data, valueOf } = moment.description;
  const of = new Map(data.parameters.map((p) => [p.tensor, p.gradient]));
  const read = (/** @type {string|undefined} */ tensor) => moment.view(/** @type {string} */ (tensor)).dense();
  const gradients = watched.weights.map((w) => read(of.get(w)));
  const count = gradients.reduce((total, values) => total + values.length, 0);
  const weight = norm(watched.weights.map(read));
  const change = norm(watched.weights.map((w) => differences(read(valueOf.get(w)), read(w))));
  const size = read(activation);
  return {
    name,
    gradient: norm(watched.parameters.map((p) => read(of.get(p)))),
    weightGradient: norm(gradients) / Math.sqrt(Math.max(1, count)),
    weight,
    change,
    updateRatio: weight ? change / weight : NaN,
    activation: meanSize(size),
    ...units(moment, watched, size, name !== data.structure.output),
  };
}

/**
 * The states of all units, from how much of the gradient each passes on for each row.
 * @param {Moment} moment
 * @param {Watched} watched
 * @param {Numbers} activation
 * @param {boolean} hidden  an output at the end of its range may be just what is asked for
 * @returns {Units}
 */
function units(moment, { delta, above }, activation, hidden) {
  const rows = moment.rows.length;
  const count = activation.length / rows;
  const none = Array.from({ length: count }, () => false);
  if (delta === null || above === null) return { off: none, alive: none, saturated: none };
  const [passed, heard] = [moment.view(delta).dense(), moment.view(above).dense()];
  const found = none.map((_, unit) => unitOf(moment, { passed, heard, activation, rows, count, unit }));
  return {
    off: found.map((u) => u.heard && u.silent),
    alive: found.map((u) => u.heard && !u.silent),
    saturated: found.map((u) => hidden && u.stuck),
  };
}

/**
 * @param {Moment} moment
 * @param {{passed: Numbers, heard: Numbers, activation: Numbers, rows: number, count: number, unit: number}} layer
 */
function unitOf({ description: { limits }, dtype }, { passed, heard, activation, rows, count, unit }) {
  const real = dtype === "float32" ? Math.fround : (/** @type {number} */ x) => x;
  const [faint, edge] = [real(limits.faint), real(limits.flat)];
  let [known, flat, away, silent] = [0, 0, false, true];
  for (let k = unit; k < rows * count; k += count) {
    const above = Math.abs(heard[k]);
    const isKnown = above > faint;
    const isFlat = isKnown && Math.abs(passed[k]) < real(edge * above);
    const size = Math.abs(activation[k]);
    known += Number(isKnown);
    flat += Number(isFlat);
    away ||= isFlat && size > edge;
    silent &&= (isFlat || !isKnown) && size <= edge;
  }
  return { heard: known > 0, silent, stuck: flat >= limits.most_rows * Math.max(known, 1) && away };
}

/**
 * @param {Numbers} a
 * @param {Numbers} b
 */
function differences(a, b) {
  return Float64Array.from(a, (value, k) => value - b[k]);
}

/** @param {Numbers} values */
function meanSize(values) {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += Math.abs(values[k]);
  return total / values.length;
}

/**
 * The Euclidean norm of all numbers together; infinite where it overflows.
 * @param {Numbers[]} parts
 */
function norm(parts) {
  let squares = 0;
  for (const part of parts) for (let k = 0; k < part.length; k++) squares += part[k] * part[k];
  return Math.sqrt(squares);
}
