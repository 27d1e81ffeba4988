// What things of a run are called, in plain words.

/**
 * @typedef {import("./explorer.js").Shown} Shown
 * @typedef {import("./explorer.js").Neuron} Neuron
 * @typedef {import("./explorer.js").Weight} Weight
 */

/** @type {WeakMap<object, Map<string, string|null>>} */
const sources = new WeakMap();

/** What a layer multiplies its weights with: "" for the inputs of the data, a layer, or null. @param {any} kit @param {string} layer @returns {string|null} */
export function sourceOf(kit, layer) {
  const known = sources.get(kit) ?? new Map();
  sources.set(kit, known);
  if (!known.has(layer)) known.set(layer, findSource(kit, layer));
  return known.get(layer) ?? null;
}

/** @param {any} kit @param {string} layer */
function findSource(kit, layer) {
  const z = kit.layers.find((/** @type {any} */ l) => l.name === layer)?.pre_activation;
  const statements = kit.program.functions.train.sections.flatMap((/** @type {any} */ s) => s.statements);
  const factors = statements.find((/** @type {any} */ s) => s.out === z)?.factors ?? [];
  const [tensor] = factors.map((/** @type {any} */ f) => f[0]).filter((/** @type {string} */ t) => !kit.parameters.some((/** @type {any} */ p) => p.tensor === t));
  if (kit.program.tensors[tensor]?.[0][0] === "data" || isCopy(statements, tensor)) return "";
  return kit.layers.find((/** @type {any} */ l) => l.activation === tensor)?.name ?? null;
}

/** Whether a tensor is the rows of the data that are in the batch. @param {any[]} statements @param {string} tensor */
function isCopy(statements, tensor) {
  const expr = statements.find((s) => s.out === tensor)?.expr;
  return Array.isArray(expr) && expr[0] === "read" && expr[1][0] === "X";
}

/** @param {{layer: string, unit: number}} neuron */
export const neuronName = ({ layer, unit }) => `neuron ${unit} of ${layer}`;

/** What comes into a layer at a place: an input of the data, or a neuron of the layer before. @param {Shown} run @param {string} layer @param {number} unit */
export function inputName(run, layer, unit) {
  const source = sourceOf(run.kit, layer);
  if (source === "") return run.data.columns[unit]?.name ?? `input ${unit}`;
  return source === null ? `input ${unit}` : `${source} ${unit}`;
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
const KINDS = {
  row: "what the rows of this batch ask for",
  state: "what the optimizer kept of earlier updates",
  weight: "what decay takes of the weight itself",
  frozen: "a term that is no sum over rows",
  rounding: "what the last digits leave",
};

/** What a kind of part stands for in a change: kept by momentum, where all that was kept is a velocity. @param {string} kind @param {import("../explain/change.js").ChangeData} change */
export function kindWords(kind, change) {
  const kept = change.parts.filter((p) => p.kind === "state");
  if (kind === "state" && kept.length === 1 && !change.frozen.length && kept[0].source.startsWith("old v")) return "what momentum kept of earlier updates";
  return KINDS[/** @type {keyof typeof KINDS} */ (kind)];
}

/** The neuron that a weight or bias belongs to; null for what has none. @param {Neuron|Weight} selection @param {any} kit @returns {Neuron|null} */
export function above(selection, kit) {
  if (selection.kind === "neuron") return null;
  const parameter = kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter);
  const layer = kit.layers.find((/** @type {any} */ l) => l.name === parameter?.layer);
  return layer?.pre_activation ? { kind: "neuron", layer: layer.name, unit: selection.place[selection.place.length - 1] } : null;
}
