// The life of one number over a stretch of updates: its values, and who pushed it, with a tick that it has to earn.

import { part, plain, ROUNDING } from "./change.js";
import { brackets, checkPlace } from "./description.js";
import { Flows } from "./flows.js";
import { Ledger } from "./ledger.js";
import { Rational, sum } from "./rational.js";

/**
 * @typedef {import("./change.js").Part} Part
 * @typedef {import("./change.js").PartData} PartData
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./moment.js").Reader} Reader
 * @typedef {import("./moment.js").Real} Real
 *
 * @typedef {object} LifeData  as Python's Biography.to_dict(), and what each row of the data pushed
 * @property {string} name
 * @property {number} start
 * @property {number} stop
 * @property {number} before
 * @property {number} after
 * @property {number} change
 * @property {number} path  how far it went in all
 * @property {number[]} values  before each update and after the last one
 * @property {PartData[]} parts  rows that pushed, others, the rounding last
 * @property {Record<string, number>} by_class
 * @property {Float64Array} by_row
 * @property {number} rounding
 * @property {number} bound
 * @property {boolean} ticks
 * @property {string[]} frozen
 * @property {string} dtype
 *
 * @typedef {object} Wanted
 * @property {Description} description
 * @property {string} name  "dense_1.weight"
 * @property {number[]} place
 * @property {Real} dtype
 * @property {number} start  the first update
 * @property {number} dataRows  how many rows the data has
 * @property {ArrayLike<number>|null} classes  the class of each row; null where targets are no classes
 */

/**
 * Add the updates of a stretch one after the other, then ask for what became of the number. Of each update `tensors`
 * are read: parameters and states as they were before it, everything else, committed values too, after it.
 */
export class Life {
  /** @param {Wanted} wanted */
  constructor(wanted) {
    const { description, name, place, dtype } = wanted;
    const parameter = description.parameter(name);
    checkPlace(name, place, parameter.dims);
    this.wanted = wanted;
    this.tensors = parameter.sources;
    this.flows = new Flows(description, dtype, parameter.tensor, place);
  }

  /**
   * The next update.
   * @param {Reader} reader
   */
  add(reader) {
    this.flows.add(reader);
  }

  /**
   * What became of the number, and what pushed it.
   * @returns {LifeData}
   */
  told() {
    const { flows, wanted } = this;
    if (!flows.length) throw new RangeError("a life has at least one update");
    const ledger = new Ledger(flows, wanted.description.limits, wanted.dtype, wanted.dataRows);
    const values = [...flows.old[0], flows.next[0][flows.length - 1]];
    const [before, after] = [values[0], values[values.length - 1]];
    const rows = [...ledger.byRow].map(rowPart).filter((p) => !p.value.isZero());
    const others = othersOf(wanted, ledger);
    const change = Rational.of(after).minus(Rational.of(before));
    const rounding = change.minus(sum([...rows, ...others].map((p) => p.value)));
    const bound = ledger.slack + ledger.error;
    return {
      name: `${wanted.name}${brackets(wanted.place)}`,
      start: wanted.start,
      stop: wanted.start + flows.length,
      before,
      after,
      change: change.toNumber(),
      path: values.slice(1).reduce((total, value, t) => total + Math.abs(value - values[t]), 0),
      values,
      parts: [...rows, ...others, part(ROUNDING, rounding, ROUNDING)].map(plain),
      by_class: byClass(ledger.byRow, wanted.classes),
      by_row: ledger.byRow,
      rounding: rounding.toNumber(),
      bound,
      ticks: ticks(ledger, values, rounding, bound),
      frozen: [...flows.frozen].sort(),
      dtype: wanted.dtype,
    };
  }
}

/**
 * Whether the updates follow each other, each change is the sum of its parts up to a rounding within its bound, the rounding of the whole within its
 * own, and that what the roundings of the updates add up to.
 * @param {Ledger} ledger
 * @param {number[]} values
 * @param {Rational} rounding
 * @param {number} bound
 */
function ticks(ledger, values, rounding, bound) {
  const [{ moved, allowed }] = ledger.footings;
  const steps = [...moved].map((push, t) => values[t + 1] - values[t] - push);
  const each = steps.every((step, t) => Math.abs(step) <= allowed[t]) && ledger.carriedShare <= 1;
  if (!each || !Number.isFinite(bound) || !isWhole(ledger.flows)) return false;
  const noted = sum(steps.map(Rational.of)).plus(Rational.of(ledger.carried));
  return isWithin(rounding, bound) && isWithin(rounding.minus(noted), ledger.error);
}

/**
 * @param {Rational} left
 * @param {number} most
 */
function isWithin(left, most) {
  return left.size().compare(Rational.of(most)) <= 0;
}

/**
 * Whether every update begins with what the one before it left.
 * @param {Flows} flows
 */
function isWhole({ old, next }) {
  const last = next[0].length - 1;
  return next.every((values, e) => values.every((value, t) => t === last || value === old[e][t + 1]));
}

/**
 * @param {number} push
 * @param {number} row
 */
function rowPart(push, row) {
  return part(`row ${row}`, Rational.of(push), "row", { row });
}

/**
 * What is no row, as far as it is there: the weight itself, states at the start, functions.
 * @param {Wanted} wanted
 * @param {Ledger} ledger
 * @returns {Part[]}
 */
function othersOf({ description, place, start }, ledger) {
  const found = ledger.others.filter(({ value }) => value).map(({ kind, name, value }) => {
    const source = kind === "frozen" ? name : description.element(name, place);
    const texts = { weight: `the weight itself, ${source}`, state: `${source} before update ${start}` };
    const text = kind === "weight" || kind === "state" ? texts[kind] : `function of ${source}`;
    return part(text, Rational.of(value), kind, { source });
  });
  return found.sort((a, b) => (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : 0));
}

/**
 * @param {Float64Array} byRow
 * @param {ArrayLike<number>|null} classes
 * @returns {Record<string, number>}
 */
function byClass(byRow, classes) {
  if (!classes) return {};
  /** @type {Map<number, Rational[]>} */
  const found = new Map();
  for (const [row, push] of byRow.entries()) {
    const known = found.get(classes[row]) ?? [];
    known.push(Rational.of(push));
    found.set(classes[row], known);
  }
  return Object.fromEntries([...found].map(([k, pushes]) => [String(k), sum(pushes).toNumber()]));
}
