// Where the sentence of the stage begins: the data, small, and how many rows are learnt from and held out.

import { paint } from "../draw/canvas.js";
import { classColour, classRgb, Scale, themed } from "../draw/colour.js";
import { count } from "../draw/format.js";
import { ink } from "../draw/thumbnail.js";
import { isClasses, labelOf } from "../state/answers.js";

/** @typedef {import("../state/explorer.js").Shown} Shown */

const SIDE = 136;

/** Draws it; gives what it shows in words. @param {HTMLCanvasElement} canvas @param {Shown} run */
export function paintData(canvas, run) {
  if (run.plane) points(canvas, run);
  else if (run.data.image_shape) mosaic(canvas, run);
  else rows(canvas, run);
  return `${run.data.name}: ${dataWords(run)}`;
}

/** @param {Shown} run */
export function dataWords({ examples }) {
  const [learn, test] = [examples.learn.length, examples.test.length];
  return test ? `${count(learn)} train, ${count(test)} test` : `${count(learn)} rows`;
}

/** @param {HTMLCanvasElement} canvas @param {Shown} run */
function points(canvas, run) {
  Object.assign(canvas, { width: SIDE, height: SIDE });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const text = themed("--text");
  const { domain } = /** @type {import("../state/plane.js").Plane} */ (run.plane);
  const inputs = run.kit.inputs;
  const { learn, raw, Y } = run.examples;
  const step = Math.max(1, Math.ceil(learn.length / 400));
  for (let n = 0; n < learn.length; n += step) {
    const row = learn[n];
    const x = (raw[row * inputs] - domain[0][0]) / (domain[0][1] - domain[0][0]);
    const y = inputs > 1 ? (raw[row * inputs + 1] - domain[1][0]) / (domain[1][1] - domain[1][0]) : 0.5 + (Y ? Y[row] : labelOf(run, row)) / 5;
    context.fillStyle = isClasses(run) ? classColour(labelOf(run, row)) : text;
    context.beginPath();
    context.arc(x * SIDE, (1 - y) * SIDE, 3, 0, 7);
    context.fill();
  }
}

/** Nine images. @param {HTMLCanvasElement} canvas @param {Shown} run */
function mosaic(canvas, run) {
  const [height, width] = run.data.image_shape;
  const { learn, raw } = run.examples;
  const chosen = Array.from({ length: 9 }, (_, k) => learn[Math.floor((k * learn.length) / 9)]);
  let most = 1e-9;
  for (const row of chosen) for (let k = 0; k < width * height; k++) most = Math.max(most, Math.abs(raw[row * width * height + k]));
  ink(canvas, 3 * width, 3 * height, (k) => {
    const [x, y] = [k % (3 * width), Math.floor(k / (3 * width))];
    const row = chosen[3 * Math.floor(y / height) + Math.floor(x / width)];
    return raw[row * width * height + (y % height) * width + (x % width)] / most;
  });
}

/** Some rows as lines of coloured cells; the last one is the class. @param {HTMLCanvasElement} canvas @param {Shown} run */
function rows(canvas, run) {
  const inputs = Math.min(24, run.kit.inputs);
  const { learn, X } = run.examples;
  const lines = Math.min(24, learn.length);
  const scale = new Scale();
  paint(canvas, inputs + 2, lines, (k) => {
    const [line, column] = [Math.floor(k / (inputs + 2)), k % (inputs + 2)];
    const row = learn[Math.floor((line * learn.length) / lines)];
    if (column < inputs) return scale.pixel(X[row * run.kit.inputs + column] / 2.5);
    if (column === inputs) return 0;
    if (!isClasses(run)) return scale.pixel(run.examples.Y[row] / 2.5);
    const [r, g, b] = classRgb(labelOf(run, row));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}
