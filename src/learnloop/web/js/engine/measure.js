// How well a run does: loss and accuracy of the rows that it learnt from and of those held out.

/**
 * @typedef {import("./course.js").Course} Course
 * @typedef {import("./machine.js").Machine} Machine
 *
 * @typedef {object} Score
 * @property {number} loss  mean of the rows
 * @property {number} quality  accuracy of classes, R2 of numbers; NaN for no rows
 *
 * @typedef {object} Mark  measured before an update
 * @property {number} update
 * @property {Score} train
 * @property {Score} test
 */

/**
 * Some rows, measured with the weights that the machine holds.
 * @param {Course} course
 * @param {Machine} machine
 * @param {Int32Array} rows
 * @returns {Score}
 */
export function measure(course, machine, rows) {
  const kit = course.kit.header;
  const { labels, Y, weights } = course.data.examples;
  let [loss, weight, right] = [0, 0, 0];
  const outputs = new Float64Array(rows.length * kit.outputs);
  machine.evaluate(rows, (arena, first, count) => {
    const losses = arena.view(kit.row_loss, count).dense();
    outputs.set(arena.view(kit.scores, count).dense(), first * kit.outputs);
    for (let k = 0; k < count; k++) {
      const w = weights[rows[first + k]];
      weight += w;
      if (w > 0) loss += w * losses[k];
    }
  });
  for (let n = 0; n < rows.length; n++) right += isRight(outputs, n, kit.outputs, labels, Y, rows[n]) * weights[rows[n]];
  if (!rows.length || weight === 0) return { loss: NaN, quality: NaN };
  const classes = labels !== null || course.classes;
  return { loss: loss / weight, quality: classes ? right / weight : determination(outputs, rows, kit.outputs, Y, weights) };
}

/**
 * Whether the class that got most is the row's; of one score, whether its sign is.
 * @param {Float64Array} outputs
 * @param {number} n
 * @param {number} width
 * @param {Int32Array|null} labels
 * @param {Float32Array|Float64Array|null} Y
 * @param {number} row
 */
function isRight(outputs, n, width, labels, Y, row) {
  if (width === 1) return Number(outputs[n] > 0 === (labels ? labels[row] : /** @type {any} */ (Y)[row]) > 0.5);
  if (!labels) {
    let right = 0;
    for (let k = 0; k < width; k++) right += Number(outputs[n * width + k] > 0 === /** @type {any} */ (Y)[row * width + k] > 0.5);
    return right / width;
  }
  let best = 0;
  for (let k = 1; k < width; k++) if (outputs[n * width + k] > outputs[n * width + best]) best = k;
  return Number(best === labels[row]);
}

/**
 * R2: 1 - squared errors / squared distances from the mean, weighted by the rows' weights, averaged over outputs; no number
 * where a target is the same in all rows.
 * @param {Float64Array} outputs
 * @param {Int32Array} rows
 * @param {number} width
 * @param {Float32Array|Float64Array|null} Y
 * @param {Float32Array|Float64Array} weights
 */
function determination(outputs, rows, width, Y, weights) {
  if (!Y) return NaN;
  let found = 0;
  for (let k = 0; k < width; k++) {
    let [error, spread, sum, total] = [0, 0, 0, 0];
    for (const row of rows) [sum, total] = [sum + weights[row] * Y[row * width + k], total + weights[row]];
    rows.forEach((row, n) => {
      error += weights[row] * (outputs[n * width + k] - Y[row * width + k]) ** 2;
      spread += weights[row] * (Y[row * width + k] - sum / total) ** 2;
    });
    found += spread > 0 ? (1 - error / spread) / width : NaN;
  }
  return found;
}

/**
 * The updates before which a run is measured: evenly spaced, the first and the last among them.
 * @param {Course} course
 */
export function measured(course) {
  const work = (course.kit.header.work / 3) * course.data.examples.rows;
  const most = Math.max(8, Math.min(60, Math.floor(2e8 / Math.max(1, work))));
  const last = course.updates;
  const count = Math.min(most, last);
  return Array.from({ length: count + 1 }, (_, k) => Math.round((k * last) / Math.max(1, count)));
}
