// What makes one piece of plain data another one: paths and values, to be read and written by people, too.

/** @typedef {import("./scenario.js").Path} Path */

/** @param {any} value */
const isNode = (value) => typeof value === "object" && value !== null;

/**
 * Where two pieces of plain data differ. Objects with other keys, and lists of another length, differ as a whole.
 * @param {any} from
 * @param {any} to
 * @param {Path} [path]
 * @returns {{path: Path, value: any}[]}
 */
export function differences(from, to, path = []) {
  if (Object.is(from, to)) return [];
  if (!alike(from, to)) return [{ path, value: to }];
  return Object.keys(to).flatMap((key) => differences(from[key], to[key], [...path, Array.isArray(to) ? Number(key) : key]));
}

/** @param {any} a @param {any} b */
function alike(a, b) {
  if (!isNode(a) || !isNode(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(b);
  return keys.length === Object.keys(a).length && keys.every((key) => Object.hasOwn(a, key));
}

/**
 * The same data with a value at a path; null where the data has no such path. What is not on the way is shared.
 * @param {any} data
 * @param {string[]} path  as text
 * @param {any} value
 * @returns {any}
 */
export function placed(data, [key, ...rest], value) {
  if (!isNode(data) || !Object.hasOwn(data, key)) return null;
  const inner = rest.length ? placed(data[key], rest, value) : value;
  if (rest.length && inner === null) return null;
  if (!Array.isArray(data)) return { ...data, [key]: inner };
  return data.map((old, k) => (String(k) === key ? inner : old));
}
