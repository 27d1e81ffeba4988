// Elementwise expressions: what they read, where they are linear, and what they are worth at a place.

import { factorAt, insideOf, placeAt, spotAt, numberAt } from "./places.js";

/**
 * @typedef {import("./description.js").Access} Access
 * @typedef {import("./description.js").Expr} Expr
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./moment.js").Reader} Reader
 * @typedef {import("./moment.js").Real} Real
 * @typedef {import("./places.js").At} At
 */
/**
 * @template N
 * @typedef {import("./numbers.js").Numbers<N>} Numbers
 */
/**
 * @template N
 * @typedef {(reader: Reader, row: number) => N} Quantity  a number of every update, or of every row of one
 */

const LEAVES = new Set(["const", "read", "axis", "uniform"]);
const EXACT_OPS = new Set(["const", "read", "axis", "neg", "where", "stop", "gt", "ge", "eq"]);
const ROUNDED_ONCE = new Set(["+", "-", "*", "/", "fma", "sqrt"]);

/** @param {Expr} expr */
export function opOf(expr) {
  return typeof expr === "number" ? "const" : expr[0];
}

/**
 * @param {Expr} expr
 * @returns {Expr[]}
 */
export function operands(expr) {
  return typeof expr === "number" || LEAVES.has(expr[0]) ? [] : expr.slice(1);
}

/**
 * The expression and everything below it.
 * @param {Expr} expr
 * @returns {Iterable<Expr>}
 */
function* walk(expr) {
  yield expr;
  for (const operand of operands(expr)) yield* walk(operand);
}

/**
 * The accesses whose values enter an expression, each once, in order.
 * @param {Expr} expr
 * @returns {Access[]}
 */
export function reads(expr) {
  /** @type {Map<string, Access>} */
  const found = new Map();
  for (const node of walk(expr)) {
    if (typeof node === "number" || node[0] !== "read") continue;
    const key = JSON.stringify(node[1]);
    if (!found.has(key)) found.set(key, node[1]);
  }
  return [...found.values()];
}

/**
 * Whether an expression reads one of the tensors.
 * @param {Expr} expr
 * @param {Set<string>} linear
 */
export function touches(expr, linear) {
  return reads(expr).some(([tensor]) => linear.has(tensor));
}

/**
 * Whether an expression has a summand that is linear in the given tensors.
 * @param {Expr} expr
 * @param {Set<string>} linear
 * @returns {boolean}
 */
export function carries(expr, linear) {
  const parts = operands(expr);
  const some = (/** @type {Expr[]} */ given) => given.some((part) => carries(part, linear));
  switch (opOf(expr)) {
    case "read":
      return touches(expr, linear);
    case "+":
    case "-":
    case "neg":
      return some(parts);
    case "*":
      return parts.filter((part) => touches(part, linear)).length === 1 && some(parts);
    case "/":
      return carries(parts[0], linear) && !touches(parts[1], linear);
    case "where":
      return !touches(parts[0], linear) && some(parts.slice(1));
    default:
      return false;
  }
}

/**
 * How many roundings an expression makes at most.
 * @param {Expr} expr
 * @param {number} ofFunction  what a function may be off
 */
export function roundingsOf(expr, ofFunction) {
  let total = 0;
  for (const node of walk(expr)) {
    if (typeof node === "number" || EXACT_OPS.has(node[0])) continue;
    total += ROUNDED_ONCE.has(node[0]) ? 1 : ofFunction;
  }
  return total;
}

/**
 * Every tensor that a statement reads, those inside indices and guards, too.
 * @param {import("./description.js").Statement} statement
 */
export function mentioned({ expr = 0, factors = [], init, value, guards = [] }) {
  const given = [...factors, ...(init ? [init] : []), ...(value ? [value] : [])];
  const indices = [...walk(expr)].flatMap((node) => {
    if (typeof node === "number" || node[0] === "const" || !LEAVES.has(node[0])) return [];
    return node[0] === "uniform" ? node.slice(2) : [node[1]];
  });
  return [...given, ...indices, ...guards.flatMap((guard) => guard.slice(1))].flatMap(gathered);
}

/**
 * The tensors of an access, and of those inside its indices; none of another index.
 * @param {any} index
 * @returns {string[]}
 */
function gathered(index) {
  return Array.isArray(index) ? [index[0], ...index.slice(1).flatMap(gathered)] : [];
}

/** Turns expressions into closures over some arithmetic: once for every place, then asked for every update. */
/** @template N */
export class Quantities {
  /**
   * @param {Numbers<N>} numbers
   * @param {Description} description
   * @param {Real} dtype  what "real" stands for
   */
  constructor(numbers, description, dtype) {
    this.numbers = numbers;
    this.description = description;
    this.dtype = dtype;
  }

  /**
   * @param {Expr} expr
   * @param {At} at
   * @returns {Quantity<N>}
   */
  of(expr, at) {
    const { numbers } = this;
    if (typeof expr === "number") {
      const value = numbers.of(this.dtype === "float32" ? Math.fround(expr) : expr);
      return () => value;
    }
    if (expr[0] === "const") return () => numbers.of(Number(expr[1]));
    if (expr[0] === "read") return this.#read(expr[1], at);
    if (expr[0] === "axis") {
      const spot = spotAt(expr[1], at);
      return (reader, row) => numbers.of(numberAt(spot, reader, row));
    }
    return expr[0] === "where" ? this.#where(expr, at) : this.#operation(expr, at);
  }

  /**
   * Whether a condition holds.
   * @param {Expr} expr
   * @param {At} at
   * @returns {(reader: Reader, row: number) => boolean}
   */
  condition(expr, at) {
    const { numbers } = this;
    const [left, right] = operands(expr).map((part) => this.of(part, at));
    /** @type {Record<string, (difference: number) => boolean>} */
    const kinds = { gt: (d) => d > 0, ge: (d) => d >= 0, eq: (d) => d === 0 };
    const holds = kinds[opOf(expr)];
    if (!holds) throw new RangeError(`${opOf(expr)} is no condition`);
    return (reader, row) => holds(numbers.compare(left(reader, row), right(reader, row)));
  }

  /**
   * @param {Access} access
   * @param {At} at
   * @returns {Quantity<N>}
   */
  #read(access, at) {
    const factor = factorAt(access, at);
    const inside = insideOf(factor, this.description.dims(factor.tensor));
    const zero = this.numbers.of(0);
    if (inside === false) return () => zero;
    const value = this.value(factor);
    return inside === true ? value : (reader, row) => (inside.holds(reader, row) ? value(reader, row) : zero);
  }

  /**
   * What lies at a place inside its tensor.
   * @param {import("./places.js").Factor} factor
   * @returns {Quantity<N>}
   */
  value({ tensor, place }) {
    const { numbers } = this;
    if (place.every((spot) => typeof spot === "number")) {
      const fixed = /** @type {number[]} */ (place);
      return (reader) => numbers.of(finite(reader.read(tensor, fixed), tensor, fixed));
    }
    return (reader, row) => {
      const here = placeAt(place, reader, row);
      return numbers.of(finite(reader.read(tensor, here), tensor, here));
    };
  }

  /**
   * @param {Expr[] & any} expr
   * @param {At} at
   * @returns {Quantity<N>}
   */
  #where(expr, at) {
    const [condition, then, otherwise] = operands(expr);
    const holds = this.condition(condition, at);
    const [yes, no] = [this.of(then, at), this.of(otherwise, at)];
    return (reader, row) => (holds(reader, row) ? yes(reader, row) : no(reader, row));
  }

  /**
   * @param {Expr} expr
   * @param {At} at
   * @returns {Quantity<N>}
   */
  #operation(expr, at) {
    const { add, subtract, multiply, divide, negate, call } = this.numbers;
    const op = opOf(expr);
    const [a, b, c] = operands(expr).map((part) => this.of(part, at));
    switch (op) {
      case "+":
        return (reader, row) => add(a(reader, row), b(reader, row));
      case "-":
        return (reader, row) => subtract(a(reader, row), b(reader, row));
      case "*":
        return (reader, row) => multiply(a(reader, row), b(reader, row));
      case "/":
        return (reader, row) => divide(a(reader, row), b(reader, row));
      case "fma":
        return (reader, row) => add(multiply(a(reader, row), b(reader, row)), c(reader, row));
      case "neg":
        return (reader, row) => negate(a(reader, row));
      case "stop":
        return a;
      default:
        return (reader, row) => call(op, a(reader, row));
    }
  }
}

/**
 * @param {number} value
 * @param {string} tensor
 * @param {readonly number[]} place
 */
function finite(value, tensor, place) {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${tensor}[${place.join(",")}] is ${value}, and a change that is no finite number has no parts`);
}
