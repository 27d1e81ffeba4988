// What the network answers for rows, against what is true.

/**
 * @typedef {import("./explorer.js").Shown} Shown
 * @typedef {ArrayLike<number>} Numbers
 *
 * @typedef {object} Judged  a row of classes
 * @property {number} row
 * @property {number} truth
 * @property {number} answer
 * @property {number} sure  the probability of the answer
 * @property {boolean} right
 *
 * @typedef {object} Measured  a row of numbers, as people know them
 * @property {number} row
 * @property {number} truth
 * @property {number} answer
 * @property {number} off  answer - truth
 */

/** @param {Shown} run */
export const isClasses = (run) => run.data.task === "classification";

/** @param {any} run @param {number} row */
export const labelOf = (run, row) => (run.examples.labels ? run.examples.labels[row] : Math.round(run.examples.Y[row]));

/** The class that the network answers. @param {Numbers} predictions @param {number} row @param {number} width */
export function answerOf(predictions, row, width) {
  if (width === 1) return Number(predictions[row] > 0.5);
  let best = 0;
  for (let k = 1; k < width; k++) if (predictions[row * width + k] > predictions[row * width + best]) best = k;
  return best;
}

/** How likely the network takes a class to be. @param {Numbers} predictions @param {number} row @param {number} width @param {number} label */
export function chanceOf(predictions, row, width, label) {
  if (width > 1) return predictions[row * width + label];
  return label ? predictions[row] : 1 - predictions[row];
}

/** How many classes there are. @param {Shown} run */
export const classCount = (run) => Math.max(run.kit.outputs, 2, run.data.targets.length);

/** @param {Shown} run @param {number} label */
export const className = (run, label) => String(run.data.targets[label] ?? `class ${label}`);

/** The rows that are looked at; all are learnt from where none is held out. @param {Shown} run @param {"test"|"train"} part @returns {Int32Array} */
export const rowsOf = (run, part) => (part === "test" && run.examples.test.length ? run.examples.test : run.examples.learn);

/** @param {Shown} run @param {Numbers} predictions @param {Int32Array} rows @returns {Judged[]} */
export function judged(run, predictions, rows) {
  const width = run.kit.outputs;
  return Array.from(rows, (row) => {
    const [truth, answer] = [labelOf(run, row), answerOf(predictions, row, width)];
    return { row, truth, answer, sure: chanceOf(predictions, row, width, answer), right: truth === answer };
  });
}

/** Mistakes first, the surest of them foremost; then what is right, the least sure foremost. @param {Judged} a @param {Judged} b */
export const worstFirst = (a, b) => Number(a.right) - Number(b.right) || (a.right ? a.sure - b.sure : b.sure - a.sure) || a.row - b.row;

/** A scaled target as people know it. @param {any} run @param {number} v */
export const unscaled = (run, v) => (run.examples.target_scale ? v * run.examples.target_scale.scale + run.examples.target_scale.mean : v);

/** The first number of each row. @param {Shown} run @param {Numbers} predictions @param {Int32Array} rows @returns {Measured[]} */
export function measured(run, predictions, rows) {
  const width = run.kit.outputs;
  return Array.from(rows, (row) => {
    const [truth, answer] = [unscaled(run, run.examples.Y[row * width]), unscaled(run, predictions[row * width])];
    return { row, truth, answer, off: answer - truth };
  });
}
