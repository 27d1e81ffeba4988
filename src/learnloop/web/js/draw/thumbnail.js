// A row that is an image, in the ink and on the paper of the page.

import { paint } from "./canvas.js";

/** @type {WeakMap<object, number>} */
const brightest = new WeakMap();

/** The largest value of all rows: images are compared. @param {any} examples */
function most(examples) {
  let known = brightest.get(examples);
  if (known === undefined) {
    known = examples.raw.reduce((/** @type {number} */ m, /** @type {number} */ x) => Math.max(m, Math.abs(x)), 1e-9);
    brightest.set(examples, /** @type {number} */ (known));
  }
  return /** @type {number} */ (known);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("../state/explorer.js").Shown} run
 * @param {number} row
 */
export function thumbnail(canvas, run, row) {
  const [rows, columns] = run.data.image_shape;
  const start = row * rows * columns;
  const top = most(run.examples);
  ink(canvas, columns, rows, (k) => run.examples.raw[start + k] / top);
}

/** @param {HTMLCanvasElement} canvas @param {number} columns @param {number} rows @param {(k: number) => number} share  of the ink, 0 to 1 */
export function ink(canvas, columns, rows, share) {
  const theme = document.documentElement.dataset.theme;
  const dark = theme === "dark" || (!theme && matchMedia("(prefers-color-scheme: dark)").matches);
  paint(canvas, columns, rows, (k) => {
    const much = Math.min(1, Math.abs(share(k)));
    const grey = Math.round(dark ? 30 + 215 * much : 250 - 225 * much);
    return (255 << 24) | (grey << 16) | (grey << 8) | grey;
  });
}
