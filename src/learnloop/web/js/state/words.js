// What things of a run are called, in plain words.

/**
 * @typedef {import("./explorer.js").Shown} Shown
 * @typedef {import("./explorer.js").Neuron} Neuron
 * @typedef {import("./explorer.js").Weight} Weight
 */

/** Layers with weights, first to last. @param {any} kit */
const weighty = (kit) => kit.layers.filter((/** @type {any} */ l) => l.parameters.weight);

/** @param {{layer: string, unit: number}} neuron */
export const neuronName = ({ layer, unit }) => `neuron ${unit} of ${layer}`;

/** What comes into a layer at a place: an input of the data, or a neuron of the layer before. @param {Shown} run @param {string} layer @param {number} unit */
export function inputName(run, layer, unit) {
  const k = weighty(run.kit).findIndex((/** @type {any} */ l) => l.name === layer);
  if (k <= 0) return run.data.columns[unit]?.name ?? `input ${unit}`;
  return `${weighty(run.kit)[k - 1].name} ${unit}`;
}

/** A weight in words; its name for what is neither weight nor bias of a neuron. @param {Shown} run @param {Weight} weight */
export function weightName(run, { parameter, place }) {
  const found = run.kit.parameters.find((/** @type {any} */ p) => p.name === parameter);
  if (!found) return parameter;
  if (place.length === 1) return `bias of ${neuronName({ layer: found.layer, unit: place[0] })}`;
  if (place.length === 2) return `from ${inputName(run, found.layer, place[0])} to ${neuronName({ layer: found.layer, unit: place[1] })}`;
  return `of ${found.layer}`;
}

/** The name of a row's class; "" for numbers. @param {Shown} run @param {number} row */
export function className(run, row) {
  if (run.data.task !== "classification") return "";
  return run.data.targets[classOf(run, row)] ?? `class ${classOf(run, row)}`;
}

/** @param {Shown} run @param {number} row */
export const classOf = (run, row) => (run.examples.labels ? run.examples.labels[row] : Math.round(run.examples.Y[row]));

/** A row's target as people know it, "class 1" or a number. @param {Shown} run @param {number} row */
export function targetOf(run, row) {
  if (run.data.task === "classification") return NaN;
  const { Y, target_scale: scale } = run.examples;
  return scale ? Y[row] * scale.scale + scale.mean : Y[row];
}

/** What kinds of parts stand for. */
export const KINDS = {
  row: "what the rows of this batch ask for",
  state: "what the optimizer kept of earlier updates",
  weight: "what decay takes of the weight itself",
  frozen: "a term that is no sum over rows",
  rounding: "what the last digits leave",
};

/** The neuron that a weight or bias belongs to; null for what has none. @param {Neuron|Weight} selection @param {any} kit @returns {Neuron|null} */
export function above(selection, kit) {
  if (selection.kind === "neuron") return null;
  const parameter = kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter);
  const layer = kit.layers.find((/** @type {any} */ l) => l.name === parameter?.layer);
  return layer?.pre_activation ? { kind: "neuron", layer: layer.name, unit: selection.place[selection.place.length - 1] } : null;
}
