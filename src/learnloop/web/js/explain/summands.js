// The terms of an expansion at one update, in rational numbers: each row by itself.

import { depth } from "./expansion.js";
import { Quantities } from "./expressions.js";
import { EXACT } from "./numbers.js";
import { placeAt } from "./places.js";
import { ONE, Rational, sum, ZERO } from "./rational.js";

/**
 * @typedef {import("./expansion.js").Chain} Chain
 * @typedef {import("./expansion.js").Term} Term
 * @typedef {import("./expansion.js").Way} Way
 * @typedef {import("./moment.js").Moment} Moment
 * @typedef {import("./places.js").Test} Test
 *
 * @typedef {{tensor: string, place: number[]}} Element
 *
 * @typedef {object} Summand
 * @property {Rational} coefficient
 * @property {Element[]} factors
 * @property {Rational} value
 * @property {number} roundings  that it met on the way into the stored number
 * @property {number|null} position  its row within the batch, where it belongs to rows
 * @property {Set<string>} frozen
 */

/** Asks one update. */
export class Summands {
  /** @param {Moment} moment */
  constructor(moment) {
    this.moment = moment;
    /** @type {Quantities<Rational>} */
    this.quantities = new Quantities(EXACT, moment.description, moment.dtype);
    /** @type {Map<Chain, number>} */
    this.depths = new Map();
  }

  /**
   * @param {string} tensor
   * @param {number[]} place
   */
  value(tensor, place) {
    return this.quantities.value({ tensor, place })(this.moment, 0);
  }

  /**
   * @param {Iterable<Term>} terms
   * @returns {Iterable<Summand>}
   */
  *of(terms) {
    for (const term of terms) {
      if (!this.#leads(term.way)) continue;
      const coefficient = this.#coefficient(term.way);
      const roundings = term.way.chains.reduce((total, chain) => total + this.#depth(chain), term.way.roundings);
      const { frozen } = term.way;
      for (let row = 0; row < (term.ofRows ? this.moment.rows.length : 1); row++) {
        if (!this.#holds(term.tests, row)) continue;
        const factors = term.factors.map(({ tensor, place }) => ({ tensor, place: placeAt(place, this.moment, row) }));
        const value = coefficient.times(this.#product(term, factors));
        yield { coefficient, factors, value, roundings, position: term.ofRows ? row : null, frozen };
      }
    }
  }

  /**
   * Whether an update went this way.
   * @param {Way} way
   */
  #leads(way) {
    const taken = way.branches.every(
      ({ expr, at, holds }) => this.quantities.condition(expr, at)(this.moment, 0) === holds,
    );
    return taken && this.#holds(way.tests, 0);
  }

  /**
   * @param {Test[]} tests
   * @param {number} row
   */
  #holds(tests, row) {
    return tests.every((test) => test.holds(this.moment, row));
  }

  /** @param {Way} way */
  #coefficient(way) {
    let found = way.sign < 0 ? ONE.negative() : ONE;
    for (const { expr, at, divides } of way.shares) {
      const share = this.quantities.of(expr, at)(this.moment, 0);
      found = divides ? found.over(share) : found.times(share);
    }
    return found;
  }

  /**
   * @param {Term} term
   * @param {Element[]} factors
   */
  #product({ constant }, factors) {
    if (constant) return this.quantities.of(constant.expr, constant.at)(this.moment, 0);
    return factors.map(({ tensor, place }) => this.value(tensor, place)).reduce((a, b) => a.times(b));
  }

  /** @param {Chain} chain */
  #depth(chain) {
    let found = this.depths.get(chain);
    if (found === undefined) {
      found = depth(chain.statement, this.#count(chain));
      this.depths.set(chain, found);
    }
    return found;
  }

  /**
   * How many summands a sum met.
   * @param {Chain} chain
   */
  #count({ steps }) {
    let count = 0;
    for (const { tests, ofRows } of steps)
      for (let row = 0; row < (ofRows ? this.moment.rows.length : 1); row++) count += this.#holds(tests, row) ? 1 : 0;
    return count;
  }
}

/**
 * How far roundings may have moved a stored number: after d of them a summand t enters as t(1 + e) with
 * |e| <= d u/(1 - d u), u = 2^-24 or 2^-53. Higham 2002, Accuracy and Stability of Numerical Algorithms, lemma 3.1.
 * @param {Iterable<Summand>} summands
 * @param {number} unit
 */
export function slack(summands, unit) {
  /** @type {Map<number, Rational>} */
  const sizes = new Map();
  for (const { value, roundings } of summands)
    sizes.set(roundings, (sizes.get(roundings) ?? ZERO).plus(value.size()));
  return sum([...sizes].map(([roundings, size]) => size.times(growth(roundings, unit))));
}

/**
 * @param {number} roundings
 * @param {number} unit
 */
function growth(roundings, unit) {
  const share = Rational.of(roundings * unit);
  return share.over(ONE.minus(share));
}

/**
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => unknown} keyOf
 * @returns {T[][]}
 */
export function grouped(items, keyOf) {
  /** @type {Map<unknown, T[]>} */
  const found = new Map();
  for (const item of items) {
    const group = found.get(keyOf(item));
    if (group) group.push(item);
    else found.set(keyOf(item), [item]);
  }
  return [...found.values()];
}
