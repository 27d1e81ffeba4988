// Which columns the stage has, and which neurons of a large layer are shown: the strongest.

import { sizesOf } from "./ranked.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("./stage-layout.js").Wanted} Wanted
 */

/** Layers with more units than these are ranked: smaller ones are shown whole. */
const WHOLE = 16;
/** Up to so many names have room. */
const NAMED = 200;

/** @param {any} kit */
export const weighty = (kit) => kit.layers.filter((/** @type {any} */ l) => l.parameters.weight);

/** @param {State} state @param {boolean} narrow @returns {Wanted[]} */
export function columnsOf(state, narrow) {
  const { kit, data } = /** @type {Shown} */ (state.run);
  const columnNames = data.columns.map((/** @type {any} */ c) => c.name);
  const one = (/** @type {any} */ kind, /** @type {string} */ title) => ({ name: "", units: 1, kind, title, order: [0], names: /** @type {const} */ ("") });
  const image = data.image_shape !== null && kit.inputs > 12;
  const inputs = image
    ? one("image", `${data.image_shape.join(" × ")} pixels`)
    : { name: "", units: kit.inputs, kind: /** @type {const} */ ("inputs"), title: kit.inputs === 1 ? "input" : "inputs", order: inputOrder(state), label: widthOf(columnNames), names: kit.inputs <= NAMED ? /** @type {const} */ ("before") : /** @type {const} */ ("") };
  const layers = weighty(kit);
  const shown = layers.map((/** @type {any} */ l, /** @type {number} */ k) => {
    const last = k === layers.length - 1;
    return { name: l.name, units: l.width, kind: /** @type {const} */ ("layer"), title: last ? "output" : l.name, order: last ? whole(l.width) : order(state, l), label: Math.max(62, widthOf(data.targets)), names: last && l.width <= NAMED ? /** @type {const} */ ("after") : /** @type {const} */ ("") };
  });
  const begin = narrow ? [] : [one("data", "data")];
  return [...begin, inputs, ...shown, one("loss", "loss")];
}

/** Nearly, in a font of 11.5 pixels. @param {string[]} names */
const widthOf = (names) => 14 + 6.8 * Math.max(1, ...names.map((name) => name.length));

/** @param {number} units */
const whole = (units) => Array.from({ length: units }, (_, k) => k);

/** The units of a layer, those with the largest weights first. @param {State} state @param {any} layer */
function order(state, layer) {
  const units = Array.from({ length: layer.width }, (_, k) => k);
  if (layer.width <= WHOLE) return units;
  const sizes = sizesOf(state.picture.layers.find((/** @type {any} */ l) => l.name === layer.name), "weight");
  units.sort((a, b) => sizes[b] - sizes[a]);
  const { selection } = state;
  if (selection?.kind === "neuron" && selection.layer === layer.name) units.unshift(...units.splice(units.indexOf(selection.unit), 1));
  return units;
}

/** Inputs by the length of the weights that they are read with. @param {State} state */
function inputOrder(state) {
  const { kit } = /** @type {Shown} */ (state.run);
  const units = Array.from({ length: kit.inputs }, (_, k) => k);
  const first = state.picture.layers.find((/** @type {any} */ l) => l.weight);
  if (kit.inputs <= WHOLE || !first) return units;
  const sizes = new Float64Array(kit.inputs);
  for (let k = 0; k < first.weight.length; k++) sizes[Math.floor(k / first.width)] += first.weight[k] ** 2;
  return units.sort((a, b) => sizes[b] - sizes[a]);
}

/** Which neurons would be shown, as a key: it changes only where layers are too large. @param {State} state */
export function rankKey(state) {
  const { inputs } = /** @type {Shown} */ (state.run).kit;
  const first = inputs > WHOLE && inputs <= NAMED ? inputOrder(state).slice(0, WHOLE).sort((a, b) => a - b).join() : "";
  const large = weighty(state.run?.kit).slice(0, -1).filter((/** @type {any} */ l) => l.width > WHOLE);
  return large.map((/** @type {any} */ l) => order(state, l).slice(0, WHOLE).sort((a, b) => a - b).join()).join("|") + first;
}
