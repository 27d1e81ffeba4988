// Whether a scenario that came from anywhere can be one: every part is looked at before anything is made of it.

const NODES = 20000;
const DEPTH = 16;
const TEXT = 200;
const LARGEST_SEED = 2n ** 64n - 1n;

/** @param {any} value @param {number} low @param {number} high */
export const isWhole = (value, low, high) => Number.isSafeInteger(value) && value >= low && value <= high;

/** @param {any} value */
const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whole numbers beyond 2^53 come as text. @param {any} value */
const isSeed = (value) => (typeof value === "string" ? /^\d{1,20}$/.test(value) && BigInt(value) <= LARGEST_SEED : isWhole(value, 0, Number.MAX_SAFE_INTEGER));

/** @param {any} value  plain data of a bounded size, without numbers that are none */
function isBounded(value) {
  let nodes = 0;
  const waiting = [{ value, depth: 0 }];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    const { value: here, depth } = one;
    if (++nodes > NODES || depth > DEPTH) return false;
    if (typeof here === "string" && here.length > TEXT) return false;
    if (typeof here === "number" && !Number.isFinite(here)) return false;
    if (typeof here === "object" && here !== null) for (const inner of Object.values(here)) waiting.push({ value: inner, depth: depth + 1 });
  }
  return true;
}

/** @param {any} data */
function isData(data) {
  if (!isPlain(data)) return false;
  if (data.kind === "kept") return typeof data.id === "string";
  if (data.kind !== "builtin" || typeof data.name !== "string" || !isPlain(data.options)) return false;
  return Object.values(data.options).every((value) => typeof value === "number" || isSeed(value));
}

/** @param {any} network */
const isNetwork = (network) => isPlain(network) && isWhole(network.inputs, 1, 65536) && Array.isArray(network.layers) && network.layers.length > 0 && network.layers.every(isPlain);

/** @param {any} split */
const isSplit = (split) => split === null || (isPlain(split) && split.test > 0 && split.test < 1 && isSeed(split.seed));

/** @param {any} options */
const isOptions = (options) =>
  isPlain(options) && isWhole(options.batch_size, 1, 1e7) && isWhole(options.epochs, 1, 1e6) && isSeed(options.seed) && ["float32", "float64"].includes(options.dtype);

/** @param {any} given @returns {given is import("./scenario.js").Scenario} */
export function isScenario(given) {
  if (!isPlain(given) || given.version !== 1 || !isBounded(given)) return false;
  const rules = isPlain(given.loss) && isPlain(given.optimizer);
  const without = Array.isArray(given.without) && given.without.every((/** @type {any} */ row) => isWhole(row, 0, 1e9));
  return rules && without && isData(given.data) && isSplit(given.split) && isNetwork(given.network) && isOptions(given.options);
}
