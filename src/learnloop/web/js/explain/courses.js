// What the losses alone tell, without visiting an update: jumps, standstill, overfitting, divergence.

import { onsets } from "./alarm.js";
import { general, number, roundEven } from "./wording.js";

/**
 * @typedef {import("./description.js").Limits} Limits
 *
 * @typedef {object} Course  what a run came to
 * @property {Float32Array|Float64Array} losses  of every update, finite
 * @property {number} perEpoch  updates of an epoch
 * @property {number} batchSize
 * @property {number} rows  that it learns from
 * @property {Record<string, number>[]} history  of epochs: "epoch", "loss", "validation_loss"
 * @property {{update: number, layer: string|null, tensor: string}|null} divergence  where a loss was no finite number,
 *   and the first such value; the layer null or "loss" for none
 *
 * @typedef {object} Insight  as Python's Insight.to_dict()
 * @property {string} kind
 * @property {number} update  where it begins
 * @property {number} epoch
 * @property {string|null} layer
 * @property {string} sentence
 * @property {Record<string, number|null>} evidence  null for a number that is not finite
 * @property {"note"|"warning"|"problem"} severity
 */

/**
 * @param {Course} course
 * @param {Omit<Insight, "epoch">} told
 * @returns {Insight}
 */
export function insight({ perEpoch }, { kind, update, layer, sentence, evidence, severity }) {
  const numbers = Object.entries(evidence).map(([name, value]) => [name, Number.isFinite(value) ? value : null]);
  return {
    kind,
    update,
    epoch: Math.floor(update / perEpoch),
    layer,
    sentence,
    evidence: Object.fromEntries(numbers),
    severity,
  };
}

/**
 * How many times larger each loss is than where the run came from; 0 for a loss below the first one.
 * @param {Course} course
 * @returns {number[]}
 */
export function growth({ losses, perEpoch }) {
  const totals = [0];
  for (const loss of losses) totals.push(totals[totals.length - 1] + loss);
  return Array.from(losses, (loss, here) => {
    const begin = Math.max(here - perEpoch, 0);
    const mean = here ? (totals[here] - totals[begin]) / (here - begin) : losses[0];
    const low = Math.min(mean, losses[0]);
    return loss > losses[0] && low > 0 ? loss / low : 0;
  });
}

/**
 * The loss that the run started from: what is usual for its first rows, even if it jumped among them.
 * @param {Course} course
 * @param {Limits} limits
 */
export function startOf({ losses, perEpoch, batchSize }, limits) {
  const count = Math.max(1, Math.min(perEpoch, Math.ceil(limits.start_rows / batchSize)));
  const sorted = losses.slice(0, count).sort();
  const real = losses instanceof Float32Array ? Math.fround : (/** @type {number} */ x) => x;
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return Math.min(losses[0], low === high ? low : real(real(low + high) / 2));
}

/**
 * The mean loss of as many updates as an epoch has, up to one of them.
 * @param {Course} course
 * @param {number} update
 */
export function recent({ losses, perEpoch }, update) {
  return mean(losses.subarray(Math.max(0, update + 1 - perEpoch), update + 1));
}

/**
 * The losses as at most some dozens of means over equally many updates: whole epochs, where there are enough.
 * @param {Course} course
 * @param {Limits} limits
 */
function blocks({ losses, perEpoch }, limits) {
  const epochs = Math.floor(losses.length / perEpoch);
  const size =
    epochs >= limits.fewest_blocks
      ? perEpoch * Math.ceil(epochs / limits.most_blocks)
      : Math.max(1, Math.ceil(losses.length / limits.short_blocks));
  const count = Math.floor(losses.length / size);
  return { size, means: Array.from({ length: count }, (_, k) => mean(losses.subarray(k * size, (k + 1) * size))) };
}

/**
 * Where the loss stops falling.
 * @param {Course} course
 * @param {Limits} limits
 * @returns {Insight[]}
 */
export function plateau(course, limits) {
  const { size, means } = blocks(course, limits);
  if (means.length < limits.fewest_blocks) return [];
  const half = Math.max(2, Math.floor(means.length / limits.window));
  const pairs = means
    .slice(0, means.length - 2 * half + 1)
    .map((_, k) => [mean(means.slice(k, k + half)), mean(means.slice(k + half, k + 2 * half))]);
  const rises = pairs.map(([a, b]) => (a > 0 ? (b - a) / a : NaN));
  return onsets(rises, limits.alarms.plateau).map((k) => stands(course, limits, k * size, half * size, pairs[k]));
}

/**
 * @param {Course} course
 * @param {Limits} limits
 * @param {number} update
 * @param {number} length
 * @param {number[]} pair
 */
function stands(course, limits, update, length, [before, after]) {
  const start = startOf(course, limits);
  const stuck = after > limits.stuck * start;
  const last = update + 2 * length - 1;
  const what = after > (1 + limits.fall) * before ? "rises" : "has stopped falling";
  const said =
    `The loss ${what}: its mean is ${number(before)} in updates ${update} to ${update + length - 1}, and ` +
    `${number(after)} from there to update ${last}. `;
  const advice = stuck
    ? `It never came down from ${number(start)}: another learning rate, scaled inputs or a larger network may help.`
    : `It has come down from ${number(start)}: this may be all that can be learnt, or the rate has to be lower now.`;
  const evidence = { before, after, start, from: update, to: last };
  const severity = stuck ? "warning" : "note";
  return insight(course, { kind: "plateau", update, layer: null, sentence: said + advice, evidence, severity });
}

/**
 * Where the validation loss rises although the training loss falls.
 * @param {Course} course
 * @param {Limits} limits
 * @returns {Insight[]}
 */
export function overfitting(course, limits) {
  const known = course.history.filter((record) => "validation_loss" in record);
  const limit = limits.alarms.overfitting;
  return onsets(risesAboveBest(known), limit).map((place) => {
    const [best, last] = [known[bestOf(known, place)], known[place + limit.patience - 1]];
    const [epoch, until] = [best, last].map((record) => roundEven(record.epoch) - 1);
    const evidence = {
      validation_before: best.validation_loss,
      validation_after: last.validation_loss,
      train_before: best.loss,
      train_after: last.loss,
      until_epoch: until,
    };
    const sentence =
      `After epoch ${epoch} the validation loss rises, from ${number(best.validation_loss)} to ` +
      `${number(last.validation_loss)} in epoch ${until}, while the training loss falls from ${number(best.loss)} to ` +
      `${number(last.loss)}: the network learns its rows by heart. Stop here, or try more data, fewer units, ` +
      "Dropout or weight_decay.";
    const update = (epoch + 1) * course.perEpoch - 1;
    const told = { update, layer: null, sentence, evidence };
    return insight(course, { kind: "overfitting", severity: "warning", ...told });
  });
}

/**
 * How far each validation loss is above the lowest one before, as a share of it; 0 where the training loss rose, too.
 * @param {Record<string, number>[]} known
 */
function risesAboveBest(known) {
  let best = 0;
  return known.map(({ loss, validation_loss: held }, k) => {
    if (held <= known[best].validation_loss) best = k;
    const low = known[best].validation_loss;
    return loss < known[best].loss && low > 0 ? (held - low) / low : 0;
  });
}

/**
 * The first of the lowest validation losses up to a place.
 * @param {Record<string, number>[]} known
 * @param {number} place
 */
function bestOf(known, place) {
  let best = 0;
  for (let k = 1; k <= place; k++) if (known[k].validation_loss < known[best].validation_loss) best = k;
  return best;
}

/**
 * The end of a run that diverged.
 * @param {Course} course
 * @returns {Insight[]}
 */
export function notFinite(course) {
  const { losses, divergence } = course;
  if (!divergence) return [];
  const layer = divergence.layer === "loss" ? null : divergence.layer;
  const where = layer === null ? "" : `; the first such value is in ${layer} (${divergence.tensor})`;
  const last = losses.length ? losses[losses.length - 1] : null;
  const after = last === null ? "" : `, after ${general(last, 3)} in the update before`;
  const sentence =
    `The loss is no finite number any more${after}${where}. Nothing after it can be used: try a smaller learning ` +
    "rate, clip_norm=1.0, or scaled inputs.";
  const evidence = /** @type {Record<string, number>} */ (last === null ? {} : { last_loss: last });
  const told = { update: divergence.update, layer, sentence, evidence };
  return [insight(course, { kind: "not_finite", severity: "problem", ...told })];
}

/** @param {ArrayLike<number>} values */
function mean(values) {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k];
  return total / values.length;
}
