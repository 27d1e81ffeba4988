// What one neuron computed for one row: inputs times weights plus bias.

import { part, plain, ROUNDING } from "./change.js";
import { checkPlace } from "./description.js";
import { Expansion } from "./expansion.js";
import { Rational, sum } from "./rational.js";
import { slack, Summands } from "./summands.js";

/**
 * @typedef {import("./moment.js").Moment} Moment
 * @typedef {import("./change.js").PartData} PartData
 * @typedef {import("./summands.js").Summand} Summand
 *
 * @typedef {object} NeuronData  as Python's Neuron.to_dict()
 * @property {string} layer
 * @property {number} unit
 * @property {number} update
 * @property {number} row
 * @property {number} bias
 * @property {number} pre_activation
 * @property {number} activation
 * @property {number} delta
 * @property {boolean} ticks
 * @property {number[]} inputs
 * @property {number[]} weights
 * @property {PartData[]} parts
 * @property {number} rounding
 * @property {number} bound
 */

/**
 * One unit for one row, from the sum that is its pre-activation.
 * @param {Moment} moment
 * @param {string} name  a layer with a pre-activation
 * @param {number} unit
 * @param {number} [position]  which row of the batch
 * @returns {NeuronData}
 */
export function explainNeuron(moment, name, unit, position = 0) {
  const { description, dtype } = moment;
  const layer = description.layer(name);
  const { pre_activation: z, delta } = layer;
  const statement = z === null ? undefined : description.defined.get(z);
  if (!z || !delta || !statement) throw new RangeError(`layer "${name}" has no pre-activation with a delta`);
  const place = [position, unit];
  checkPlace(`layer "${name}"`, place, [moment.rows.length, Number(description.dims(z)[1])]);
  const ask = new Summands(moment);
  const found = [...ask.of(new Expansion(description).sum(statement, place))];
  const start = statement.init?.[0];
  const biases = found.filter((t) => t.factors[0].tensor === start);
  const products = found.filter((t) => t.factors[0].tensor !== start);
  const parts = [
    ...products.map((t, k) => product(moment, t, k)),
    ...biases.map((t) => part("bias", t.value, "bias", { source: `bias ${weightOf(moment, t)}` })),
  ];
  const rounding = ask.value(z, place).minus(sum(parts.map((p) => p.value)));
  const limits = description.limits;
  const bound = slack(found, limits.unit[dtype]).plus(Rational.of(limits.smallest[dtype]));
  return {
    layer: name,
    unit,
    update: moment.update,
    row: moment.rows[position],
    bias: sum(biases.map((t) => t.value)).toNumber(),
    pre_activation: moment.read(z, place),
    activation: moment.read(layer.activation, place),
    delta: moment.read(delta, place),
    ticks: rounding.size().compare(bound) <= 0,
    inputs: products.map((t) => t.coefficient.toNumber()),
    weights: products.map(({ factors: [{ tensor, place: where }] }) => moment.read(tensor, where)),
    parts: [...parts, part(ROUNDING, rounding, ROUNDING)].map(plain),
    rounding: rounding.toNumber(),
    bound: bound.toNumber(),
  };
}

/**
 * @param {Moment} moment
 * @param {Summand} summand
 * @param {number} k
 */
function product(moment, { value, coefficient, ...rest }, k) {
  const weight = weightOf(moment, rest);
  return part(weight, value, "product", { coefficient, source: `input ${k} × ${weight}` });
}

/**
 * @param {Moment} moment
 * @param {Pick<Summand, "factors">} summand
 */
function weightOf({ description }, { factors: [{ tensor, place }] }) {
  return description.element(tensor, place);
}
