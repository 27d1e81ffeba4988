// The statements interpreted in float64, one element after the other: slow, plain, and no code of the compiler's. What
// a statement reads is prepared as closures once, for given extents, and then run as often as somebody asks.

import { opOf, operands } from "./expressions.js";
import { advance, innermost, reading } from "./loops.js";
import { FUNCTIONS } from "./numbers.js";
import { uniform } from "./random.js";

/**
 * @typedef {import("./description.js").Access} Access
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Expr} Expr
 * @typedef {import("./description.js").Guard} Guard
 * @typedef {import("./description.js").Index} Index
 * @typedef {import("./description.js").Statement} Statement
 *
 * @typedef {{data: Float64Array, dims: number[]}} Dense  a tensor without padding
 * @typedef {import("./loops.js").Get} Get
 * @typedef {import("./loops.js").Flat} Flat
 * @typedef {import("./loops.js").Source} Source
 */

/** One statement at the extents of a batch. */
export class Step {
  /**
   * @param {Statement} statement
   * @param {Map<string, Dense>} tensors  what it reads; its output is added
   * @param {{rows: number, data: number, dtype: string, seed: bigint}} batch
   */
  constructor(statement, tensors, { rows, data, dtype, seed }) {
    this.statement = statement;
    this.tensors = tensors;
    this.seed = seed;
    this.whole = dtype === "int32";
    const known = { rows, data };
    this.order = [...statement.axes, ...(statement.over ?? [])];
    this.sizes = this.order.map((axis) => {
      const size = statement.sizes[axis];
      return typeof size === "number" ? size : known[size];
    });
    this.places = new Int32Array(this.order.length);
    const dims = this.sizes.slice(0, statement.axes.length);
    this.out = { data: new Float64Array(dims.reduce((a, b) => a * b, 1)), dims };
    tensors.set(statement.out, this.out);
    this.element = this.#element();
  }

  /** Compute the output. */
  run() {
    const { places, element, whole } = this;
    const { data, dims } = this.out;
    places.fill(0);
    for (let k = 0; k < data.length; k++) {
      data[k] = whole ? Math.trunc(element()) : element();
      advance(places, dims, 0);
    }
  }

  /** @returns {Get} */
  #element() {
    const { statement } = this;
    if (statement.kind === "map") return this.#expr(/** @type {Expr} */ (statement.expr));
    return statement.kind === "max" ? this.#max() : this.#sum();
  }

  /** @returns {Get} */
  #sum() {
    const { statement } = this;
    const factors = (statement.factors ?? []).map((access) => this.#source(access));
    const guards = (statement.guards ?? []).map((guard) => this.#guard(guard));
    const start = statement.init ? this.#source(statement.init).value : () => 0;
    const flat = factors.every((source) => source.flat) && !guards.length && (statement.over ?? []).length > 0;
    const total = flat ? this.#flatSum(factors) : this.#guardedSum(factors, guards);
    return () => start() + total();
  }

  /**
   * Any sum: every step looks at its guards and bounds.
   * @param {Source[]} factors
   * @param {(() => boolean)[]} guards
   * @returns {Get}
   */
  #guardedSum(factors, guards) {
    return () => {
      let total = 0;
      this.#search(() => {
        if (!guards.every((holds) => holds()) || !factors.every((source) => source.inside())) return;
        total += factors.reduce((product, source) => product * source.value(), 1);
      });
      return total;
    };
  }

  /**
   * A sum whose accesses are steps through memory, never outside: the innermost axis is a loop over offsets.
   * @param {Source[]} factors
   * @returns {Get}
   */
  #flatSum(factors) {
    const { places, sizes } = this;
    const [first, last] = [this.statement.axes.length, sizes.length - 1];
    const outer = sizes.slice(first, last);
    const turns = outer.reduce((a, b) => a * b, 1);
    const inner = innermost(factors, last, sizes[last]);
    return () => {
      let total = 0;
      for (let k = first; k <= last; k++) places[k] = 0;
      for (let turn = 0; turn < turns; turn++) {
        total += inner(places);
        advance(places, outer, first);
      }
      return total;
    };
  }

  /** @returns {Get} */
  #max() {
    const { statement } = this;
    const source = this.#source(/** @type {Access} */ (statement.value));
    const guards = (statement.guards ?? []).map((guard) => this.#guard(guard));
    return () => {
      let [best, where, step] = [-Infinity, 0, -1];
      this.#search(() => {
        step++;
        if (!guards.every((holds) => holds()) || !source.inside() || source.value() <= best) return;
        [best, where] = [source.value(), step];
      });
      return statement.position ? where : best;
    };
  }

  /**
   * Go through all places of the axes that are summed or searched.
   * @param {() => void} visit
   */
  #search(visit) {
    const first = this.statement.axes.length;
    const sizes = this.sizes.slice(first);
    for (let k = first; k < this.places.length; k++) this.places[k] = 0;
    for (let left = sizes.reduce((a, b) => a * b, 1); left > 0; left--) {
      visit();
      advance(this.places, sizes, first);
    }
  }

  /**
   * @param {Guard} guard
   * @returns {() => boolean}
   */
  #guard(guard) {
    const [left, right = () => 0] = guard.slice(1).map((index) => this.#index(/** @type {Index} */ (index)));
    return guard[0] === "ge" ? () => left() >= right() : () => left() === right();
  }

  /**
   * @param {Index} index
   * @returns {Get}
   */
  #index(index) {
    const { places } = this;
    if (typeof index === "number") return () => index;
    if (Array.isArray(index)) return this.#source(index).value;
    const { base, steps } = this.#affine(index);
    return () => steps.reduce((total, step, axis) => total + step * places[axis], base);
  }

  /**
   * @param {number|string|{terms: Record<string, number>, offset: number}} index
   * @returns {Flat}
   */
  #affine(index) {
    if (typeof index === "number") return { base: index, steps: this.order.map(() => 0) };
    const terms = typeof index === "string" ? { [index]: 1 } : index.terms;
    return { base: typeof index === "string" ? 0 : index.offset, steps: this.order.map((axis) => terms[axis] ?? 0) };
  }

  /**
   * An access: 0 outside its tensor.
   * @param {Access} access
   * @returns {Source}
   */
  #source([tensor, ...indices]) {
    const found = this.tensors.get(tensor);
    if (!found) throw new RangeError(`${this.statement.out} reads ${tensor}, which is not there`);
    const { data, dims } = found;
    const strides = dims.map((_, d) => dims.slice(d + 1).reduce((a, b) => a * b, 1));
    const flat = this.#flat(indices, dims, strides);
    if (flat) return { value: reading(data, flat, this.places), inside: () => true, flat, data };
    const gets = indices.map((index) => this.#index(index));
    const inside = () => gets.every((get, d) => get() >= 0 && get() < dims[d]);
    const value = () => (inside() ? data[gets.reduce((k, get, d) => k + get() * strides[d], 0)] : 0);
    return { value, inside, flat: null, data };
  }

  /**
   * Steps through memory, where no index is a gather and none can leave its tensor.
   * @param {Index[]} indices
   * @param {number[]} dims
   * @param {number[]} strides
   * @returns {Flat|null}
   */
  #flat(indices, dims, strides) {
    const total = { base: 0, steps: this.order.map(() => 0) };
    for (const [d, index] of indices.entries()) {
      if (Array.isArray(index)) return null;
      const { base, steps } = this.#affine(index);
      const reach = steps.map((step, axis) => step * Math.max(0, this.sizes[axis] - 1));
      const low = reach.reduce((sum, most) => sum + Math.min(0, most), base);
      const high = reach.reduce((sum, most) => sum + Math.max(0, most), base);
      if (low < 0 || high >= dims[d]) return null;
      total.base += base * strides[d];
      for (const [axis, step] of steps.entries()) total.steps[axis] += step * strides[d];
    }
    return total;
  }

  /**
   * @param {Expr} expr
   * @returns {Get}
   */
  #expr(expr) {
    if (typeof expr === "number" || expr[0] === "const") {
      const value = typeof expr === "number" ? expr : Number(expr[1]);
      return () => value;
    }
    if (expr[0] === "read") return this.#source(expr[1]).value;
    if (expr[0] === "axis") return this.#index(expr[1]);
    if (expr[0] === "uniform") {
      const [time, row, unit] = expr.slice(2).map((index) => this.#index(index));
      return () => uniform(this.seed, expr[1], time(), row(), unit());
    }
    return operation(opOf(expr), operands(expr).map((operand) => this.#expr(operand)));
  }
}

/**
 * @param {string} op
 * @param {Get[]} parts
 * @returns {Get}
 */
function operation(op, [a, b, c]) {
  switch (op) {
    case "+":
      return () => a() + b();
    case "-":
      return () => a() - b();
    case "*":
      return () => a() * b();
    case "/":
      return () => a() / b();
    case "neg":
      return () => -a();
    case "fma":
      return () => a() * b() + c();
    case "stop":
      return a;
    case "where":
      return () => (a() ? b() : c());
    case "gt":
      return () => Number(a() > b());
    case "ge":
      return () => Number(a() >= b());
    case "eq":
      return () => Number(a() === b());
    default: {
      const call = FUNCTIONS[op];
      if (!call) throw new RangeError(`there is no operator ${op}`);
      return () => call(a());
    }
  }
}
