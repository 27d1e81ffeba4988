// A stored number as the sum of what it was made of, followed through the statements. What is found depends on the
// program and the place alone: it is found once, and then asked for every update (summands.js, flows.js).

import { sumsRows } from "./description.js";
import { carries, operands, opOf, reads, roundingsOf, touches } from "./expressions.js";
import { EACH_ROW, factorAt, guardAt, insideOf } from "./places.js";

/**
 * @typedef {import("./description.js").Access} Access
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Expr} Expr
 * @typedef {import("./description.js").Statement} Statement
 * @typedef {import("./places.js").At} At
 * @typedef {import("./places.js").Factor} Factor
 * @typedef {import("./places.js").Test} Test
 *
 * @typedef {{expr: Expr, at: At, divides: boolean}} Share  a factor of a coefficient, or what it is divided by
 * @typedef {{expr: Expr, at: At, holds: boolean}} Branch  a condition, and which way it has to go
 * @typedef {{statement: Statement, steps: {tests: Test[], ofRows: boolean}[]}} Chain  a sum that summands went through
 *
 * @typedef {object} Way  from the stored number down to where the expansion is
 * @property {number} sign
 * @property {Share[]} shares
 * @property {Branch[]} branches
 * @property {Test[]} tests
 * @property {number} roundings  besides those of the chains
 * @property {Chain[]} chains
 * @property {Set<string>} frozen  the coefficients that depend on gradients
 *
 * @typedef {object} Term  a summand, or one for each row of a batch
 * @property {Way} way
 * @property {Factor[]} factors  the elements whose product it is
 * @property {{expr: Expr, at: At}|null} constant  its value, where it is no product of them
 * @property {Test[]} tests  where it is there
 * @property {boolean} ofRows
 */

/** @type {Way} */
const START = { sign: 1, shares: [], branches: [], tests: [], roundings: 0, chains: [], frozen: new Set() };

/** Expands stored numbers of a program. */
export class Expansion {
  /** @param {Description} description */
  constructor(description) {
    this.description = description;
    this.ofFunction = description.limits.function_roundings;
  }

  /**
   * The summands of a committed value, down to rows, old states and the old weight.
   * @param {Factor} element
   * @param {Way} [way]
   * @returns {Iterable<Term>}
   */
  *of(element, way = START) {
    const { tensor, place } = element;
    const statement = this.description.defined.get(tensor);
    if (!statement || !this.description.linear.has(tensor)) return yield leaf([element], way);
    if (statement.kind === "sum") return yield* this.sum(statement, place, way);
    yield* this.#linear(/** @type {Expr} */ (statement.expr), axesAt(statement, place), way);
  }

  /**
   * The summands of one sum of products; those of a sum over rows are not followed further.
   * @param {Statement} statement
   * @param {Factor["place"]} place
   * @param {Way} [way]
   * @returns {Iterable<Term>}
   */
  *sum(statement, place, way = START) {
    const at = axesAt(statement, place);
    const ofRows = sumsRows(statement);
    const steps = [...this.#steps(statement, at)];
    const chain = { statement, steps: steps.map(({ tests }) => ({ tests, ofRows })) };
    const here = { ...way, chains: [...way.chains, chain] };
    if (statement.init) yield* this.of(factorAt(statement.init, at), here);
    for (const { step, factors, tests } of steps) {
      const carriers = factors.filter(({ tensor }) => this.description.linear.has(tensor));
      if (ofRows || carriers.length !== 1) yield leaf(factors, here, ofRows, tests);
      else yield* this.of(carriers[0], this.#beside(here, statement, step, factors.indexOf(carriers[0]), tests));
    }
  }

  /**
   * The way through a product: the other factors belong to the coefficient.
   * @param {Way} way
   * @param {Statement} statement
   * @param {At} at
   * @param {number} carrier
   * @param {Test[]} tests
   * @returns {Way}
   */
  #beside(way, statement, at, carrier, tests) {
    const others = (statement.factors ?? []).filter((_, k) => k !== carrier);
    const shares = others.map((access) => share(["read", access], at));
    const frozen = this.#frozen(way, others);
    return { ...way, shares: [...way.shares, ...shares], tests: [...way.tests, ...tests], frozen };
  }

  /**
   * The steps of a sum that may be inside all bounds and guards; all rows are one step.
   * @param {Statement} statement
   * @param {At} at
   * @returns {Iterable<{step: At, factors: Factor[], tests: Test[]}>}
   */
  *#steps(statement, at) {
    const over = statement.over ?? [];
    /** @type {At} */
    const rows = Object.fromEntries(over.filter((a) => statement.sizes[a] === "rows").map((a) => [a, EACH_ROW]));
    const others = over.filter((axis) => typeof statement.sizes[axis] === "number");
    for (const turn of product(others, statement.sizes)) {
      const step = { ...at, ...rows, ...turn };
      const factors = (statement.factors ?? []).map((access) => factorAt(access, step));
      const found = [
        ...(statement.guards ?? []).map((guard) => guardAt(guard, step)),
        ...factors.map((factor) => insideOf(factor, this.description.dims(factor.tensor))),
      ];
      if (!found.includes(false)) yield { step, factors, tests: tests(found) };
    }
  }

  /**
   * An expression as a sum of coefficients times accesses.
   * @param {Expr} expr
   * @param {At} at
   * @param {Way} way
   * @returns {Iterable<Term>}
   */
  *#linear(expr, at, way) {
    const parts = operands(expr);
    const op = carries(expr, this.description.linear) ? opOf(expr) : "constant";
    if (op === "read") yield* this.#read(/** @type {any[]} */ (expr)[1], at, way);
    else if (op === "constant") yield this.#constant(expr, at, way);
    else if (op === "neg") yield* this.#linear(parts[0], at, { ...way, sign: -way.sign });
    else if (op === "where") yield* this.#branches(parts, at, way);
    else if (op === "*" || op === "/") yield* this.#product(op, parts, at, way);
    else {
      const rounded = { ...way, roundings: way.roundings + 1 };
      yield* this.#linear(parts[0], at, rounded);
      yield* this.#linear(parts[1], at, op === "+" ? rounded : { ...rounded, sign: -way.sign });
    }
  }

  /**
   * @param {"*"|"/"} op
   * @param {Expr[]} parts
   * @param {At} at
   * @param {Way} way
   * @returns {Iterable<Term>}
   */
  *#product(op, parts, at, way) {
    const k = op === "/" || touches(parts[0], this.description.linear) ? 0 : 1;
    const other = parts[1 - k];
    yield* this.#linear(parts[k], at, {
      ...way,
      shares: [...way.shares, { ...share(other, at), divides: op === "/" }],
      roundings: way.roundings + 1 + roundingsOf(other, this.ofFunction),
      frozen: this.#frozen(way, reads(other)),
    });
  }

  /**
   * An access, as far as it is inside its tensor: outside it reads 0.
   * @param {Access} access
   * @param {At} at
   * @param {Way} way
   * @returns {Iterable<Term>}
   */
  *#read(access, at, way) {
    const factor = factorAt(access, at);
    const inside = insideOf(factor, this.description.dims(factor.tensor));
    if (inside) yield* this.of(factor, inside === true ? way : { ...way, tests: [...way.tests, inside] });
  }

  /**
   * Both branches, each where it is taken.
   * @param {Expr[]} parts
   * @param {At} at
   * @param {Way} way
   * @returns {Iterable<Term>}
   */
  *#branches([expr, then, otherwise], at, way) {
    for (const [holds, part] of /** @type {[boolean, Expr][]} */ ([[true, then], [false, otherwise]]))
      yield* this.#linear(part, at, { ...way, branches: [...way.branches, { expr, at, holds }] });
  }

  /**
   * A summand that is linear in nothing: its value as it was.
   * @param {Expr} expr
   * @param {At} at
   * @param {Way} way
   * @returns {Term}
   */
  #constant(expr, at, way) {
    const accesses = reads(expr);
    const roundings = way.roundings + roundingsOf(expr, this.ofFunction);
    const here = { ...way, roundings, frozen: this.#frozen(way, accesses) };
    const factors = accesses.map((access) => factorAt(access, at));
    return { way: here, factors, constant: { expr, at }, tests: [], ofRows: false };
  }

  /**
   * @param {Way} way
   * @param {Access[]} accesses
   */
  #frozen(way, accesses) {
    const found = accesses.map(([tensor]) => tensor).filter((tensor) => this.description.withGradient.has(tensor));
    return found.length ? new Set([...way.frozen, ...found]) : way.frozen;
  }
}

/**
 * How many roundings a summand of a sum meets at most: its product, its chain, then the sums of blocks.
 * @param {Statement} statement
 * @param {number} terms
 */
export function depth(statement, terms) {
  const [, ...inner] = statement.over ?? [];
  const block = statement.order?.block ?? null;
  let outer = terms;
  if (block !== null) {
    const sizes = inner.map((axis) => statement.sizes[axis]).filter((size) => typeof size === "number");
    const chain = sizes.reduce((a, b) => a * b, block);
    outer = terms > chain ? Math.min(terms, chain) + Math.ceil(terms / chain) : terms;
  }
  return outer + (statement.factors ?? []).length - 1;
}

/**
 * @param {Factor[]} factors
 * @param {Way} way
 * @param {boolean} [ofRows]
 * @param {Test[]} [tests]
 * @returns {Term}
 */
function leaf(factors, way, ofRows = false, tests = []) {
  return { way, factors, constant: null, tests, ofRows };
}

/**
 * @param {Expr} expr
 * @param {At} at
 * @returns {Share}
 */
function share(expr, at) {
  return { expr, at, divides: false };
}

/** @param {(boolean|Test)[]} found */
function tests(found) {
  return /** @type {Test[]} */ (found.filter((test) => typeof test !== "boolean"));
}

/**
 * @param {Statement} statement
 * @param {Factor["place"]} place
 * @returns {At}
 */
function axesAt(statement, place) {
  return /** @type {At} */ (Object.fromEntries(statement.axes.map((axis, k) => [axis, place[k]])));
}

/**
 * All places of some axes, in lexicographic order.
 * @param {string[]} axes
 * @param {Statement["sizes"]} sizes
 * @returns {Iterable<Record<string, number>>}
 */
function* product([axis, ...rest], sizes) {
  if (axis === undefined) return yield {};
  for (let k = 0; k < Number(sizes[axis]); k++) for (const turn of product(rest, sizes)) yield { [axis]: k, ...turn };
}
