// One neuron for one row: its sum, its function, its delta in plain words, and what the update did to its weights.

import { html, picture, svg } from "../draw/dom.js";
import { short, signed } from "../draw/format.js";
import { sum } from "../explain/rational.js";
import { fraction } from "../draw/sheet.js";
import { blame, ear, isStraight } from "../state/sentence.js";
import { inputName, sourceOf } from "../state/words.js";
import { bar, exactList, figure, Folds, part, rowPicture, rowWords, slot, tick } from "./card-parts.js";

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 * @typedef {import("../state/explorer.js").Explorer} Explorer
 */

/** So many lines are always shown; of more, the strongest few. */
const MOST = 9;
const STRONGEST = 6;

/** @param {Explorer} explorer */
export function neuronCard(explorer) {
  const folds = new Folds();
  const [chooser, told] = [slot(html("div", {})), slot(html("div", {}))];
  const element = html("div", { class: "neuron-card" }, chooser.element, told.element);

  /** @param {State} state */
  function update({ explained, run }) {
    if (!run || explained?.selection.kind !== "neuron") return;
    const { neuron: found, error } = explained;
    if (!found) return chooser.fill([], () => []), told.fill([explained], () => [withoutSum(explorer, run, explained.selection, error)]);
    chooser.fill([explained], () => rowChooser(explorer, run, found));
    told.fill([explained], () => [
      inputsPart(run, found, folds), answerPart(found), deltaPart(found, run), pushedPart(explorer, run, found, folds),
      folds.fold("exact", "All digits, and as fractions", () => [exactList([...["pre_activation", "activation", "delta", "bound"].map((name) => ({ name, value: found.neuron[name], exact: String(found.neuron[name]) })), ...namedParts(run, found.neuron)])]),
    ]);
  }

  return { element, update };
}

/** A unit of a layer that only rescales, for instance: its parameters lead to their cards. @param {Explorer} explorer @param {Shown} run @param {any} selection @param {string} error */
function withoutSum(explorer, run, { layer, unit }, error) {
  if (run.kit.layers.find((/** @type {any} */ l) => l.name === layer)?.pre_activation) return html("p", { class: "quiet" }, error);
  const own = run.kit.parameters.filter((/** @type {any} */ p) => p.layer === layer && p.dims.length === 1 && unit < p.dims[0]);
  const open = (/** @type {any} */ p) => () => explorer.set({ selection: { kind: "weight", parameter: p.name, place: [unit] } });
  const line = (/** @type {any} */ p) => html("li", {}, html("button", { type: "button", class: "linkish", "data-key": p.name, "data-parameter": p.name, "data-place": String(unit), click: open(p) }, `${p.name}[${unit}]`));
  return part("No sum of its own", html("p", {}, `${layer} adds up no inputs of its own: it only changes what comes in.`), own.length > 0 && html("p", { class: "quiet small" }, "What it learns here:"), html("ul", { class: "pushes" }, ...own.map(line)));
}

/** Which row of the batch. @param {Explorer} explorer @param {Shown} run @param {any} found */
function rowChooser(explorer, run, { rows, position, met, neuron }) {
  const go = (/** @type {number} */ k) => explorer.set({ row: rows[(k + rows.length) % rows.length] });
  const turn = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {number} */ by) => html("button", { type: "button", class: "small-button", "aria-label": label, title: label, "data-key": label, click: () => go(position + by) }, sign);
  const select = html("select", { "aria-label": "Row of the batch", "data-key": "row", change: (/** @type {Event} */ e) => go(Number(/** @type {HTMLSelectElement} */ (e.target).value)) }, ...rows.map((/** @type {number} */ row, /** @type {number} */ k) => html("option", { value: k, selected: k === position }, rowWords(run, row))));
  const asked = explorer.state.row;
  const where = run.plane ? run.data.columns.map((/** @type {any} */ c, /** @type {number} */ k) => `${c.name} = ${short(run.examples.raw[neuron.row * run.kit.inputs + k])}`).join(", ") : "";
  const elsewhere = asked !== null && asked !== neuron.row;
  return [
    html("div", { class: "row chooser" }, rowPicture(run, neuron.row), turn("Previous row of the batch", "‹", -1), select, turn("Next row of the batch", "›", 1), html("span", { class: "quiet small" }, `${position + 1} of ${rows.length}`)),
    where && html("p", { class: "small quiet notice" }, `${where}; ringed on the map`),
    elsewhere && html("p", { class: "small quiet notice" }, met === null ? `Row ${asked} is not in this batch. ` : `Row ${asked} is met at update ${met} of this epoch. `, met !== null && html("button", { type: "button", class: "linkish", "data-key": "met", click: () => { explorer.pause(); explorer.seek(met); } }, "Go there")),
  ];
}

/** Inputs times weights plus bias. @param {Shown} run @param {any} found @param {Folds} folds */
function inputsPart(run, { neuron }, folds) {
  const products = neuron.parts.filter((/** @type {any} */ p) => p.kind === "product").map((/** @type {any} */ p, /** @type {number} */ k) => ({ ...p, input: neuron.inputs[k], weight: neuron.weights[k], k }));
  const sorted = [...products].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const most = Math.max(...neuron.parts.map((/** @type {any} */ p) => Math.abs(p.value)), 1e-30);
  const shown = sorted.slice(0, sorted.length <= MOST ? MOST : STRONGEST);
  const rest = sorted.slice(shown.length);
  const line = (/** @type {any} */ p) => html(
    "tr", { "data-part": p.name, "data-kind": p.kind },
    html("th", { scope: "row", class: "input" }, p.kind === "product" ? inputName(run, neuron.layer, p.k) : p.kind),
    html("td", { class: "factors number quiet" }, p.kind === "product" && figure(p.input), p.kind === "product" && " × ", p.kind === "product" && figure(p.weight)),
    html("td", { class: "bars" }, bar(p.value / most)),
    html("td", {}, figure(p.value, { exact: p.exact, sign: true, digits: 4 })),
  );
  const others = neuron.parts.filter((/** @type {any} */ p) => p.kind !== "product");
  const left = sum(rest.map((p) => fraction(p.exact)));
  const folded = rest.length > 0 && html("tr", { "data-part": "others" }, html("th", { scope: "row", colspan: 2 }, `the other ${rest.length} of ${products.length}`), html("td", { class: "bars" }, bar(left.toNumber() / most)), html("td", {}, figure(left.toNumber(), { exact: left.toString(), sign: true, digits: 4 })));
  const total = html("tr", { class: "total" }, html("th", { scope: "row", colspan: 2 }, "z, the sum"), html("td", { class: "bars" }, bar(neuron.pre_activation / most)), html("td", {}, figure(neuron.pre_activation, { field: "pre_activation", digits: 6 })));
  return part(
    "It adds up: inputs × weights + bias",
    meant("z is that sum, before the function."),
    scaling(run, neuron.layer),
    html("table", { class: "sum" }, html("tbody", {}, ...shown.map(line), folded, ...others.map(line), total)),
    tick(neuron.ticks, neuron.ticks ? `The sum is z; the rounding is within its bound ${short(neuron.bound, 2)}.` : `The rounding is outside its bound ${short(neuron.bound, 2)}.`),
    rest.length > 0 && folds.fold("inputs", `the other ${rest.length} inputs`, () => [html("table", { class: "sum" }, html("tbody", {}, ...rest.map(line)))]),
  );
}

/** A product in the list of digits is named as one: input × weight. @param {Shown} run @param {any} neuron */
function namedParts(run, neuron) {
  const products = neuron.parts.filter((/** @type {any} */ p) => p.kind === "product");
  return neuron.parts.map((/** @type {any} */ p) => (p.kind === "product" ? { ...p, name: `${inputName(run, neuron.layer, products.indexOf(p))} × ${p.name}` } : p));
}

/** How inputs were scaled, where they come into a layer. @param {Shown} run @param {string} layer */
function scaling(run, layer) {
  const scales = /** @type {{mean: number, scale: number}[]} */ (sourceOf(run.kit, layer) === "" ? (run.examples.scales ?? []) : []);
  if (scales.every((s) => s.mean === 0 && s.scale === 1)) return null;
  const divided = scales.every((s) => s.mean === 0 && s.scale === scales[0].scale);
  return meant(divided ? `Inputs are divided by ${short(scales[0].scale)} first.` : "Inputs are scaled first: mean 0, deviation 1 over the rows learnt from.");
}

/** The function, and where z is on it. @param {any} found */
function answerPart({ neuron, curve }) {
  const said = html("p", { class: "equation" }, "a = f(", figure(neuron.pre_activation, { digits: 4 }), ") = ", html("b", {}, figure(neuron.activation, { field: "activation", digits: 6 })));
  return part("It answers", meant("a is what the neuron answers: the function of z."), html("div", { class: "answer" }, curve && functionPicture(curve, neuron), html("div", {}, said, html("p", { class: "quiet small" }, curve ? (isStraight(curve) ? "This layer has no bend: the sum is the answer." : "f is the function of this layer; the dot is this row.") : "f looks at the other neurons of its layer, too, so it has no curve of its own."))));
}

/** @param {any} curve @param {any} neuron */
function functionPicture({ low, high, values }, neuron) {
  const [width, height, pad] = [120, 74, 6];
  const [bottom, top] = [Math.min(0, ...values, neuron.activation), Math.max(0, ...values, neuron.activation)];
  const x = (/** @type {number} */ z) => pad + ((z - low) / (high - low)) * (width - 2 * pad);
  const y = (/** @type {number} */ a) => height - pad - ((a - bottom) / (top - bottom || 1)) * (height - 2 * pad);
  const path = values.map((/** @type {number} */ a, /** @type {number} */ k) => `${k ? "L" : "M"}${x(low + (k * (high - low)) / (values.length - 1)).toFixed(1)} ${y(a).toFixed(1)}`).join("");
  const [px, py] = [x(neuron.pre_activation), y(neuron.activation)];
  return picture(
    "The function of this neuron", `At z = ${short(neuron.pre_activation)} it is ${short(neuron.activation)}.`, { viewBox: `0 0 ${width} ${height}`, class: "function" },
    svg("path", { class: "axes", d: `M${pad} ${y(0)}H${width - pad}M${x(0)} ${pad}V${height - pad}` }), svg("path", { class: "curve", d: path }),
    svg("path", { class: "drop", d: `M${px} ${y(0)}V${py}H${x(0)}` }), svg("circle", { cx: px, cy: py, r: 4.5 }),
  );
}

/** How wrong, times whether it listens. @param {any} found @param {Shown} run */
function deltaPart({ neuron, above, curve, rows }, run) {
  const slope = curve && Math.abs(curve.slope) < 1e-12 && neuron.delta === 0 ? 0 : above ? neuron.delta / above : curve ? curve.slope : null;
  const outer = above ?? (slope ? neuron.delta / slope : neuron.delta);
  const box = (/** @type {string} */ title, /** @type {import("../draw/dom.js").Child} */ value, /** @type {string} */ words) => html("div", { class: "factor" }, html("span", { class: "quiet small" }, title), html("b", {}, value), html("span", { class: "small" }, words));
  return part(
    "Its delta: how wrong × does it listen",
    meant("delta is how much the loss would change if z grew a little, for each unit that z grows."),
    html("div", { class: "product" }, box("how wrong are we", figure(outer, { sign: true }), blame(outer, rows.length)), html("span", { class: "times", "aria-hidden": "true" }, "×"), box("is the neuron listening", slope === null ? "–" : figure(slope), ear(slope, curve)), html("span", { class: "times", "aria-hidden": "true" }, "="), box("delta", figure(neuron.delta, { sign: true, field: "delta" }), run.kit.layers.length ? `z should ${neuron.delta > 0 ? "fall" : neuron.delta < 0 ? "rise" : "stay"}` : "")),
  );
}

/** What the update did to its weights; each leads to its card. @param {Explorer} explorer @param {Shown} run @param {any} found @param {Folds} folds */
function pushedPart(explorer, run, { neuron, pushed }, folds) {
  const known = pushed.flatMap((/** @type {any} */ p, /** @type {number} */ k) => (p ? [{ ...p, change: p.after - p.before, name: neuron.parts[k].kind === "bias" ? "bias" : inputName(run, neuron.layer, k) }] : []));
  known.sort((/** @type {any} */ a, /** @type {any} */ b) => Math.abs(b.change) - Math.abs(a.change));
  const most = Math.abs(known[0]?.change) || 1;
  const open = (/** @type {any} */ p) => () => explorer.set({ selection: { kind: "weight", parameter: p.parameter, place: p.place } });
  const line = (/** @type {any} */ p) => html("li", {}, html(
    "button", { type: "button", class: "pushed", "data-key": `${p.parameter} ${p.place}`, "data-parameter": p.parameter, "data-place": String(p.place), title: `Why ${p.parameter}[${p.place}] moved`, click: open(p) },
    html("span", { class: "pushed-name" }, p.name), html("span", { class: "hidden-text" }, " went from "), html("span", { class: "number quiet" }, `${short(p.before, 4)} → ${short(p.after, 4)}`), bar(p.change / most), html("span", { class: "hidden-text" }, " by "), html("span", { class: "number" }, signed(p.change)),
  ));
  const shown = known.slice(0, known.length <= MOST ? MOST : STRONGEST);
  const rest = known.slice(shown.length);
  return part(
    "What this update did to its weights",
    known[0]?.change === 0 && html("p", { class: "small" }, "Nothing: none of them moved."),
    html("ul", { class: "pushes" }, ...shown.map(line)),
    rest.length > 0 && folds.fold("pushes", `the other ${rest.length} weights`, () => [html("ul", { class: "pushes" }, ...rest.map(line))]),
  );
}

/** What a letter means, in one line. @param {string} text */
const meant = (text) => html("p", { class: "quiet small meant" }, text);
