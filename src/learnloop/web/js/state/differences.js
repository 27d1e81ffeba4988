// What differs between two scenarios, as people call it.

/** @typedef {import("./scenario.js").Scenario} Scenario */

/** @typedef {{name: string, a: string, b: string}} Difference */

/** Parts of a path that say nothing. */
const SILENT = new Set(["options", "data", "named", "rule", "version"]);

/** @param {Scenario} a @param {Scenario} b @returns {Difference[]} */
export function differences(a, b) {
  const [one, other] = [leaves(a), leaves(b)];
  const paths = [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path));
  const found = [...layersOf(a, b), ...paths.filter((path) => !path.startsWith("network.")).map((path) => ({ name: nameOf(path), a: one.get(path) ?? "–", b: other.get(path) ?? "–" }))];
  return found;
}

/** Networks as one line: layer by layer they would fill the page. @param {Scenario} a @param {Scenario} b @returns {Difference[]} */
function layersOf(a, b) {
  if (JSON.stringify(a.network) === JSON.stringify(b.network)) return [];
  return [{ name: "network", a: networkText(a.network), b: networkText(b.network) }];
}

/** @param {any} network */
export function networkText({ inputs, layers }) {
  const texts = layers.map((/** @type {any} */ layer) => ("units" in layer ? `${layer.units} ${layer.activation?.named ?? ""}`.replace(/ identity$/, "") : `${String(layer.rule).toLowerCase()}${"rate" in layer ? ` ${layer.rate}` : ""}`));
  return [inputs, ...texts].join(" – ");
}

/** @param {any} tree @param {string} [path] @param {Map<string, string>} [found] */
function leaves(tree, path = "", found = new Map()) {
  if (tree !== null && typeof tree === "object") for (const [key, value] of Object.entries(tree)) leaves(value, path ? `${path}.${key}` : key, found);
  else found.set(path, String(tree));
  return found;
}

/** @param {string} path */
function nameOf(path) {
  const keys = path.split(".");
  const last = keys.at(-1) ?? "";
  if (path.startsWith("without")) return `row left out (${Number(last) + 1})`;
  if (path.startsWith("split")) return last === "test" ? "test share" : "split seed";
  const telling = keys.filter((key) => !SILENT.has(key));
  const name = last === "rule" || last === "named" ? keys.filter((key) => key !== last).at(-1) ?? last : path === "data.name" ? "data" : telling.at(-1) === telling.at(-2) ? telling.at(-1) ?? last : /^\d+$/.test(last) ? telling.slice(-2).join(" ") : telling.at(-1) ?? last;
  return name.replaceAll("_", " ");
}
