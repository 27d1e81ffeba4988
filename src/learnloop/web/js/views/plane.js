// The large view for one or two inputs: what the network answers everywhere, with the data on top.

import { classRgb, pointColour, Scale } from "../draw/colour.js";
import { paint } from "../draw/canvas.js";
import { boundaries } from "../draw/contour.js";
import { html, picture as drawing, set, svg, write } from "../draw/dom.js";
import { short } from "../draw/format.js";
import { shape } from "../draw/shapes.js";
import { answerOf, className, isClasses, labelOf, unscaled } from "../state/answers.js";
import { ghostMap } from "./ghost.js";
import { classKey } from "./class-key.js";
import { mapLegend, mapReach } from "./map-legend.js";
import { sketching } from "./sketch.js";
import { overPlane } from "./stage-neuron.js";

export { answerOf, labelOf };

export const SIZE = 400;
const MOST_POINTS = 1500;
/** The map is paler than the points on it. */
const PALE = 0.62;

/**
 * @typedef {import("../state/explorer.js").State} State
 * @typedef {import("../state/explorer.js").Shown} Shown
 */

/** @param {import("../state/explorer.js").Explorer} explorer */
export function plane(explorer) {
  const canvas = html("canvas", { class: "plane-map", "aria-hidden": "true" });
  const [edge, before, curve, old] = ["plane-edge", "plane-edge old", "plane-curve", "plane-curve old"].map((name) => svg("path", { class: name, fill: "none" }));
  const points = svg("g", {});
  const looked = svg("circle", { class: "looked", r: 9, fill: "none" });
  const over = drawing("The answer of the network over its inputs", "Filled points were learnt from, hollow ones were held out; a ring marks those that are wrong. The dashed line is where the run before the last change stood.", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "plane-points" }, before, edge, old, curve, points, looked);
  const caption = html("figcaption", { class: "quiet" });
  const [left, right, bottom, top] = ["left", "right", "bottom", "top"].map((side) => html("span", { class: `plane-tick tick-${side} number quiet` }));
  const box = html("div", { class: "plane-box" }, canvas, over, left, right, bottom, top);
  const [key, legend] = [classKey(), mapLegend()];
  const element = html("figure", { class: "plane" }, box, caption, legend.element, key.element);
  const ghost = ghostMap(explorer, () => explorer.refresh());
  const sketch = sketching(explorer, box, over);
  let drawn = /** @type {any} */ (null);
  let ringed = /** @type {number|null} */ (null);
  let shownRow = /** @type {number|null} */ (null);

  /** @param {State} state */
  function update(state) {
    const { run, picture } = state;
    if (!run?.plane || !picture || picture.run.examples !== run.examples) return;
    const flat = run.kit.inputs === 1;
    if (drawn !== run.examples) dots(run);
    element.classList.toggle("line", flat);
    if (flat) drawCurve(state);
    else drawMap(state);
    mark(picture, run, flat, state.row);
    look(state);
    sketch.update(state);
    key.update(run);
    legend.update(state);
    write(caption, captionOf(state));
  }

  /** A ring around the row that a card is about. @param {State} state */
  function look({ run, row, explained, selection }) {
    const chosen = selection?.kind === "neuron" ? (explained?.neuron?.neuron.row ?? row) : row;
    const [cx, cy] = chosen === null || chosen >= run?.examples.X.length / run?.kit.inputs ? [-99, -99] : spotOf(run, chosen);
    set(looked, { cx, cy });
    if (row !== ringed && row !== null && cx > 0 && !matchMedia("(prefers-reduced-motion: reduce)").matches) looked.animate([{ r: "40px", strokeWidth: "6px" }, { r: "9px", strokeWidth: "2.4px" }], { duration: 700, easing: "ease-out" });
    ringed = row;
  }

  /** @type {WeakMap<object, string>} answers never change: their edges are drawn many times */
  const known = new WeakMap();

  /** @param {any} map @param {ArrayLike<number>} values @param {number} outputs */
  function edges(map, values, outputs) {
    const found = known.get(values) ?? boundaries(map, values, outputs, SIZE);
    known.set(values, found);
    return found;
  }

  /** @param {State} state */
  function drawMap(state) {
    const run = /** @type {Shown} */ (state.run);
    paintMap(canvas, state);
    const classes = isClasses(run) && !state.hover;
    const map = /** @type {any} */ (run.plane).map;
    set(edge, { d: classes ? edges(map, state.picture.map, run.kit.outputs) : "" });
    const earlier = classes ? ghost.update(state) : null;
    set(before, { d: earlier ? edges(map, earlier, run.kit.outputs) : "" });
    set(curve, { d: "" });
    set(old, { d: "" });
  }

  /** @param {State} state */
  function drawCurve(state) {
    const run = /** @type {Shown} */ (state.run);
    const earlier = ghost.update(state);
    set(curve, { d: curvePath(state.picture.map, run) });
    set(old, { d: earlier ? curvePath(earlier, run) : "" });
    set(edge, { d: "" });
    set(before, { d: "" });
  }

  /** @param {Shown} run */
  function dots(run) {
    drawn = run.examples;
    points.replaceChildren(...shownOf(run.examples).map(({ row, held }) => dot(run, row, held)));
    const range = () => rangeOf(run).map((v) => unscaled(run, v));
    const { domain } = /** @type {any} */ (run.plane);
    const [x, y] = [domain[0], domain[1] ?? range()];
    write(left, short(x[0])), write(right, short(x[1])), write(bottom, short(y[0])), write(top, short(y[1]));
  }

  /** Rings around what the network gets wrong, and the row that is looked at. @param {any} picture @param {Shown} run @param {boolean} flat @param {number|null} chosen */
  function mark(picture, run, flat, chosen) {
    const judge = !flat && isClasses(run);
    if (!judge && chosen === shownRow) return;
    shownRow = chosen;
    for (const point of points.children) {
      const row = Number(point.getAttribute("data-row"));
      point.classList.toggle("wrong", judge && answerOf(picture.predictions, row, run.kit.outputs) !== labelOf(run, row));
      point.classList.toggle("chosen", row === chosen);
    }
  }

  points.addEventListener("click", (event) => {
    const row = /** @type {Element} */ (event.target).getAttribute("data-row");
    if (row !== null && !explorer.state.sketch) explorer.set({ row: Number(row) === explorer.state.row ? null : Number(row) });
  });
  return { element, update, destroy() {} };
}

/** What the network, or the neuron under the pointer, answers everywhere. @param {HTMLCanvasElement} canvas @param {State} state */
export function paintMap(canvas, state) {
  const { picture, hover } = state;
  const run = /** @type {Shown} */ (state.run);
  const scale = new Scale();
  const { grid, map } = /** @type {import("../state/plane.js").Plane} */ (run.plane);
  if (hover) {
    const value = overPlane(state, { kind: hover.layer ? "layer" : "inputs", layer: hover.layer }, hover.unit);
    return paint(canvas, grid.columns, grid.rows, (k) => scale.pixel(value(k)));
  }
  const [values, width] = [picture.map, run.kit.outputs];
  if (isClasses(run) && width > 1) return paint(canvas, map.columns, map.rows, (k) => blend(values, k, width, scale));
  const [middle, reach] = isClasses(run) ? [0.5, 0.5] : [0, mapReach(picture)];
  paint(canvas, map.columns, map.rows, (k) => scale.pixel((PALE * (values[k * width] - middle)) / reach));
}

/** @param {ArrayLike<number>} map @param {Shown} run */
export function curvePath(map, run) {
  const { columns } = /** @type {any} */ (run.plane).map;
  const [low, high] = isClasses(run) ? [-0.12, 1.12] : rangeOf(run);
  const y = (/** @type {number} */ v) => (SIZE - ((v - low) / (high - low)) * SIZE).toFixed(1);
  return Array.from({ length: columns }, (_, k) => `${k ? "L" : "M"}${(((k + 0.5) / columns) * SIZE).toFixed(1)} ${y(map[k * run.kit.outputs])}`).join("");
}

/** @param {Shown} run @param {number} row @param {boolean} held */
function dot(run, row, held) {
  const [x, y] = spotOf(run, row);
  const label = isClasses(run) ? labelOf(run, row) : -1;
  const colour = label < 0 ? "var(--text)" : pointColour(label);
  return svg("path", { d: shape(label, held ? 3.6 : 4), transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill: held ? "var(--panel)" : colour, stroke: held ? colour : "var(--panel)", "stroke-width": held ? 2 : 1.1, "data-row": row, class: "dot" });
}

/** Where a row is in the picture. @param {any} run @param {number} row */
function spotOf(run, row) {
  const { domain } = run.plane;
  const inputs = run.kit.inputs;
  const share = (/** @type {number} */ v, /** @type {[number, number]} */ [low, high]) => (v - low) / (high - low);
  const x = SIZE * share(run.examples.raw[row * inputs], domain[0]);
  if (inputs === 1) return [x, SIZE * (1 - share(isClasses(run) ? labelOf(run, row) : run.examples.Y[row], rangeOf(run)))];
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

/** @param {any} examples */
function shownOf(examples) {
  const all = [...Array.from(examples.learn, (row) => ({ row, held: false })), ...Array.from(examples.test, (row) => ({ row, held: true }))];
  const step = Math.max(1, Math.ceil(all.length / MOST_POINTS));
  return all.filter((_, k) => k % step === 0);
}

/** The colour of the likeliest class, paler where others are as likely. @param {ArrayLike<number>} values @param {number} k @param {number} width @param {Scale} scale */
function blend(values, k, width, scale) {
  let [best, second] = [0, 0];
  for (let j = 1; j < width; j++) if (values[k * width + j] > values[k * width + best]) best = j;
  for (let j = 0; j < width; j++) if (j !== best) second = Math.max(second, values[k * width + j]);
  const sure = Math.max(0, values[k * width + best] - second);
  const end = classRgb(best);
  const mix = (/** @type {number} */ c) => Math.round(scale.zero[c] + (end[c] - scale.zero[c]) * sure * PALE);
  return (255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0);
}

/** @param {State} state */
function captionOf({ run, hover, sketch }) {
  if (sketch) return "click or drag to set points";
  if (hover && run) return hover.layer ? `what neuron ${hover.unit} of ${hover.layer} computes` : `the input ${run.data.columns[hover.unit].name}`;
  const names = run?.data.columns.map((/** @type {any} */ c) => c.name) ?? [];
  const target = run && isClasses(run) ? className(run, 1) : run?.data.targets[0];
  return names.length === 1 ? `vertical: ${target}, horizontal: ${names[0]}` : `vertical: ${names[1]}, horizontal: ${names[0]}`;
}
