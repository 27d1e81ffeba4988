// Where in a tensor an access reads, once the axes of its statement have places.

/**
 * @typedef {import("./description.js").Access} Access
 * @typedef {import("./description.js").Index} Index
 * @typedef {import("./description.js").Guard} Guard
 * @typedef {import("./moment.js").Reader} Reader
 *
 * @typedef {null} EachRow  stands for every row of the batch
 * @typedef {number|EachRow|{offset: number, factor: number}|{tensor: string, place: Spot[]}} Spot
 *   a number; the row; a multiple of it and an offset; or what lies at a place
 * @typedef {Record<string, number|EachRow>} At  where each axis is
 * @typedef {{tensor: string, place: Spot[]}} Factor  an element
 *
 * @typedef {object} Test  what depends on the row or on stored numbers
 * @property {string} key  two tests of one key are the same
 * @property {(reader: Reader, row: number) => boolean} holds
 */

/** @type {EachRow} */
export const EACH_ROW = null;

/**
 * @param {Access} access
 * @param {At} at
 * @returns {Factor}
 */
export function factorAt([tensor, ...indices], at) {
  return { tensor, place: indices.map((index) => spotAt(index, at)) };
}

/**
 * @param {Index} index
 * @param {At} at
 * @returns {Spot}
 */
export function spotAt(index, at) {
  if (typeof index === "number") return index;
  if (typeof index === "string") return at[index];
  if (Array.isArray(index)) return factorAt(index, at);
  let { offset } = index;
  let factor = 0;
  for (const [axis, times] of Object.entries(index.terms)) {
    const here = at[axis];
    if (here === EACH_ROW) factor += times;
    else offset += times * here;
  }
  return factor ? { offset, factor } : offset;
}

/**
 * @param {Spot} spot
 * @param {Reader} reader
 * @param {number} row  within the batch
 * @returns {number}
 */
export function numberAt(spot, reader, row) {
  if (typeof spot === "number") return spot;
  if (spot === EACH_ROW) return row;
  return "tensor" in spot ? reader.read(spot.tensor, placeAt(spot.place, reader, row)) : spot.offset + spot.factor * row;
}

/**
 * @param {Spot[]} place
 * @param {Reader} reader
 * @param {number} row
 */
export function placeAt(place, reader, row) {
  return place.map((spot) => numberAt(spot, reader, row));
}

/**
 * Whether an element is inside its tensor: known, or a test. An extent that is known only when the program runs has
 * its own axis, and is never left.
 * @param {Factor} factor
 * @param {readonly (number|string)[]} dims
 * @returns {boolean|Test}
 */
export function insideOf({ tensor, place }, dims) {
  const open = place.map((_, d) => d).filter((d) => typeof dims[d] === "number" && typeof place[d] !== "number");
  for (const [d, spot] of place.entries()) {
    const size = dims[d];
    if (typeof spot === "number" && typeof size === "number" && (spot < 0 || spot >= size)) return false;
  }
  if (!open.length) return true;
  const holds = (/** @type {Reader} */ reader, /** @type {number} */ row) =>
    open.every((d) => {
      const k = numberAt(place[d], reader, row);
      return k >= 0 && k < Number(dims[d]);
    });
  return { key: `inside ${tensor} ${JSON.stringify(place)}`, holds };
}

/**
 * Whether a guard holds: known, or a test.
 * @param {Guard} guard
 * @param {At} at
 * @returns {boolean|Test}
 */
export function guardAt(guard, at) {
  const [left, right = 0] = guard.slice(1).map((index) => spotAt(/** @type {Index} */ (index), at));
  const compare = guard[0] === "ge" ? (/** @type {number} */ a, /** @type {number} */ b) => a >= b : same;
  if (typeof left === "number" && typeof right === "number") return compare(left, right);
  return {
    key: `${guard[0]} ${JSON.stringify([left, right])}`,
    holds: (reader, row) => compare(numberAt(left, reader, row), numberAt(right, reader, row)),
  };
}

/**
 * @param {number} a
 * @param {number} b
 */
function same(a, b) {
  return a === b;
}
