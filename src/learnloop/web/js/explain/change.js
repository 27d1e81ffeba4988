// Why one number changed: parts whose exact sum is the stored change, and a tick that they have to earn.

import { brackets, checkPlace } from "./description.js";
import { Expansion } from "./expansion.js";
import { grouped, slack, Summands } from "./summands.js";
import { ONE, Rational, sum, ZERO } from "./rational.js";

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./moment.js").Moment} Moment
 * @typedef {import("./summands.js").Summand} Summand
 * @typedef {import("./summands.js").Element} Element
 *
 * @typedef {object} Part  one summand of a change
 * @property {string} name
 * @property {Rational} value
 * @property {string} kind  "row", "state", "weight", "frozen" or "rounding"; of a neuron "product" or "bias"
 * @property {Rational} coefficient
 * @property {string} source
 * @property {Rational} slack  how far its roundings may have moved the stored number
 * @property {number|null} row
 *
 * @typedef {object} PartData
 * @property {string} name
 * @property {number} value
 * @property {string} exact
 * @property {string} kind
 * @property {number} coefficient
 * @property {string} source
 * @property {number|null} row
 *
 * @typedef {object} ChangeData  as Python's Change.to_dict()
 * @property {string} name
 * @property {number} update
 * @property {number} before
 * @property {number} after
 * @property {number} change
 * @property {PartData[]} parts
 * @property {number} bound
 * @property {boolean} ticks
 * @property {string[]} frozen
 * @property {string} dtype
 */

export const ROUNDING = "rounding";
/** Kinds of parts as they are told. */
const ORDER = ["row", "state", "weight", "frozen"];

/**
 * What moved one number of a parameter during one update.
 * @param {Moment} moment
 * @param {string} name  "dense_1.weight"
 * @param {number[]} place  input and unit for a weight, the unit for a bias
 * @returns {ChangeData}
 */
export function explainChange(moment, name, place) {
  const { description } = moment;
  const { tensor, dims } = description.parameter(name);
  checkPlace(name, place, dims);
  const ask = new Summands(moment);
  const next = /** @type {string} */ (description.valueOf.get(tensor));
  const found = [...ask.of(new Expansion(description).of({ tensor: next, place }))];
  const isOwn = (/** @type {Summand} */ t) => t.position === null && same(t.factors, [{ tensor, place }]);
  const [before, after] = [ask.value(tensor, place), ask.value(next, place)];
  const parts = [
    ...partsOf(moment, found.filter((t) => !isOwn(t))),
    ...decay(description, found.filter(isOwn), { tensor, place }, before),
  ].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  parts.push(closing(moment, after.minus(before), parts, found.filter(isOwn)));
  return told(moment, `${name}${brackets(place)}`, before, after, parts, found);
}

/**
 * What the parts leave of the change, and how large that may be.
 * @param {Moment} moment
 * @param {Rational} change
 * @param {Part[]} parts
 * @param {Summand[]} itself
 * @returns {Part}
 */
function closing({ description: { limits }, dtype }, change, parts, itself) {
  const allowed = slack(itself, limits.unit[dtype]).plus(Rational.of(limits.smallest[dtype]));
  return part(ROUNDING, change.minus(sum(parts.map((p) => p.value))), ROUNDING, { slack: allowed });
}

/**
 * @param {Moment} moment
 * @param {string} name
 * @param {Rational} before
 * @param {Rational} after
 * @param {Part[]} parts
 * @param {Summand[]} found
 * @returns {ChangeData}
 */
function told(moment, name, before, after, parts, found) {
  const change = after.minus(before);
  const bound = sum(parts.map((p) => p.slack));
  const rounding = parts[parts.length - 1].value;
  const addsUp = sum(parts.map((p) => p.value)).compare(change) === 0;
  return {
    name,
    update: moment.update,
    before: before.toNumber(),
    after: after.toNumber(),
    change: change.toNumber(),
    parts: parts.map(plain),
    bound: bound.toNumber(),
    ticks: addsUp && rounding.size().compare(bound) <= 0,
    frozen: [...new Set(found.flatMap((t) => [...t.frozen]))].sort(),
    dtype: moment.dtype,
  };
}

/**
 * What the update took of the number itself.
 * @param {Description} description
 * @param {Summand[]} itself
 * @param {Element} own
 * @param {Rational} before
 * @returns {Part[]}
 */
function decay(description, itself, own, before) {
  const coefficient = sum(itself.map((t) => t.coefficient)).minus(ONE);
  if (coefficient.isZero()) return [];
  const text = `the weight itself, ${description.element(own.tensor, own.place)}`;
  return [part(text, coefficient.times(before), "weight", { coefficient, source: text })];
}

/**
 * Summands of one source are one part, by however many paths they came.
 * @param {Moment} moment
 * @param {Summand[]} summands
 * @returns {Part[]}
 */
function partsOf(moment, summands) {
  const groups = grouped(summands, (t) => (t.position === null ? keyOf(t.factors) : t.position));
  return groups.map((group) => partOf(moment, group));
}

/**
 * @param {Moment} moment
 * @param {Summand[]} group
 * @returns {Part}
 */
function partOf({ description, rows, dtype }, group) {
  const [first] = group;
  const value = sum(group.map((t) => t.value));
  const names = first.factors.map(({ tensor, place }) => description.element(tensor, place));
  const source = names.reverse().join(" × "); // the gradient is the first factor
  const coefficient = sum(group.filter((t) => same(t.factors, first.factors)).map((t) => t.coefficient));
  const rest = { coefficient, slack: slack(group, description.limits.unit[dtype]) };
  if (first.position !== null) {
    const row = rows[first.position];
    return part(`row ${row}`, value, "row", { ...rest, source, row });
  }
  if (first.factors.length === 1 && description.isFixed(first.factors[0].tensor))
    return part(`old ${source}`, value, "state", { ...rest, source: `old ${source}` });
  const share = first.coefficient.isZero() ? first.value : first.value.over(first.coefficient);
  const isProduct = value.compare(coefficient.times(share)) === 0 && first.factors.length > 0;
  const named = isProduct ? source : `function of ${source}`;
  return part(named, value, "frozen", { ...rest, source: named });
}

/**
 * @param {string} name
 * @param {Rational} value
 * @param {string} kind
 * @param {Partial<Part>} [rest]
 * @returns {Part}
 */
export function part(name, value, kind, rest = {}) {
  return { name, value, kind, coefficient: ONE, source: "", slack: ZERO, row: null, ...rest };
}

/**
 * Plain data: `value` is the nearest float64, `exact` what Python's fractions read.
 * @param {Part} given
 * @returns {PartData}
 */
export function plain({ name, value, kind, coefficient, source, row }) {
  const exact = value.toString();
  return { name, value: value.toNumber(), exact, kind, coefficient: coefficient.toNumber(), source, row };
}

/** @param {Element[]} factors */
function keyOf(factors) {
  return factors.map(({ tensor, place }) => `${tensor}[${place.join(",")}]`).join("*");
}

/**
 * @param {Element[]} a
 * @param {Element[]} b
 */
function same(a, b) {
  return keyOf(a) === keyOf(b);
}
