// What happens, in one sentence with this update's numbers: the caption shows it, and the live region speaks it.

import { count, short, signed } from "../draw/format.js";
import { momentOf } from "./asking.js";
import { above, className, classOf, kindWords, neuronName, weightName } from "./words.js";

/**
 * @typedef {import("./explorer.js").State} State
 * @typedef {import("./explorer.js").Shown} Shown
 * @typedef {import("../explain/change.js").ChangeData} ChangeData
 */

/** @param {Shown} run @param {number} row */
const rowIn = (run, row) => (className(run, row) ? `row ${row} (${className(run, row)})` : `row ${row}`);

/** Why a weight changed. @param {ChangeData} change @param {Shown} run */
export function why(change, run) {
  const rows = change.parts.filter((p) => p.kind === "row");
  const total = rows.reduce((t, p) => t + p.value, 0);
  const strongest = rows.reduce((best, p) => (Math.abs(p.value) > Math.abs(best?.value ?? 0) ? p : best), rows[0]);
  const others = change.parts.filter((p) => p.kind !== "row" && p.kind !== "rounding" && p.value !== 0);
  const said = [];
  if (rows.length) said.push(`${rows.length === 1 ? "1 row" : `${rows.length} rows`} of this batch pushed it by ${signed(total)}${rows.length > 1 ? `, most of all ${rowIn(run, Number(strongest.row))} by ${signed(strongest.value)}` : ""}`);
  for (const p of others.slice(0, 2)) said.push(`${partWords(p, change)} by ${signed(p.value)}`);
  const moved = change.change === 0 ? `${change.name} stayed at ${short(change.before, 4)}` : `${change.name} went ${change.change > 0 ? "up" : "down"} by ${short(Math.abs(change.change))}, to ${short(change.after, 4)}`;
  return `${moved}${said.length ? `: ${said.join("; ")}` : ""}.`;
}
/** @param {import("../explain/change.js").PartData} p @param {ChangeData} change */
const partWords = (p, change) => (p.kind === "state" ? kindWords(p.kind, change) : p.kind === "weight" ? "decay" : p.source);

/** What an outer gradient says. @param {number} outer @param {number} rows */
export function blame(outer, rows) {
  if (!outer) return "this answer costs nothing";
  const size = Math.abs(outer) * rows;
  return `${size > 0.5 ? "very: " : size > 0.05 ? "somewhat: " : "hardly: "}a ${outer > 0 ? "lower" : "higher"} answer would cost less`;
}

/** What a slope says, next to the steepest one that the function has. @param {number|null} slope @param {any} curve */
export function ear(slope, curve) {
  if (slope === null) return "its function looks at other neurons, too";
  if (isStraight(curve)) return "always: it passes on what it gets";
  const share = Math.abs(slope) / (curve?.steepest || 1);
  if (slope === 0) return "no: it is flat here, and nothing gets through";
  if (share < 0.05) return "hardly: it is almost flat here";
  return share < 0.5 ? "half: it is getting flat here" : "yes: its function is steep here";
}

/** Whether a function is a line: every step along it is as high. @param {any} curve */
export function isStraight(curve) {
  if (!curve) return false;
  const step = curve.values[1] - curve.values[0];
  return curve.values.every((/** @type {number} */ value, /** @type {number} */ k) => Math.abs(value - curve.values[0] - k * step) < 1e-6 * (1 + Math.abs(value)));
}

/** The sentence of now. @param {State} state */
export function sentence(state) {
  const { run, picture, phase, selection } = state;
  if (!run) return "";
  if (!picture || picture.run !== run) return "";
  if (run.diverged !== null && state.cursor >= run.updates) return `The loss is no number any more from update ${run.diverged} on: this run went too far. Try a smaller learning rate.`;
  const told = [resting, forward, losing, backward, updating][phase](state, run, picture);
  return phase === 0 && !selection ? told : `${["", "Forward: ", "Loss: ", "Backward: ", "Update: "][phase]}${told}`;
}

/** What is explained right now, if it is this. @param {State} state */
const explainedNow = (state) => (state.explained && state.explained.update === momentOf(state) && state.explained.run === state.run?.id && JSON.stringify(state.explained.selection) === JSON.stringify(state.selection) ? state.explained : null);

/** @param {State} state @param {Shown} run @param {any} picture */
function resting(state, run, picture) {
  const explained = explainedNow(state);
  if (explained?.change) return why(explained.change, run);
  if (explained?.neuron) {
    const { neuron } = explained.neuron;
    return `For ${rowIn(run, neuron.row)}, ${neuronName(neuron)} adds up its inputs to ${short(neuron.pre_activation)} and answers ${short(neuron.activation)}; its delta is ${signed(neuron.delta)}.`;
  }
  if (state.selection?.kind === "weight") return `The weight ${weightName(run, state.selection)}.`;
  const quiet = state.cursor >= run.updates ? `After ${count(run.updates)} updates` : `Update ${count(picture.moment)} learns from ${picture.rows.length} rows`;
  return `${quiet}: the loss of the batch is ${short(picture.loss)}. Choose a neuron or a link to read why it is as it is.`;
}

/** @param {State} state @param {Shown} run @param {any} picture */
function forward({ selection }, run, picture) {
  const rows = Array.from(picture.rows.slice(0, 3), String).join(", ");
  const others = picture.rows.length - 3;
  const last = picture.layers.findLast((/** @type {any} */ l) => l.weight);
  const chosen = selection?.kind === "weight" ? above(selection, run.kit) : selection;
  const who = chosen ?? { layer: last.name, unit: 0 };
  const layer = picture.layers.find((/** @type {any} */ l) => l.name === who.layer);
  const answer = layer?.activation ? `; ${neuronName(who)} answers ${short(mean(layer.activation, who.unit, layer.width))} on average` : "";
  return `rows ${rows}${others > 0 ? ` and ${others} others` : ""} go through${answer}.`;
}

/** @param {ArrayLike<number>} values @param {number} first @param {number} step */
function mean(values, first, step) {
  let total = 0;
  for (let k = first; k < values.length; k += step) total += values[k];
  return (total * step) / values.length;
}

/** @param {State} _ @param {Shown} run @param {any} picture */
function losing(_, run, picture) {
  const row = farthest(run, picture);
  const off = row === null ? "" : `; farthest off is ${rowIn(run, row)}`;
  return `the answers are held against what is true, and the batch costs ${short(picture.loss)}${off}.`;
}

/** The row of the batch whose answer is farthest from its target. @param {Shown} run @param {any} picture @returns {number|null} */
export function farthest(run, { rows, predictions }) {
  if (!predictions || !rows.length) return null;
  const width = run.kit.outputs;
  const classes = run.data.task === "classification";
  const off = (/** @type {number} */ row) => {
    if (!classes) return Math.abs(predictions[row * width] - run.examples.Y[row * width]);
    return width === 1 ? Math.abs(predictions[row] - classOf(run, row)) : 1 - predictions[row * width + classOf(run, row)];
  };
  return Array.from(rows, Number).reduce((worst, row) => (off(row) > off(worst) ? row : worst));
}

/** @param {State} state @param {Shown} run @param {any} picture */
function backward({ selection }, run, picture) {
  const named = numberOf(selection, run, picture, "gradient");
  if (named) return `every weight hears how the loss depends on it; the gradient of ${named.name} is ${signed(named.value)}: ${named.value > 0 ? "more" : "less"} of it would cost more.`;
  const found = strongest(run, picture, "gradient", selection?.kind === "neuron" ? selection : null);
  return found ? `from the loss back to the inputs, every weight hears how the loss depends on it; strongest is ${found.name} with a gradient of ${signed(found.value)}.` : "from the loss back to the inputs, every weight hears how the loss depends on it.";
}

/** @param {State} state @param {Shown} run @param {any} picture */
function updating(state, run, picture) {
  const explained = explainedNow(state);
  if (explained?.change) return why(explained.change, run);
  const found = strongest(run, picture, "change", state.selection?.kind === "neuron" ? state.selection : null);
  if (!found) return "every weight takes a small step.";
  return `${found.name} moved most: ${short(found.before, 4)} → ${short(found.before + found.value, 4)}, by ${signed(found.value)}.`;
}

/** @param {any} selection @param {Shown} run @param {any} picture @param {"gradient"|"change"} what */
function numberOf(selection, run, picture, what) {
  if (selection?.kind !== "weight" || selection.place.length !== 2) return null;
  const parameter = run.kit.parameters.find((/** @type {any} */ p) => p.name === selection.parameter);
  const layer = picture.layers.find((/** @type {any} */ l) => l.name === parameter?.layer);
  const value = layer?.[what]?.[selection.place[0] * parameter.dims[1] + selection.place[1]];
  return value === undefined ? null : { name: `${selection.parameter}[${selection.place}]`, value };
}

/** The weight with the largest gradient or change; of a neuron, where one is selected. @param {Shown} run @param {any} picture @param {"gradient"|"change"} what @param {{layer: string, unit: number}|null} of */
function strongest(run, picture, what, of) {
  let best = /** @type {{name: string, value: number, before: number}|null} */ (null);
  picture.layers.forEach((/** @type {any} */ layer, /** @type {number} */ l) => {
    if (!layer[what] || (of && of.layer !== layer.name)) return;
    const parameter = run.kit.parameters.find((/** @type {any} */ p) => p.tensor === run.kit.layers[l].parameters.weight);
    const width = parameter.dims.at(-1);
    layer[what].forEach((/** @type {number} */ value, /** @type {number} */ k) => {
      if ((of && k % width !== of.unit) || Math.abs(value) <= Math.abs(best?.value ?? 0)) return;
      best = { name: `${parameter.name}[${placeOf(k, parameter.dims)}]`, value, before: layer.weight[k] };
    });
  });
  return best;
}

/** @param {number} k @param {number[]} dims */
function placeOf(k, dims) {
  return dims.reduceRight((/** @type {number[]} */ found, size) => {
    const here = k % size;
    k = Math.floor(k / size);
    return [here, ...found];
  }, []);
}
