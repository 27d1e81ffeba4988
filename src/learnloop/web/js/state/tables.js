// A run as tables: its curves as CSV, its weights as CSV and JSON.

/**
 * @typedef {import("./explorer.js").Shown} Shown
 * @typedef {{name: string, dims: number[], values: ArrayLike<number>}} Parameter
 */

/** @param {number} x */
const cell = (x) => (Number.isFinite(x) ? String(x) : "");

/** Names come from anywhere: quoted, and no formula of a spreadsheet. @param {string} text */
export const quoted = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** One row for each update, and one for where the run ended. @param {Shown} run */
export function curvesTable(run) {
  const quality = run.data.task === "classification" ? "accuracy" : "r2";
  const marks = new Map(run.marks.map((mark) => [mark.update, mark]));
  const rows = Array.from({ length: run.updates + 1 }, (_, update) => {
    const mark = marks.get(update);
    const scores = mark ? [mark.train.loss, mark.train.quality, mark.test.loss, mark.test.quality] : [NaN, NaN, NaN, NaN];
    return [update, Math.floor(update / run.perEpoch), cell(update < run.updates ? run.losses[update] : NaN), ...scores.map(cell)].join(",");
  });
  return [`update,epoch,batch_loss,train_loss,train_${quality},test_loss,test_${quality}`, ...rows, ""].join("\n");
}

/** @param {Parameter[]} parameters */
export function weightsTable(parameters) {
  const lines = parameters.flatMap(({ name, dims, values }) => Array.from(values, (value, k) => `${quoted(name)},${quoted(placeOf(k, dims).join(" "))},${cell(value)}`));
  return ["parameter,place,value", ...lines, ""].join("\n");
}

/** @param {number} k @param {number[]} dims */
function placeOf(k, dims) {
  return dims.map((size, d) => Math.floor(k / dims.slice(d + 1).reduce((a, b) => a * b, 1)) % size);
}

/** @param {Parameter[]} parameters @param {object} facts */
export function weightsText(parameters, facts) {
  const finite = (/** @type {number} */ x) => (Number.isFinite(x) ? x : String(x));
  return JSON.stringify({ ...facts, parameters: parameters.map(({ name, dims, values }) => ({ name, shape: dims, values: Array.from(values, finite) })) }, null, 1);
}
