// One of two runs, small: its map or curve, or which of its classes are taken for which.

import { boundaries } from "../draw/contour.js";
import { Scale } from "../draw/colour.js";
import { paint } from "../draw/canvas.js";
import { html, picture as drawing, set, svg, write } from "../draw/dom.js";
import { count, percent, short } from "../draw/format.js";
import { classCount, isClasses, judged, measured, rowsOf } from "../state/answers.js";
import { curvePath, paintMap, SIZE } from "./plane.js";

/** @typedef {import("../state/explorer.js").State} State */

/** @param {string} name */
export function comparedPicture(name) {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const line = svg("path", { class: "plane-edge", fill: "none" });
  const over = drawing(`The answers of ${name}`, "The map or curve of its answers, or counts of true classes (down) and said ones (across).", { viewBox: `0 0 ${SIZE} ${SIZE}` }, line);
  const [title, said] = [html("b", {}, name), html("span", { class: "quiet number" })];
  const element = html("figure", { class: "compared" }, html("figcaption", {}, title, " ", said), html("div", { class: "compared-box" }, canvas, over));

  /** @param {State} state */
  function draw(state) {
    const { run, picture } = state;
    if (!run || !picture) return;
    const flat = run.plane && run.kit.inputs === 1;
    canvas.hidden = Boolean(flat);
    canvas.classList.toggle("squares", !run.plane);
    set(line, { class: flat ? "plane-curve" : "plane-edge", d: lineOf(state, Boolean(flat)) });
    if (run.plane && !flat) paintMap(canvas, state);
    else if (!flat) isClasses(run) ? squares(canvas, state) : deviations(canvas, state);
    write(said, `at update ${count(picture.update)}, ${verdict(state)}`);
  }

  return { element, draw };
}

/** @param {State} state @param {boolean} flat */
function lineOf({ run, picture }, flat) {
  if (!run?.plane || !picture.map) return "";
  if (flat) return curvePath(picture.map, run);
  return isClasses(run) ? boundaries(run.plane.map, picture.map, run.kit.outputs, SIZE) : "";
}

/** @param {State} state */
function verdict({ run, picture, part }) {
  if (!run) return "";
  const rows = rowsOf(run, part);
  const which = rows === run.examples.test ? "test" : "train";
  if (isClasses(run)) {
    const right = judged(run, picture.predictions, rows).filter((one) => one.right).length;
    return `${percent(right / rows.length)} of ${which} right`;
  }
  const all = measured(run, picture.predictions, rows);
  return `${which} off by ${short(Math.sqrt(all.reduce((total, one) => total + one.off ** 2, 0) / all.length))}`;
}

/** Counts of classes as a heat map, row by row. @param {HTMLCanvasElement} canvas @param {State} state */
function squares(canvas, { run, picture, part }) {
  if (!run) return;
  const classes = classCount(run);
  const counts = new Float64Array(classes * classes);
  const totals = new Float64Array(classes);
  for (const one of judged(run, picture.predictions, rowsOf(run, part))) {
    counts[one.truth * classes + one.answer] += 1;
    totals[one.truth] += 1;
  }
  const scale = new Scale();
  paint(canvas, classes, classes, (k) => {
    const [t, a] = [Math.floor(k / classes), k % classes];
    const share = totals[t] ? counts[k] / totals[t] : 0;
    return scale.pixel(t === a ? share : -Math.min(1, 3 * share));
  });
}

/** Predicted against true, as a heat map of counts. @param {HTMLCanvasElement} canvas @param {State} state */
function deviations(canvas, { run, picture, part }) {
  if (!run) return;
  const side = 24;
  const all = measured(run, picture.predictions, rowsOf(run, part));
  let [low, high] = [Infinity, -Infinity];
  for (const one of all) [low, high] = [Math.min(low, one.truth), Math.max(high, one.truth)];
  const bin = (/** @type {number} */ v) => Math.max(0, Math.min(side - 1, Math.floor(((v - low) / (high - low || 1)) * side)));
  const counts = new Float64Array(side * side);
  for (const one of all) counts[(side - 1 - bin(one.answer)) * side + bin(one.truth)] += 1;
  const most = Math.max(1, ...counts);
  const scale = new Scale();
  paint(canvas, side, side, (k) => scale.pixel(counts[k] / most));
}
