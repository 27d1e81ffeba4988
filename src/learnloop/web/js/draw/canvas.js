// Small pictures of numbers: heat maps, strips, patches and lines on a canvas.

/** @typedef {import("./colour.js").Scale} Scale */

/**
 * A heat map: one pixel for each value, which the browser smooths.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {(k: number) => number} value  of pixel k, row by row; -1 to 1
 * @param {Scale} scale
 */
export function heat(canvas, width, height, value, scale) {
  paint(canvas, width, height, (k) => scale.pixel(value(k)));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {(k: number) => number} pixel  0xAABBGGRR
 */
export function paint(canvas, width, height, pixel) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let k = 0; k < pixels.length; k++) pixels[k] = pixel(k);
  context.putImageData(image, 0, 0);
}

/**
 * A line over its points, with zero in the middle.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values  -1 to 1
 * @param {string} colour
 * @param {string} axis
 */
export function line(canvas, values, colour, axis) {
  const size = 80;
  if (canvas.width !== size) Object.assign(canvas, { width: size, height: size });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.clearRect(0, 0, size, size);
  const stroke = (/** @type {string} */ style, /** @type {number} */ width, /** @type {(k: number) => number} */ y, /** @type {number} */ n) => {
    Object.assign(context, { strokeStyle: style, lineWidth: width });
    context.beginPath();
    for (let k = 0; k < n; k++) context.lineTo((k * size) / (n - 1), y(k));
    context.stroke();
  };
  stroke(axis, 1, () => size / 2, 2);
  stroke(colour, 4, (k) => size / 2 - Math.max(-1, Math.min(1, values[k])) * size * 0.44, values.length);
}
