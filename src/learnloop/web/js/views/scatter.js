// A cloud of points on a canvas, with axes, a line that means something, and a row under the pointer.

import { themed as colour } from "../draw/colour.js";
import { html } from "../draw/dom.js";
import { short } from "../draw/format.js";

/** @typedef {{row: number, held: boolean, at: [number, number], off: number}} Point */

const PAD = { left: 56, right: 10, top: 10, bottom: 36 };
const NEAR = 14;

/**
 * @param {string} title
 * @param {"diagonal"|"zero"} line
 * @param {(row: number) => void} choose
 */
export function scatter(title, line, choose) {
  const canvas = html("canvas", { role: "img", "aria-label": title });
  const element = html("div", { class: "scatter" }, canvas);
  /** @type {{x: number, y: number, row: number}[]} */
  let spots = [];
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    const far = (/** @type {any} */ s) => Math.hypot(s.x - event.clientX + box.left, s.y - event.clientY + box.top);
    const best = spots.reduce((a, s) => (!a || far(s) < far(a) ? s : a), /** @type {any} */ (null));
    if (best && far(best) < NEAR) choose(best.row);
  });

  /** @param {Point[]} points @param {{x: string, y: string, row: number|null}} names */
  function draw(points, names) {
    const size = element.clientWidth;
    if (!size) return;
    const context = prepared(canvas, size);
    const [xs, ys] = rangesOf(points, line);
    const x = (/** @type {number} */ v) => PAD.left + ((v - xs[0]) / (xs[1] - xs[0])) * (size - PAD.left - PAD.right);
    const y = (/** @type {number} */ v) => size - PAD.bottom - ((v - ys[0]) / (ys[1] - ys[0])) * (size - PAD.top - PAD.bottom);
    axes(context, { size, xs, ys, x, y, names });
    Object.assign(context, { strokeStyle: colour("--line-strong"), lineWidth: 1.5 });
    const [from, to] = line === "zero" ? [[xs[0], 0], [xs[1], 0]] : [[xs[0], xs[0]], [xs[1], xs[1]]];
    context.beginPath();
    context.moveTo(x(from[0]), y(from[1]));
    context.lineTo(x(to[0]), y(to[1]));
    context.stroke();
    spots = points.map(({ at, row }) => ({ x: x(at[0]), y: y(at[1]), row }));
    points.forEach((point, k) => dot(context, spots[k], point.held, point.row === names.row));
  }

  return { element, draw, width: () => element.clientWidth };
}

/** @param {HTMLCanvasElement} canvas @param {number} size */
function prepared(canvas, size) {
  const dots = Math.min(2, devicePixelRatio || 1);
  const wide = Math.round(size * dots);
  if (canvas.width !== wide || canvas.height !== wide) Object.assign(canvas, { width: wide, height: wide });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.clearRect(0, 0, size, size);
  return context;
}

/** Of both axes; the same for both where a diagonal is drawn. @param {Point[]} points @param {"diagonal"|"zero"} line @returns {[number, number][]} */
function rangesOf(points, line) {
  const ranges = [0, 1].map((k) => {
    let [low, high] = [Infinity, -Infinity];
    for (const { at } of points) if (Number.isFinite(at[k])) [low, high] = [Math.min(low, at[k]), Math.max(high, at[k])];
    return /** @type {[number, number]} */ (low <= high ? [low, high] : [0, 1]);
  });
  if (line === "diagonal") ranges[0] = ranges[1] = [Math.min(ranges[0][0], ranges[1][0]), Math.max(ranges[0][1], ranges[1][1])];
  else ranges[1] = [Math.min(0, ranges[1][0]), Math.max(0, ranges[1][1])];
  return ranges.map(([low, high]) => [low - 0.04 * (high - low || 1), high + 0.04 * (high - low || 1)]);
}

/** Some round numbers within a range. @param {[number, number]} range */
function ticks([low, high]) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((s) => s * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, k) => (first + k) * step);
}

/** @param {CanvasRenderingContext2D} context @param {any} how */
function axes(context, { size, xs, ys, x, y, names }) {
  Object.assign(context, { font: "12px system-ui, sans-serif", fillStyle: colour("--quiet"), strokeStyle: colour("--line"), lineWidth: 1 });
  context.strokeRect(PAD.left, PAD.top, size - PAD.left - PAD.right, size - PAD.top - PAD.bottom);
  for (const v of ticks(xs)) {
    context.textAlign = "center";
    context.fillText(short(v), x(v), size - PAD.bottom + 14);
  }
  for (const v of ticks(ys)) {
    context.textAlign = "right";
    context.fillText(short(v), PAD.left - 5, y(v) + 4);
  }
  context.textAlign = "center";
  context.fillText(names.x, PAD.left + (size - PAD.left - PAD.right) / 2, size - 6);
  context.save();
  context.translate(11, PAD.top + (size - PAD.top - PAD.bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(names.y, 0, 0);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} spot @param {boolean} held @param {boolean} chosen */
function dot(context, { x, y }, held, chosen) {
  context.beginPath();
  context.arc(x, y, chosen ? 6 : 3.2, 0, 7);
  Object.assign(context, { fillStyle: held ? colour("--panel") : colour("--plus-line"), strokeStyle: chosen ? colour("--text") : colour(held ? "--minus-line" : "--plus-line"), lineWidth: chosen ? 2.5 : 1.4 });
  context.globalAlpha = held || chosen ? 1 : 0.55;
  context.fill();
  context.globalAlpha = 1;
  context.stroke();
}
