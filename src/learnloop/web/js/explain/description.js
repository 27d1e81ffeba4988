// A program as Python describes it (learnloop/web/describe.py has the grammar), with what is looked up often.

/**
 * @typedef {number|string|{terms: Record<string, number>, offset: number}|Access} Index
 * @typedef {[string, ...IndexData[]]} Access  tensor and indices
 * @typedef {any} IndexData  an Index: JSDoc has no recursive tuples
 * @typedef {["ge", Index]|["eq", Index, Index]} Guard
 * @typedef {number|[string, ...any[]]} Expr  a constant, or an operator and its arguments
 * @typedef {number|"rows"|"data"} Extent
 *
 * @typedef {object} Statement  "map" has expr; "sum" over, factors, init, guards, order; "max" over, value, guards
 * @property {"map"|"sum"|"max"} kind
 * @property {string} out
 * @property {string[]} axes
 * @property {Record<string, Extent>} sizes
 * @property {Expr} [expr]
 * @property {string[]} [over]
 * @property {Access[]} [factors]
 * @property {Access|null} [init]
 * @property {Guard[]} [guards]
 * @property {{lanes: boolean, block: number|null}} [order]
 * @property {Access} [value]
 * @property {boolean} [position]
 *
 * @typedef {object} Program  one of the functions
 * @property {{title: string, statements: Statement[]}[]} sections
 * @property {[string, string][]} commits
 * @property {string[]} outputs
 *
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} tensor
 * @property {string} layer
 * @property {number[]} dims
 * @property {string} gradient
 * @property {string[]} sources
 * @property {string[]} terms
 *
 * @typedef {{weights: string[], parameters: string[], delta: string|null, above: string|null}} Watched
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} activation
 * @property {string|null} pre_activation
 * @property {string|null} delta
 * @property {number} width
 * @property {Record<string, string>} parameters
 * @property {Watched|null} watched
 *
 * @typedef {{threshold: number, rearm: number, patience: number}} Limit
 * @typedef {"float32"|"float64"} Real
 *
 * @typedef {object} Limits
 * @property {Record<Real, number>} unit
 * @property {Record<Real, number>} smallest
 * @property {number} function_roundings
 * @property {number} ledger_sums
 * @property {{step: number, tolerance: Record<Real, number>}} check
 * @property {Record<string, Limit>} alarms
 * @property {number} looks
 * @property {number} scan
 * @property {number} most_jumps
 * @property {number} flat
 * @property {number} most_rows
 * @property {number} faint
 * @property {number} large
 * @property {number} small
 * @property {number} half
 * @property {number} dead_rows
 * @property {number} fall
 * @property {number} stuck
 * @property {number} most_blocks
 * @property {number} fewest_blocks
 * @property {number} short_blocks
 * @property {number} window
 * @property {number} start_rows
 *
 * @typedef {object} Data  what Python sends
 * @property {number} version
 * @property {number} inputs
 * @property {number} outputs
 * @property {boolean} labels
 * @property {Record<string, [Extent[], string, string]>} tensors  dims, dtype and role
 * @property {Record<string, Program>} functions
 * @property {Record<string, number>} options
 * @property {Record<string, string>} layer_of
 * @property {Parameter[]} parameters
 * @property {{layers: Layer[], output: string, symbols: Record<string, string>, gradient_of: Record<string, string>,
 *   linear: string[], row_sums: string[], with_gradient: string[], rate: string}} structure
 * @property {Limits} limits
 */

/** A program, read for its explanation. */
export class Description {
  /** @param {Data} data */
  constructor(data) {
    if (data.version !== 1) throw new RangeError(`a description of version ${data.version}; this page reads version 1`);
    const train = data.functions.train;
    this.data = data;
    this.limits = data.limits;
    this.statements = train.sections.flatMap((section) => section.statements);
    this.defined = new Map(this.statements.map((statement) => [statement.out, statement]));
    this.linear = new Set(data.structure.linear);
    this.withGradient = new Set(data.structure.with_gradient);
    this.valueOf = new Map(train.commits);
    this.stateOf = new Map(train.commits.map(([state, value]) => [value, state]));
    this.symbols = new Map(Object.entries(data.structure.symbols));
    this.layers = new Map(data.structure.layers.map((layer) => [layer.name, layer]));
    this.parameters = new Map(data.parameters.map((p) => [p.name, p]));
    this.layerOf = new Map(Object.entries(data.layer_of));
  }

  /** @param {string} name */
  parameter(name) {
    return known("parameter", this.parameters, name);
  }

  /** @param {string} name */
  layer(name) {
    return known("layer", this.layers, name);
  }

  /**
   * The extents of a tensor.
   * @param {string} tensor
   */
  dims(tensor) {
    return this.data.tensors[tensor][0];
  }

  /**
   * Parameters and states of the program's own type are kept from update to update.
   * @param {string} tensor
   */
  isKept(tensor) {
    const [, dtype, role] = this.data.tensors[tensor];
    return dtype === "real" && (role === "parameter" || role === "state");
  }

  /** @param {string} tensor */
  isFixed(tensor) {
    const role = this.data.tensors[tensor][2];
    return role === "parameter" || role === "state";
  }

  /**
   * One element as people write it, "delta[7]", without the row of the batch.
   * @param {string} tensor
   * @param {readonly number[]} place
   */
  element(tensor, place) {
    const inner = this.dims(tensor)[0] === "rows" ? place.slice(1) : place;
    return `${this.symbols.get(tensor) ?? tensor}${brackets(inner)}`;
  }
}

/**
 * A place as people write it, nothing for a single value.
 * @param {readonly number[]} place
 */
export function brackets(place) {
  return place.length ? `[${place.join(",")}]` : "";
}

/**
 * Whether a statement is a sum over rows of the batch.
 * @param {Statement} statement
 */
export function sumsRows(statement) {
  return statement.kind === "sum" && (statement.over ?? []).some((axis) => statement.sizes[axis] === "rows");
}

/**
 * A place within bounds.
 * @param {string} what
 * @param {readonly number[]} place
 * @param {readonly number[]} dims
 */
export function checkPlace(what, place, dims) {
  const fits = place.length === dims.length && place.every((k, d) => Number.isInteger(k) && k >= 0 && k < dims[d]);
  if (!fits) throw new RangeError(`${what} has no place [${place.join(",")}]; its extents are ${dims.join(" x ")}`);
}

/**
 * @template T
 * @param {string} kind
 * @param {Map<string, T>} found
 * @param {string} name
 * @returns {T}
 */
function known(kind, found, name) {
  const value = found.get(name);
  if (value !== undefined) return value;
  throw new RangeError(`there is no ${kind} "${name}"; there are ${[...found.keys()].join(", ")}`);
}
