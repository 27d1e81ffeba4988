// Where a field over a grid is zero, as the d of a path: marching squares (Lorensen and Cline 1987, in the plane).

/**
 * @param {number} columns
 * @param {number} rows
 * @param {(k: number) => number} field  at the centre of cell k, row by row
 * @param {number} size  of the picture that the grid fills
 */
export function contour(columns, rows, field, size) {
  const values = Float32Array.from({ length: columns * rows }, (_, k) => field(k));
  const [dx, dy] = [size / columns, size / rows];
  /** @type {Map<string, string[]>} */
  const next = new Map();
  const tie = (/** @type {string} */ from, /** @type {string} */ to) => next.set(from, [...(next.get(from) ?? []), to]);
  for (let r = 0; r + 1 < rows; r++)
    for (let c = 0; c + 1 < columns; c++) {
      const k = r * columns + c;
      const above = values[k] > 0;
      if (values[k + 1] > 0 === above && values[k + columns] > 0 === above && values[k + columns + 1] > 0 === above) continue; // most of them
      const crossed = crossings(values, columns, r, c).map((point) => place(point, dx, dy));
      for (let n = 0; n + 1 < crossed.length; n += 2) {
        if (crossed[n] === crossed[n + 1]) continue;
        tie(crossed[n], crossed[n + 1]);
        tie(crossed[n + 1], crossed[n]);
      }
    }
  return lines(next);
}

/**
 * Pieces put together to lines, so that dashes run along them: ends first, then what is closed.
 * @param {Map<string, string[]>} next  the points that each point is tied to
 */
function lines(next) {
  const parts = [];
  const ends = [...next].filter(([, to]) => to.length === 1).map(([from]) => from);
  for (const start of [...ends, ...next.keys()]) {
    let at = start;
    let path = "";
    for (let to = next.get(at)?.pop(); to !== undefined; to = next.get(at)?.pop()) {
      const back = /** @type {string[]} */ (next.get(to));
      back.splice(back.indexOf(at), 1);
      path += path ? ` ${to}` : `M${at}L${to}`;
      at = to;
    }
    if (path) parts.push(path);
  }
  return parts.join("");
}

/** @param {[number, number]} point @param {number} dx @param {number} dy */
const place = ([x, y], dx, dy) => `${((x + 0.5) * dx).toFixed(1)} ${((y + 0.5) * dy).toFixed(1)}`;

/**
 * Where the sign changes along the sides of a square: none, two or four points.
 * @param {Float32Array} values
 * @param {number} columns
 * @param {number} r
 * @param {number} c
 * @returns {[number, number][]}
 */
function crossings(values, columns, r, c) {
  const k = r * columns + c;
  const [a, b, d, e] = [values[k], values[k + 1], values[k + columns], values[k + columns + 1]];
  /** @type {[number, number][]} */
  const found = [];
  if (a > 0 !== b > 0) found.push([c + a / (a - b), r]);
  if (b > 0 !== e > 0) found.push([c + 1, r + b / (b - e)]);
  if (e > 0 !== d > 0) found.push([c + d / (d - e), r + 1]);
  if (d > 0 !== a > 0) found.push([c, r + a / (a - d)]);
  return found;
}

/**
 * Where the likeliest class changes.
 * @param {{columns: number, rows: number}} map
 * @param {ArrayLike<number>} values  (points, outputs), as probabilities
 * @param {number} outputs
 * @param {number} size
 */
export function boundaries({ columns, rows }, values, outputs, size) {
  if (outputs === 1) return contour(columns, rows, (k) => values[k] - 0.5, size);
  const lead = (/** @type {number} */ of) => (/** @type {number} */ k) => {
    let other = -Infinity;
    for (let j = 0; j < outputs; j++) if (j !== of) other = Math.max(other, values[k * outputs + j]);
    return values[k * outputs + of] - other;
  };
  // the boundary between two classes would be drawn twice
  const classes = outputs === 2 ? [0] : Array.from({ length: outputs }, (_, k) => k);
  return classes.map((k) => contour(columns, rows, lead(k), size)).join("");
}
