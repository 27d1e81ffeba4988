// What a run is a function of, as plain data that Python reads and writes, too.

/**
 * @typedef {object} Scenario
 * @property {number} version
 * @property {{kind: "builtin", name: string, options: Record<string, number|string>}|{kind: "kept", id: string, noise?: number}} data
 * @property {{test: number, seed: number|string}|null} split
 * @property {any} network
 * @property {any} loss
 * @property {any} optimizer
 * @property {{batch_size: number, epochs: number, seed: number|string, dtype: "float32"|"float64"}} options
 * @property {number[]} without
 *
 * @typedef {(string|number)[]} Path
 * @typedef {Record<string, Path>} Places  where the program's numbers stand in a scenario
 */

/** @param {any} tree @param {Path} path @returns {any} */
export const at = (tree, path) => path.reduce((node, key) => node?.[key], tree);

/**
 * The same with one value changed; what is not on the way is shared.
 * @template T
 * @param {T} tree
 * @param {Path} path
 * @param {any} value
 * @returns {T}
 */
export function changed(tree, [key, ...rest], value) {
  const copy = /** @type {any} */ (Array.isArray(tree) ? [...tree] : { .../** @type {any} */ (tree) });
  copy[key] = rest.length ? changed(copy[key], rest, value) : value;
  return copy;
}

/**
 * What must be compiled: the scenario without the numbers that are given at run time. A number that is 0 takes its term
 * out of the program.
 * @param {Scenario} scenario
 * @param {Places} places
 */
export function structure(scenario, places) {
  let { network, loss, optimizer } = scenario;
  let parts = { network, loss, optimizer };
  for (const path of Object.values(places)) {
    const value = at(parts, path);
    if (typeof value === "number") parts = changed(parts, path, value !== 0 ? "some" : "none");
  }
  return JSON.stringify([parts, scenario.options.dtype]);
}

/**
 * The numbers of the program.
 * @param {Scenario} scenario
 * @param {Places} places
 */
export function numbers(scenario, places) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const [name, path] of Object.entries(places)) {
    const value = at(scenario, path);
    if (typeof value === "number") found[name] = value;
  }
  return found;
}

/** What the worker learns from. @param {Scenario} scenario */
export function wish(scenario) {
  const { data, split, without } = scenario;
  const noise = data.kind === "builtin" ? data.options.noise : data.noise;
  return { noise: noise === undefined ? null : Number(noise), split, without };
}

/** Data that must be fetched: everything but the noise, which the page adds itself. @param {Scenario} scenario */
export function dataKey({ data }) {
  if (data.kind !== "builtin") return JSON.stringify(["kept", data.id]);
  const { noise: _, ...options } = data.options;
  return JSON.stringify([data.name, options]);
}

/** @param {Scenario} scenario @param {Places} places */
export function plan(scenario, places) {
  const { batch_size: batch, epochs, seed } = scenario.options;
  return { batch, epochs, seed: String(seed), options: numbers(scenario, places) };
}
