// The Python that makes a run: a whole script, which prints the digest that the page shows. Every text in it is a
// literal, so that no name can become code.

/**
 * @typedef {import("./scenario.js").Scenario} Scenario
 * @typedef {import("../data/prepare.js").Prepared} Prepared
 */

/** Bytes of arrays up to which a script holds them. */
const MOST = 1 << 20;
const WIDTH = 108;

/** A text as Python writes it: ASCII, nothing that could end it. @param {string} text */
const literal = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Plain data as Python: rules as calls of what they are made with. @param {any} value @returns {string} */
export function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return literal(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (Object.hasOwn(value, "named")) return literal(value.named);
  const { rule, ...fields } = value;
  if (typeof rule !== "string" || ![rule, ...Object.keys(fields)].every((name) => /^[A-Za-z_]\w*$/.test(name))) throw new TypeError("a part of this run has no name that Python knows");
  return `ll.${rule}(${Object.entries(fields).filter(([, v]) => v !== null).map(([name, v]) => `${name}=${python(v)}`).join(", ")})`;
}

/**
 * Why there is no script for a run; "" where there is one.
 * @param {Scenario} scenario
 * @param {Prepared} examples
 */
export function withoutScript(scenario, examples) {
  if (scenario.data.kind === "builtin") return "";
  // what dropout leaves out goes by the number of a row, which a script would change where held-out rows lie between
  const moved = examples.learn.some((row, k) => row !== k) && JSON.stringify(scenario.network).includes('"rule":"Dropout"');
  if (moved) return "With dropout, the rows of this run must keep their numbers, which a script cannot do: keep the run file instead.";
  return bytesOf(examples) <= MOST ? "" : `The rows of this run have more than ${MOST >> 20} MiB, which no script should hold: keep the run file instead.`;
}

/** @param {any} examples */
function bytesOf({ X, Y, labels, learn, origin }) {
  const share = learn.length / Math.max(1, origin.length);
  return share * (X.byteLength + (Y ?? labels).byteLength);
}

/**
 * @param {Scenario} scenario
 * @param {any} examples  what the worker says of them
 * @param {any} data  header of the data
 */
export function script(scenario, examples, data) {
  const { options, network, loss, optimizer } = scenario;
  const builtin = scenario.data.kind === "builtin";
  const seed = String(BigInt(options.seed));
  const weighty = examples.weights.some((/** @type {number} */ w) => w !== 1);
  return [
    `"""Trains what the page showed, with the same bits: prints the SHA-256 of the weights."""`, "",
    ...(builtin ? [] : ["import base64", ""]), ...(weighty || !builtin ? ["import numpy as np", ""] : []),
    "import learnloop as ll", ...(builtin && scenario.split ? ["from learnloop.data.prepare import prepare"] : []), "",
    ...(builtin ? loaded(scenario, data) : held(examples, data)),
    ...(weighty ? weights(examples) : []), "",
    "network = ll.Network(", `    inputs=${network.inputs},`, "    layers=[",
    ...network.layers.map((/** @type {any} */ layer) => `        ${python(layer)},`), "    ],", ")",
    "run = ll.train(", "    network, X, y,", `    loss=${python(loss)},`, `    optimizer=${python(optimizer)},`,
    `    batch_size=${options.batch_size}, epochs=${options.epochs}, seed=${seed}, dtype=${literal(options.dtype)},`,
    ...(weighty ? ["    sample_weight=weights,"] : []), ")", "print(run.digest)", "",
  ].join("\n");
}

/** Rows that come with learnloop. @param {any} scenario @param {any} header */
function loaded({ data, split }, header) {
  const options = Object.entries(data.options).map(([name, value]) => `, ${name}=${typeof value === "string" ? BigInt(value) : value}`);
  if (!options.every((text) => /^, [a-z_]+=[\d.e+-]+$/.test(text))) throw new TypeError("an option of the data is no number");
  const lines = [`data = ll.datasets.load(${literal(data.name)}${options.join("")})`];
  if (split) return [...lines, `rows = prepare(data, ${split.test}, ${BigInt(split.seed)})  # split, then scaled by the rows to learn from`, "X, y = rows.X[rows.train], rows.y[rows.train]"];
  if (header.task === "classification") return [...lines, "X, y = data.standardised()"];
  return [...lines, "X, y = data.standardised().X, data.y[:, None]", "y = ll.data.Standardiser.fit(y).transform(y)[:, 0]"];
}

/** Rows that only the page has, as the program read them. @param {any} examples @param {any} header */
function held(examples, header) {
  const { X, Y, labels, learn } = examples;
  const targets = Y ?? labels;
  const [inputs, outputs] = [X.length / examples.origin.length, targets.length / examples.origin.length];
  return [
    `# the rows of ${literal(header.name)}, as they are learnt from: scaled already`,
    ...array("X", taken(X, learn, inputs), `.reshape(-1, ${inputs})`),
    ...array("y", taken(targets, learn, outputs), outputs > 1 ? `.reshape(-1, ${outputs})` : labels ? ".astype(np.int64)" : ""),
  ];
}

/** @param {any} examples */
const weights = (examples) => {
  const own = taken(examples.weights, examples.learn, 1);
  const changed = Array.from(own, (w, k) => ({ w, k })).filter(({ w }) => w !== 1);
  return ["weights = np.ones(len(X))", ...changed.map(({ w, k }) => `weights[${k}] = ${w}`)];
};

/** The values of some rows. @param {Float32Array|Float64Array|Int32Array} values @param {Int32Array} rows @param {number} width */
function taken(values, rows, width) {
  const found = new /** @type {any} */ (values.constructor)(rows.length * width);
  rows.forEach((row, n) => found.set(values.subarray(row * width, (row + 1) * width), n * width));
  return found;
}

/** @param {string} name @param {any} values @param {string} shape @returns {string[]} */
function array(name, values, shape) {
  const kind = values.constructor.name.replace("Array", "").toLowerCase();
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const lines = text.match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? [""];
  return [`${name} = np.frombuffer(base64.b64decode(`, ...lines.map((line) => `    "${line}"`), `), "<${{ float32: "f4", float64: "f8", int32: "i4" }[/** @type {"float32"} */ (kind)]}")${shape}`];
}
