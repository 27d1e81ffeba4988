// The changes of a number added up over a stretch, and unrolled to the rows that they came from. The same total is kept
// twice, by what pushed and by update; both must give end minus start, up to roundings within their bounds.

/**
 * @typedef {import("./description.js").Limits} Limits
 * @typedef {import("./flows.js").Flows} Flows
 * @typedef {import("./flows.js").Link} Link
 * @typedef {import("./moment.js").Real} Real
 *
 * @typedef {object} Footing  one element, update by update
 * @property {Float64Array} moved  what its parts add up to
 * @property {Float64Array} rounding  what the stored numbers differ by
 * @property {Float64Array} slack  how large that can be
 * @property {Float64Array} allowed  the same with the errors of float64 here
 * @property {Float64Array} mass  the sizes of all parts
 *
 * @typedef {{kind: string, name: string, value: number}} Booked  a part that is no row
 */

/** Adds up a stretch. */
export class Ledger {
  /**
   * @param {Flows} flows
   * @param {Limits} limits
   * @param {Real} dtype
   * @param {number} dataRows  how many rows the data has
   */
  constructor(flows, limits, dtype, dataRows) {
    this.flows = flows;
    this.unit = limits.unit[dtype];
    this.smallest = limits.smallest[dtype];
    this.double = limits.unit.float64;
    this.sums = limits.ledger_sums;
    this.most = flows.counts.reduce((a, b) => Math.max(a, b), 0);
    this.owed = unrolled(flows, (value) => value);
    this.atMost = unrolled(flows, Math.abs);
    this.byRow = this.#push(dataRows);
    this.footings = flows.elements.map((_, e) => this.#foot(e));
    this.others = this.#book();
    this.carried = 0; // the roundings of states, as far as they came into the number
    this.carriedShare = 0; // the largest part of its bound that one of them took
    this.slack = 0; // how large all roundings can be together
    this.error = 0; // how far the float64 numbers here may be off
    this.#settle();
  }

  /**
   * Deal what the rows of every batch pushed to the rows of the data.
   * @param {number} dataRows
   */
  #push(dataRows) {
    const { flows, owed } = this;
    const found = new Float64Array(dataRows);
    for (const { ofRows, products, links } of flows.sources) {
      if (!ofRows) continue;
      for (let t = 0, k = 0; t < flows.length; t++) {
        let share = 0;
        for (const { element, values } of links) share += values[t] * owed[element][t + 1];
        for (let n = flows.counts[t]; n > 0; n--, k++) found[flows.rows[k]] += share * products[k];
      }
    }
    return found;
  }

  /**
   * The changes of one element, update by update, as its parts make them.
   * @param {number} e
   * @returns {Footing}
   */
  #foot(e) {
    const { flows, double } = this;
    const [moved, rounding, slack, allowed, mass] = [0, 0, 0, 0, 0].map(() => new Float64Array(flows.length));
    const own = e === 0 ? this.#own() : [];
    const ways = this.#waysInto(e);
    const near = growth(2 * most(own) + 4, double);
    const far = growth(2 * most([...own, ...ways]) + this.sums, double);
    for (let t = 0; t < flows.length; t++) {
      const base = e === 0 ? flows.old[0][t] : 0;
      let size = Math.abs(flows.next[e][t]) + Math.abs(base);
      slack[t] = this.smallest;
      for (const { link, grown } of own) {
        size += Math.abs(link.values[t] * base);
        slack[t] += Math.abs(link.values[t] * base) * grown;
      }
      moved[t] = e === 0 ? this.#decay(t) * base : 0;
      mass[t] = Math.abs(moved[t]);
      for (const { link, totals, sizes, grown } of ways) {
        const pushed = Math.abs(link.values[t] * sizes[t]);
        moved[t] += link.values[t] * totals[t];
        mass[t] += pushed;
        slack[t] += pushed * grown;
      }
      rounding[t] = flows.next[e][t] - base - moved[t];
      allowed[t] = slack[t] + mass[t] * far + size * near;
    }
    return { moved, rounding, slack, allowed, mass };
  }

  /** The number's ways into its own next value. */
  #own() {
    const { old, links } = this.flows;
    return links.filter(isItself).map((link) => this.#grown({ link, totals: old[0], sizes: old[0] }));
  }

  /**
   * A way, and how much its roundings can change what goes along it.
   * @param {{link: Link, totals: number[], sizes: number[]}} way
   */
  #grown(way) {
    const roundings = way.link.roundings(this.most);
    return { ...way, roundings, grown: growth(roundings, this.unit) };
  }

  /**
   * All ways into an element but the number's into itself.
   * @param {number} e
   */
  #waysInto(e) {
    const { flows } = this;
    const kept = flows.links.filter((link) => link.element === e && !isItself(link));
    const found = kept.map((link) => ({ link, totals: flows.old[link.out], sizes: flows.old[link.out] }));
    for (const { links, totals, sizes } of flows.sources)
      for (const link of links) if (link.element === e) found.push({ link, totals, sizes });
    return found.map((way) => this.#grown(way));
  }

  /**
   * What the number itself is multiplied by in its own change.
   * @param {number} t
   */
  #decay(t) {
    return this.flows.links.filter(isItself).reduce((total, { values }) => total + values[t], -1);
  }

  /**
   * Everything that is not dealt to rows.
   * @returns {Booked[]}
   */
  #book() {
    const { flows, owed } = this;
    const [first, ...states] = flows.elements;
    /** @type {Map<string, Booked>} */
    const found = new Map();
    const book = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {number} */ value) => {
      const known = found.get(`${kind} ${name}`) ?? { kind, name, value: 0 };
      known.value += value;
      found.set(`${kind} ${name}`, known);
    };
    const along = (/** @type {number} */ element, /** @type {(t: number) => number} */ value) => {
      let total = 0;
      for (let t = 0; t < flows.length; t++) total += owed[element][t + 1] * value(t);
      return total;
    };
    book("weight", first, along(0, (t) => this.#decay(t) * flows.old[0][t]));
    for (const link of flows.links)
      if (link.out === 0 && link.element > 0)
        book("weight", first, along(link.element, (t) => link.values[t] * flows.old[0][t]));
    for (const { ofRows, name, links, totals } of flows.sources)
      for (const link of ofRows ? [] : links)
        book("frozen", name, along(link.element, (t) => link.values[t] * totals[t]));
    for (const [k, name] of states.entries()) book("state", name, owed[k + 1][0] * flows.old[k + 1][0]);
    return [...found.values()];
  }

  /** The roundings of the stretch, and how large they and the errors here can be. */
  #settle() {
    const { flows, owed, atMost } = this;
    const far = growth((flows.elements.length + 3) * (2 * flows.length + this.sums), this.double);
    for (const [e, footing] of this.footings.entries())
      for (let t = 0; t < flows.length; t++) {
        const share = Math.abs(footing.rounding[t]) / footing.allowed[t];
        if (e > 0) this.carried += owed[e][t + 1] * footing.rounding[t];
        if (e > 0) this.carriedShare = Math.max(this.carriedShare, share);
        this.slack += Math.abs(owed[e][t + 1]) * footing.slack[t];
        this.error += atMost[e][t + 1] * (footing.allowed[t] - footing.slack[t] + footing.mass[t] * far);
      }
  }
}

/**
 * What the change at the end owes to each element after each update (index 0: before the first), backwards from the
 * end: 1 to every change of the number itself, to a state what it owes to everything that the state enters. What decay takes
 * of the number is a part of its own.
 * @param {Flows} flows
 * @param {(value: number) => number} size
 * @returns {Float64Array[]}
 */
function unrolled(flows, size) {
  const owed = flows.elements.map(() => new Float64Array(flows.length + 1));
  owed[0].fill(1);
  const links = flows.links.filter(({ out }) => out > 0);
  for (let t = flows.length - 1; t >= 0; t--)
    for (const { element, out, values } of links) owed[out][t] += size(values[t]) * owed[element][t + 1];
  return owed;
}

/** @param {{roundings: number}[]} ways */
function most(ways) {
  return ways.reduce((found, { roundings }) => Math.max(found, roundings), 0);
}

/** @param {Link} link */
function isItself({ element, out }) {
  return element === 0 && out === 0;
}

/**
 * How much so many roundings can change a number, relative to it: Higham 2002, lemma 3.1.
 * @param {number} roundings
 * @param {number} unit
 */
function growth(roundings, unit) {
  return (roundings * unit) / (1 - roundings * unit);
}
