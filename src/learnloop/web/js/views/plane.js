// The large view for one or two inputs: what the network answers everywhere, with the data on top.

import { classColour, classRgb, Scale } from "../draw/colour.js";
import { paint } from "../draw/canvas.js";
import { html, picture as drawing, set, svg, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { overPlane } from "./stage-neuron.js";

const SIZE = 400;
const MOST_POINTS = 1500;
/** The map is paler than the points on it. */
const PALE = 0.62;

/** @typedef {import("../state/explorer.js").State} State */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function plane(explorer) {
  const canvas = html("canvas", { class: "plane-map", "aria-hidden": "true" });
  const points = svg("g", {});
  const looked = svg("circle", { class: "looked", r: 9, fill: "none" });
  const curve = svg("path", { class: "plane-curve", fill: "none" });
  const over = drawing("The answer of the network over its inputs", "Filled points were learnt from, hollow ones were held out; a ring marks those that are wrong.", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "plane-points" }, curve, points, looked);
  const caption = html("figcaption", { class: "quiet" });
  const [left, right, bottom, top] = ["left", "right", "bottom", "top"].map((side) => html("span", { class: `plane-tick ${side} number quiet` }));
  const element = html("figure", { class: "plane" }, html("div", { class: "plane-box" }, canvas, over, left, right, bottom, top), caption);
  let drawn = /** @type {any} */ (null);

  /** @param {State} state */
  function update(state) {
    const { run, picture } = state;
    if (!run?.plane || !picture || picture.run.examples !== run.examples) return;
    const flat = run.kit.inputs === 1;
    if (drawn !== run.examples) dots(run);
    element.classList.toggle("line", flat);
    if (flat) drawCurve(picture, run);
    else drawMap(state);
    mark(picture, run, flat);
    look(state);
    write(caption, captionOf(state));
  }

  /** A ring around the row that is looked at. @param {State} state */
  function look({ run, row, explained, selection }) {
    const chosen = selection?.kind === "neuron" ? (explained?.neuron?.neuron.row ?? row) : row;
    const [cx, cy] = chosen === null || chosen >= run?.examples.X.length / run?.kit.inputs ? [-99, -99] : spotOf(run, chosen);
    set(looked, { cx, cy });
  }

  /** @param {State} state */
  function drawMap(state) {
    const { run, picture, hover } = state;
    const scale = new Scale();
    const { grid, map } = /** @type {import("../state/plane.js").Plane} */ (run?.plane);
    if (hover) {
      const value = overPlane(state, { kind: hover.layer ? "layer" : "inputs", layer: hover.layer }, hover.unit);
      return paint(canvas, grid.columns, grid.rows, (k) => scale.pixel(value(k)));
    }
    const values = picture.map;
    const width = run?.kit.outputs;
    if (run?.data.task === "classification" && width > 1) return paint(canvas, map.columns, map.rows, (k) => blend(values, k, width, scale));
    const [middle, reach] = run?.data.task === "classification" ? [0.5, 0.5] : [0, 2];
    paint(canvas, map.columns, map.rows, (k) => scale.pixel((PALE * (values[k * width] - middle)) / reach));
  }

  /** @param {any} picture @param {any} run */
  function drawCurve(picture, run) {
    const { columns } = run.plane.map;
    const [low, high] = rangeOf(run);
    const y = (/** @type {number} */ v) => (SIZE - ((v - low) / (high - low)) * SIZE).toFixed(1);
    const path = Array.from({ length: columns }, (_, k) => `${k ? "L" : "M"}${(((k + 0.5) / columns) * SIZE).toFixed(1)} ${y(picture.map[k * run.kit.outputs])}`);
    set(curve, { d: path.join("") });
  }

  /** @param {any} run */
  function dots(run) {
    drawn = run.examples;
    set(curve, { d: "" });
    const chosen = shownOf(run.examples);
    points.replaceChildren(...chosen.map(({ row, held }) => dot(run, row, held)));
    const [x, y] = [run.plane.domain[0], run.plane.domain[1] ?? rangeOf(run).map((v) => back(run, v))];
    write(left, short(x[0])), write(right, short(x[1])), write(bottom, short(y[0])), write(top, short(y[1]));
  }

  /** @param {any} run @param {number} row @param {boolean} held */
  function dot(run, row, held) {
    const [x, y] = spotOf(run, row);
    const label = run.examples.labels?.[row] ?? run.examples.Y[row];
    const classes = run.data.task === "classification";
    const colour = classes ? classColour(label) : "var(--text)";
    return svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: held ? 3.6 : 4, fill: held ? "var(--panel)" : colour, stroke: held ? colour : "var(--panel)", "stroke-width": held ? 2 : 1.1, "data-row": row, class: "dot" });
  }

  /** Rings around what the network gets wrong. @param {any} picture @param {any} run @param {boolean} flat */
  function mark(picture, run, flat) {
    if (flat || run.data.task !== "classification") return;
    for (const circle of points.children) {
      const wrong = answerOf(picture.predictions, Number(circle.getAttribute("data-row")), run.kit.outputs) !== labelOf(run, Number(circle.getAttribute("data-row")));
      circle.classList.toggle("wrong", wrong);
    }
  }

  points.addEventListener("click", (event) => {
    const row = /** @type {Element} */ (event.target).getAttribute("data-row");
    if (row !== null) explorer.set({ row: Number(row) });
  });
  return { element, update, destroy() {} };
}

/** Where a row is in the picture. @param {any} run @param {number} row */
function spotOf(run, row) {
  const { domain } = run.plane;
  const inputs = run.kit.inputs;
  const share = (/** @type {number} */ v, /** @type {[number, number]} */ [low, high]) => (v - low) / (high - low);
  const x = SIZE * share(run.examples.raw[row * inputs], domain[0]);
  if (inputs === 1) return [x, SIZE * (1 - share(run.examples.Y[row], rangeOf(run)))];
  return [x, SIZE * (1 - share(run.examples.raw[row * inputs + 1], domain[1]))];
}

/** Of the target, scaled. @param {any} run @returns {[number, number]} */
function rangeOf(run) {
  const Y = run.examples.Y ?? run.examples.labels;
  let [low, high] = [Infinity, -Infinity];
  for (const v of Y) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const margin = (high - low || 1) * 0.12;
  return [low - margin, high + margin];
}

/** A scaled target as people know it. @param {any} run @param {number} v */
const back = (run, v) => (run.examples.target_scale ? v * run.examples.target_scale.scale + run.examples.target_scale.mean : v);

/** @param {any} examples */
function shownOf(examples) {
  const all = [...Array.from(examples.learn, (row) => ({ row, held: false })), ...Array.from(examples.test, (row) => ({ row, held: true }))];
  const step = Math.max(1, Math.ceil(all.length / MOST_POINTS));
  return all.filter((_, k) => k % step === 0);
}

/** @param {any} run @param {number} row */
export const labelOf = (run, row) => (run.examples.labels ? run.examples.labels[row] : Math.round(run.examples.Y[row]));

/** The class that the network answers. @param {ArrayLike<number>} predictions @param {number} row @param {number} width */
export function answerOf(predictions, row, width) {
  if (width === 1) return Number(predictions[row] > 0.5);
  let best = 0;
  for (let k = 1; k < width; k++) if (predictions[row * width + k] > predictions[row * width + best]) best = k;
  return best;
}

/** The colour of the likeliest class, paler where others are as likely. @param {ArrayLike<number>} values @param {number} k @param {number} width @param {Scale} scale */
function blend(values, k, width, scale) {
  let best = 0;
  for (let c = 1; c < width; c++) if (values[k * width + c] > values[k * width + best]) best = c;
  const sure = Math.max(0, (values[k * width + best] - 1 / width) / (1 - 1 / width));
  const end = classRgb(best);
  const mix = (/** @type {number} */ c) => Math.round(scale.zero[c] + (end[c] - scale.zero[c]) * sure * PALE);
  return (255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0);
}

/** @param {State} state */
function captionOf({ run, hover }) {
  if (hover && run) return hover.layer ? `what neuron ${hover.unit} of ${hover.layer} computes` : `the input ${run.data.columns[hover.unit].name}`;
  const names = run?.data.columns.map((/** @type {any} */ c) => c.name) ?? [];
  return names.length === 1 ? `${run?.data.targets[0]} over ${names[0]}` : `${names[1]} over ${names[0]}; filled: learnt from, hollow: held out`;
}
