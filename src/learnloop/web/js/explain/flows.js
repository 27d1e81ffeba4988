// How a number, and the states behind it, come from one update to the next: linear in rows, states and the weight.
//
//   next[e] = sum over elements f, kept[e,f] * old[f] + sum over sources, coefficient * source + rounding
//
// The number itself is element 0. The ways are found once; every update only asks them for its numbers.

import { depth, Expansion } from "./expansion.js";
import { Quantities } from "./expressions.js";
import { DOUBLE } from "./numbers.js";

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./expansion.js").Term} Term
 * @typedef {import("./moment.js").Reader} Reader
 * @typedef {import("./moment.js").Real} Real
 * @typedef {import("./places.js").Test} Test
 *
 * @typedef {object} Link  one way in which something enters the next value of an element
 * @property {number} element  which element
 * @property {number} out  the element that it comes from; -1 for a source
 * @property {(reader: Reader) => number} coefficient  0 where an update went another way
 * @property {(rows: number) => number} roundings  that it meets, in batches of so many rows
 * @property {number[]} values  the coefficient of each update
 *
 * @typedef {object} Source  what enters by some links: a product for each row of a batch, or one for each update
 * @property {string} name  the tensors behind it
 * @property {boolean} ofRows
 * @property {(reader: Reader, row: number) => number} product
 * @property {number[]} products  of all rows of all updates
 * @property {number[]} totals  for each update their sum
 * @property {number[]} sizes  and the sum of their sizes
 * @property {Link[]} links
 */

/** The flows of one number, update by update. */
export class Flows {
  /**
   * @param {Description} description
   * @param {Real} dtype
   * @param {string} tensor  of the parameter
   * @param {number[]} place
   */
  constructor(description, dtype, tensor, place) {
    this.description = description;
    this.quantities = new Quantities(DOUBLE, description, dtype);
    this.place = place;
    this.elements = [tensor];
    /** @type {Link[]} */
    this.links = [];
    /** @type {Map<string, Source>} */
    this.found = new Map();
    /** @type {Set<string>} */
    this.frozen = new Set();
    const expansion = new Expansion(description);
    for (let e = 0; e < this.elements.length; e++) // it grows
      for (const term of expansion.of({ tensor: this.#next(e), place })) this.#sort(e, term);
    this.sources = [...this.found.values()];
    this.all = [...this.links, ...this.sources.flatMap((source) => source.links)];
    this.old = this.elements.map(() => /** @type {number[]} */ ([]));
    this.next = this.elements.map(() => /** @type {number[]} */ ([]));
    /** @type {number[]} */
    this.rows = []; // of the data, of all batches
    /** @type {number[]} */
    this.counts = [];
  }

  /** How many updates there are. */
  get length() {
    return this.counts.length;
  }

  /**
   * Take the numbers of the next update.
   * @param {Reader} reader
   */
  add(reader) {
    for (const link of this.all) link.values.push(link.coefficient(reader));
    for (const source of this.sources) this.#fill(source, reader);
    for (const [e, tensor] of this.elements.entries()) {
      this.old[e].push(reader.read(tensor, this.place));
      this.next[e].push(reader.read(this.#next(e), this.place));
    }
    for (let k = 0; k < reader.rows.length; k++) this.rows.push(reader.rows[k]);
    this.counts.push(reader.rows.length);
  }

  /**
   * @param {Source} source
   * @param {Reader} reader
   */
  #fill({ ofRows, product, products, totals, sizes }, reader) {
    let [total, size] = [0, 0];
    for (let row = 0; row < (ofRows ? reader.rows.length : 1); row++) {
      const value = product(reader, row);
      products.push(value);
      total += value;
      size += Math.abs(value);
    }
    totals.push(total);
    sizes.push(size);
  }

  /** @param {number} element */
  #next(element) {
    return /** @type {string} */ (this.description.valueOf.get(this.elements[element]));
  }

  /**
   * @param {number} element
   * @param {Term} term
   */
  #sort(element, term) {
    const out = this.#keptIn(term);
    const link = this.#link(element, out, term);
    if (out >= 0) {
      this.links.push(link);
      return;
    }
    const key = term.ofRows ? JSON.stringify([term.factors, term.tests.map((t) => t.key)]) : `${this.found.size}`;
    const source = this.found.get(key) ?? this.#source(term);
    source.links.push(link);
    this.found.set(key, source);
  }

  /**
   * The element whose old value a term is, one at the same place that is kept from update to update; -1 for none.
   * @param {Term} term
   */
  #keptIn({ factors, constant, ofRows }) {
    const [first, ...others] = factors;
    if (!first || others.length || constant || ofRows || !this.description.isKept(first.tensor)) return -1;
    const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
    const dims = this.description.dims(this.elements[0]);
    if (!same(first.place, this.place) || !same(this.description.dims(first.tensor), dims)) return -1;
    if (!this.elements.includes(first.tensor)) this.elements.push(first.tensor);
    return this.elements.indexOf(first.tensor);
  }

  /**
   * @param {number} element
   * @param {number} out
   * @param {Term} term
   * @returns {Link}
   */
  #link(element, out, { way }) {
    const shares = way.shares.map(({ expr, at, divides }) => ({ value: this.quantities.of(expr, at), divides }));
    const branches = way.branches.map(({ expr, at, holds }) => ({ is: this.quantities.condition(expr, at), holds }));
    const coefficient = (/** @type {Reader} */ reader) => {
      if (!branches.every(({ is, holds }) => is(reader, 0) === holds) || !hold(way.tests, reader, 0)) return 0;
      for (const name of way.frozen) this.frozen.add(name);
      let found = way.sign;
      for (const { value, divides } of shares) found = divides ? found / value(reader, 0) : found * value(reader, 0);
      return found;
    };
    const roundings = (/** @type {number} */ rows) =>
      way.chains.reduce((total, { statement, steps }) => {
        const terms = steps.reduce((count, { ofRows }) => count + (ofRows ? rows : 1), 0);
        return total + depth(statement, terms);
      }, way.roundings);
    return { element, out, coefficient, roundings, values: [] };
  }

  /**
   * @param {Term} term
   * @returns {Source}
   */
  #source({ factors, constant, tests, ofRows }) {
    const values = factors.map((factor) => this.quantities.value(factor));
    const fixed = constant && this.quantities.of(constant.expr, constant.at);
    const product = (/** @type {Reader} */ reader, /** @type {number} */ row) => {
      if (!hold(tests, reader, row)) return 0;
      if (fixed) return fixed(reader, row);
      let found = 1;
      for (const value of values) found *= value(reader, row);
      return found;
    };
    const name = [...new Set(factors.map(({ tensor }) => tensor))].sort().join(", ") || "a constant";
    return { name, ofRows, product, products: [], totals: [], sizes: [], links: [] };
  }
}

/**
 * @param {Test[]} tests
 * @param {Reader} reader
 * @param {number} row
 */
function hold(tests, reader, row) {
  return tests.every((test) => test.holds(reader, row));
}
