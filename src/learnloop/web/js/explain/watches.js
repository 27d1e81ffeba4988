// What is watched at every look: a number, the limit beyond which it matters, and the sentence for it.

import { onsets } from "./alarm.js";
import { insight, recent, startOf } from "./courses.js";
import { layerIn, silences } from "./silence.js";
import { general, listed, number } from "./wording.js";

/**
 * @typedef {import("./courses.js").Course} Course
 * @typedef {import("./courses.js").Insight} Insight
 * @typedef {import("./description.js").Limit} Limit
 * @typedef {import("./description.js").Limits} Limits
 * @typedef {import("./looks.js").Looks} Looks
 * @typedef {import("./statistics.js").LayerStatistics} LayerStatistics
 * @typedef {import("./statistics.js").UpdateStatistics} UpdateStatistics
 *
 * @typedef {object} Story  what sentences are made from
 * @property {Course} course
 * @property {Looks} looks
 * @property {number[]} growth  how many times larger each loss is than where it came from
 * @property {Limits} limits
 *
 * @typedef {object} Watch
 * @property {Limit} limit
 * @property {(seen: UpdateStatistics) => number} value
 * @property {(seen: UpdateStatistics) => Insight} tell
 */

/**
 * All insights that come from looking at updates.
 * @param {Story} story
 * @returns {Promise<Insight[]>}
 */
export async function watched(story) {
  const found = [];
  const { looks, limits } = story;
  for (const { limit, value, tell } of watchesOf(story))
    for (const place of onsets(looks.all.map(value), limit)) {
      const update = await looks.onset(place, (seen) => value(seen) > limit.threshold);
      found.push(tell(await looks.at(update)));
    }
  const need = Math.min(limits.dead_rows, story.course.rows);
  for (const { name } of looks.all[0].layers)
    for (const silence of await silences(looks, name, limits, need)) found.push(dead(story, name, silence));
  return found;
}

/**
 * @param {Story} story
 * @returns {Watch[]}
 */
function watchesOf(story) {
  const { alarms } = story.limits;
  const layers = story.looks.all[0].layers.map(({ name }) => ({
    limit: alarms.saturated_units,
    value: (/** @type {UpdateStatistics} */ seen) => share(layerIn(seen, name).saturated),
    tell: (/** @type {UpdateStatistics} */ seen) => stuck(story, layerIn(seen, name), seen.update),
  }));
  return [
    { limit: alarms.exploding, value: (seen) => explosion(story, seen), tell: (seen) => exploding(story, seen) },
    { limit: alarms.vanishing, value: (seen) => worstOf(seen).times, tell: (seen) => vanishing(story, seen) },
    { limit: alarms.large_updates, value: largest, tell: (seen) => large(story, seen) },
    { limit: alarms.small_updates, value: slowest, tell: (seen) => small(story, seen) },
    ...layers,
  ];
}

/**
 * How many times the gradient or the loss has grown, whichever more.
 * @param {Story} story
 * @param {UpdateStatistics} seen
 */
function explosion(story, seen) {
  return Math.max(gradientGrowth(story, seen), story.growth[seen.update]);
}

/**
 * @param {Story} story
 * @param {UpdateStatistics} seen
 */
function gradientGrowth({ looks }, { gradient }) {
  const first = looks.all[0].gradient;
  if (!Number.isFinite(gradient)) return Infinity;
  return first > 0 ? gradient / first : 0;
}

/**
 * @param {Story} story
 * @param {UpdateStatistics} seen
 */
function exploding(story, seen) {
  const [grown, first] = [gradientGrowth(story, seen), story.looks.all[0].gradient];
  const byLoss = grown <= story.limits.alarms.exploding.threshold;
  const times = byLoss ? story.growth[seen.update] : grown;
  const layer = byLoss ? null : most(seen.layers, (x) => x.gradient).name;
  const large = Number.isFinite(times) ? `${number(times)} times as large as` : "infinitely larger than";
  const what = byLoss
    ? `The loss jumps to ${number(seen.loss)}, ${number(times)} times what it came from.`
    : `The gradient is ${large} at the first update (norm ${number(seen.gradient)}, then ${number(first)}), most ` +
      `of it in ${layer}.`;
  const evidence = { times, gradient: seen.gradient, first_gradient: first, loss: seen.loss };
  const sentence = `${what} The updates overshoot: try a smaller learning rate or clip_norm=1.0.`;
  const told = { update: seen.update, layer, sentence, evidence };
  return insight(story.course, { kind: "exploding", severity: "problem", ...told });
}

/**
 * How much smaller a layer's gradient is than that of a layer behind it, and the two; 0 below a layer whose units are all
 * off.
 * @param {UpdateStatistics} seen
 */
function worstOf({ layers }) {
  let worst = { times: 0, layer: layers[0], later: layers[0] };
  if (layers.some(({ off }) => off.length > 0 && off.every((unit) => unit))) return worst;
  for (const [k, layer] of layers.entries()) {
    const later = most(layers.slice(k), (x) => x.weightGradient);
    const [size, behind] = [layer.weightGradient, later.weightGradient];
    if (!(behind > 0 && Number.isFinite(behind))) continue;
    const times = size > 0 ? behind / size : Infinity;
    if (times > worst.times) worst = { times, layer, later };
  }
  return worst;
}

/**
 * @param {Story} story
 * @param {UpdateStatistics} seen
 */
function vanishing(story, seen) {
  const { times, layer, later } = worstOf(seen);
  const how = Number.isFinite(times) ? `${number(times)} times smaller than` : "0, unlike";
  const [size, behind] = [layer.weightGradient, later.weightGradient];
  const sentence =
    `The gradient of the weights of ${layer.name} (root mean square ${number(size)}) is ${how} that ` +
    `of ${later.name} (${number(behind)}): it hardly learns. Fewer layers, relu, LayerNorm or ` +
    "Residual let the gradient through.";
  const evidence = { times, gradient: size, later_gradient: behind };
  const told = { update: seen.update, layer: layer.name, sentence, evidence };
  return insight(story.course, { kind: "vanishing", severity: "warning", ...told });
}

/**
 * The largest update-to-weight ratio of a layer.
 * @param {UpdateStatistics} seen
 */
function largest({ layers }) {
  return layers.reduce((found, { updateRatio }) => (updateRatio > found ? updateRatio : found), 0);
}

/**
 * One over the smallest update-to-weight ratio of a layer; layers whose units are all dead are another story.
 * @param {UpdateStatistics} seen
 */
function slowest(seen) {
  return living(seen).reduce((found, { updateRatio }) => Math.max(found, updateRatio ? 1 / updateRatio : Infinity), 0);
}

/** @param {UpdateStatistics} seen */
function living({ layers }) {
  return layers.filter(({ updateRatio, off }) => !Number.isNaN(updateRatio) && !off.every((unit) => unit));
}

/**
 * @param {Story} story
 * @param {UpdateStatistics} seen
 */
function large({ course, limits }, seen) {
  const over = seen.layers.filter(({ updateRatio }) => updateRatio > limits.large);
  const layer = most(over, (x) => x.updateRatio);
  const wild = layer.updateRatio > limits.half; // below it, the first updates of a quick start, while weights are small
  const advice = wild
    ? "Learning gets erratic: try a smaller learning rate."
    : "A smaller learning rate may be steadier.";
  const sentence =
    `One update changes the weights of ${layer.name} by ${number(layer.updateRatio)} of their size (norm ` +
    `${number(layer.change)} of ${number(layer.weight)}); about 0.001 is usual.` +
    `${others(over, layer, "above", limits.large)} ${advice}`;
  const told = { update: seen.update, layer: layer.name, sentence, evidence: sizes(layer) };
  return insight(course, { kind: "large_updates", severity: wild ? "warning" : "note", ...told });
}

/**
 * @param {Story} story
 * @param {UpdateStatistics} seen
 */
function small({ course, limits }, seen) {
  const under = living(seen).filter(({ updateRatio }) => updateRatio <= limits.small);
  const layer = most(under, (x) => -x.updateRatio);
  const [start, now] = [startOf(course, limits), recent(course, seen.update)];
  const by = layer.change ? `by only ${number(layer.updateRatio)} of their size` : "by nothing";
  const early = now > limits.half * start;
  const advice = early
    ? "There is still much to learn: try a larger learning rate."
    : `The loss is down to ${number(now)} from ${number(start)}, so this may be the end of learning.`;
  const also = others(under, layer, "below", limits.small);
  const sentence = `One update changes the weights of ${layer.name} ${by}; about 0.001 is usual.${also} ${advice}`;
  const told = { update: seen.update, layer: layer.name, sentence, evidence: { ...sizes(layer), start, loss: now } };
  return insight(course, { kind: "small_updates", severity: early ? "warning" : "note", ...told });
}

/**
 * @param {LayerStatistics[]} layers
 * @param {LayerStatistics} named
 * @param {string} side
 * @param {number} bound
 */
function others(layers, named, side, bound) {
  const names = layers.filter((layer) => layer !== named).map(({ name }) => name);
  return names.length ? ` ${listed(names)} ${names.length > 1 ? "are" : "is"} ${side} ${general(bound, 6)}, too.` : "";
}

/** @param {LayerStatistics} layer */
function sizes({ updateRatio, change, weight }) {
  return { ratio: updateRatio, change, weight };
}

/**
 * @param {Story} story
 * @param {LayerStatistics} layer
 * @param {number} update
 */
function stuck({ course, limits }, { name, saturated, activation }, update) {
  const count = saturated.filter((unit) => unit).length;
  const sentence =
    `${count} of ${saturated.length} units of ${name} are saturated: for 9 of 10 rows of the batch their slope is ` +
    `below ${limits.flat}, and hardly any gradient gets through. Try smaller first weights, scaled inputs or a ` +
    "smaller learning rate.";
  const evidence = { saturated: count, units: saturated.length, activation };
  return insight(course, { kind: "saturated_units", update, layer: name, sentence, evidence, severity: "warning" });
}

/**
 * @param {Story} story
 * @param {string} name
 * @param {import("./silence.js").Silence} silence
 */
function dead({ course }, name, { update, until, dead: count, units, rows }) {
  const sentence =
    `${count} of ${units} units of ${name} are dead: 0 with a slope of 0 for every row looked at from ` +
    `here to update ${until} (${rows} rows). No gradient reaches them. Try a smaller learning ` +
    "rate, another initializer, or leaky_relu.";
  const evidence = { dead: count, units, rows, until };
  const severity = count === units ? "problem" : "warning";
  return insight(course, { kind: "dead_units", update, layer: name, sentence, evidence, severity });
}

/** @param {boolean[]} units */
function share(units) {
  return units.filter((unit) => unit).length / units.length;
}

/**
 * The item of the largest value, of equals the first one.
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} value
 */
function most(items, value) {
  return items.reduce((best, item) => (value(item) > value(best) ? item : best));
}
