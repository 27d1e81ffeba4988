// A network's description taken apart and put together: hidden layers, each with its dropout or without, and an output.

/**
 * @typedef {import("./scenario.js").Scenario} Scenario
 *
 * @typedef {object} Hidden
 * @property {any} dense
 * @property {any} dropout  null: none
 *
 * @typedef {object} Parts
 * @property {Hidden[]} hidden
 * @property {any} output
 *
 * @typedef {object} Rules  the server's tables
 * @property {{name: string}[]} activations
 * @property {{name: string, labels: boolean, link: string, rule: any}[]} losses
 * @property {{name: string, fields: {name: string, default: any}[]}[]} layers
 * @property {{name: string, rule: any}[]} optimizers
 *
 * @typedef {object} Shape  of data
 * @property {number} inputs
 * @property {number} classes  0: numbers
 */

const isDense = (/** @type {any} */ layer) => "units" in layer;
const isDropout = (/** @type {any} */ layer) => "rate" in layer;

/** Null for networks that are no plain chain of layers. @param {any} network @returns {Parts|null} */
export function parts({ layers }) {
  const output = layers.at(-1);
  if (!output || !isDense(output)) return null;
  /** @type {Hidden[]} */
  const hidden = [];
  for (const layer of layers.slice(0, -1)) {
    const last = hidden.at(-1);
    if (isDense(layer)) hidden.push({ dense: layer, dropout: null });
    else if (isDropout(layer) && last && !last.dropout) last.dropout = layer;
    else return null;
  }
  return { hidden, output };
}

/** @param {number} inputs @param {Parts} parts */
export const joined = (inputs, { hidden, output }) => ({ inputs, layers: [...hidden.flatMap(({ dense, dropout }) => (dropout ? [dense, dropout] : [dense])), output] });

/** A layer like another one, called by its place. @param {any} dense */
export const likewise = (dense) => ({ ...dense, name: null });

/** A dropout with the rule's own share. @param {Rules} rules */
export function dropoutOf(rules) {
  const kind = rules.layers.find(({ fields }) => fields.some((field) => field.name === "rate"));
  return kind ? { rule: kind.name, ...Object.fromEntries(kind.fields.map((field) => [field.name, field.default])) } : null;
}

/** Losses that suit data of a kind. @param {Rules} rules @param {number} classes */
export function lossesFor({ losses }, classes) {
  if (!classes) return losses.filter((loss) => !loss.labels && loss.link === "identity");
  return losses.filter((loss) => loss.labels || (classes === 2 && loss.link !== "identity"));
}

/** How many outputs a loss reads. @param {Rules} rules @param {any} loss @param {number} classes */
export const outputsFor = (rules, loss, classes) => (rules.losses.find(({ rule }) => rule.rule === loss.rule)?.labels ? classes : 1);

/**
 * A scenario whose ends suit the data; its hidden layers stay.
 * @param {Scenario} scenario
 * @param {Shape} shape
 * @param {Rules} rules
 * @returns {Scenario}
 */
export function fitted(scenario, { inputs, classes }, rules) {
  const known = parts(scenario.network);
  if (!known) return scenario;
  const suiting = lossesFor(rules, classes);
  const narrowest = suiting.find((loss) => !loss.labels) ?? suiting[0];
  const loss = suiting.some(({ rule }) => rule.rule === scenario.loss.rule) ? scenario.loss : narrowest.rule;
  const output = { ...known.output, units: outputsFor(rules, loss, classes) };
  return { ...scenario, loss, network: joined(inputs, { ...known, output }) };
}

/**
 * A scenario for other data, with the hidden layers that one has.
 * @param {Scenario} suiting  that the server made for the data
 * @param {Scenario} now
 * @returns {Scenario}
 */
export function moved(suiting, now) {
  const [theirs, ours] = [parts(suiting.network), parts(now.network)];
  const network = theirs && ours ? joined(suiting.network.inputs, { hidden: ours.hidden, output: theirs.output }) : suiting.network;
  const { seed, dtype } = now.options;
  return { ...suiting, network, options: { ...suiting.options, seed, dtype } };
}
