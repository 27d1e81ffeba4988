// After a loss that is no finite number: where the first such value was made.

/** @typedef {import("./moment.js").Moment} Moment */

/**
 * The first tensor of an update, in the order of the statements, that is not finite, and its layer; null where all are.
 * @param {Moment} moment
 * @returns {{layer: string|null, tensor: string}|null}
 */
export function firstNotFinite(moment) {
  const { description } = moment;
  for (const { out } of description.statements) {
    if (description.data.tensors[out][1] === "int32" || !moment.has(out)) continue;
    const isFinite = moment.view(out).dense().every(Number.isFinite);
    if (!isFinite) return { layer: description.layerOf.get(out) ?? null, tensor: out };
  }
  return null;
}
