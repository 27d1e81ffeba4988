// Where everything of the stage goes: columns from the data to the loss, neurons within them. Pure arithmetic.

/**
 * @typedef {object} Spot  one neuron
 * @property {number} unit
 * @property {number} x  centre
 * @property {number} y
 * @property {number} size
 * @property {number} label  width that its name has; 0: none
 *
 * @typedef {"data"|"inputs"|"image"|"layer"|"loss"} Kind
 *
 * @typedef {object} Wanted
 * @property {Kind} kind
 * @property {string} name
 * @property {string} title
 * @property {number} units
 * @property {number[]} order  ranks the units where not all can be shown
 * @property {"before"|"after"|""} names  where the names of its units go
 * @property {number} [label]  the width that names need
 *
 * @typedef {object} Column
 * @property {Kind} kind
 * @property {string} layer  "" for data, inputs and the loss
 * @property {string} title
 * @property {number} left
 * @property {number} width
 * @property {number} units  how many there are
 * @property {"before"|"after"|""} names
 * @property {Spot[]} spots  those that are shown
 */

const HEAD = 26;
const FOOT = 30;
/** The smallest distance of neurons: what a finger and the links between them need. */
const PITCH = 26;
/** More columns of neurons than these hide the links: then the strongest are shown. */
const ACROSS = 3;
const LABEL = { least: 26, most: 112 };
/** Named units stand in one column, so that links cover no name: the strongest, where they are many. */
const NAMED = 17;
/** The distance of columns without links between them, of that with links. */
const APART = 0.4;

/** @param {Wanted} from @param {Wanted} to */
const linked = (from, to) => to.kind === "layer" && from.kind !== "image" && from.kind !== "data";

/**
 * @param {{width: number, height: number, columns: Wanted[]}} given  columns left to right
 * @returns {Column[]}
 */
export function arrange({ width, height, columns }) {
  const inner = height - HEAD - FOOT;
  const narrow = width < 560;
  const shapes = columns.map((column) => shape(column, inner, narrow));
  const taken = shapes.reduce((total, s) => total + s.across * s.wide, 0);
  const weights = columns.slice(1).map((column, k) => (linked(columns[k], column) ? 1 : APART));
  const room = (width - taken - 4) / Math.max(1, weights.reduce((a, b) => a + b, 0));
  const squeeze = Math.min(1, (width - 6 * (columns.length - 1) - 2) / taken);
  let left = 1;
  return columns.map((column, k) => {
    const one = shapes[k];
    const spots = placed(column, one, squeeze, left, HEAD + inner / 2);
    const found = { kind: column.kind, layer: column.name, title: column.title, left, width: one.across * one.wide * squeeze, units: column.units, names: one.label ? column.names : /** @type {const} */ (""), spots };
    left += found.width + Math.max(6, room * (weights[k] ?? 0));
    return found;
  });
}

/**
 * @typedef {object} Shape  how large neurons are, and how many stand side by side
 * @property {number} across
 * @property {number} pitch
 * @property {number} wide  from one to the next beside it
 * @property {number} size
 * @property {number} shown
 * @property {number} label
 */

/** @param {Wanted} column @param {number} inner @param {boolean} narrow @returns {Shape} */
function shape({ units, kind, names, label: wanted = 0 }, inner, narrow) {
  const single = (/** @type {number} */ size) => ({ across: 1, pitch: size + 8, wide: size + 8, size, shown: 1, label: 0 });
  if (kind === "data") return single(68);
  if (kind === "image") return single(narrow ? 60 : 96);
  if (kind === "loss") return single(narrow ? 36 : 54);
  const label = narrow || !names ? 0 : Math.max(LABEL.least, Math.min(LABEL.most, wanted));
  const most = narrow ? 34 : 46;
  if (label && units > NAMED) return sized(1, Math.max(PITCH - 2, inner / NAMED), Math.floor(inner / Math.max(PITCH - 2, inner / NAMED)), label);
  for (let across = 1; across <= (narrow ? 2 : label ? 1 : ACROSS); across++) {
    const pitch = Math.min(most + 8, inner / Math.ceil(units / across));
    if (pitch >= (label ? PITCH - 2 : across === 1 ? 30 : PITCH)) return sized(across, pitch, units, label);
  }
  const pitch = narrow ? PITCH : PITCH + 3;
  return sized(2, pitch, 2 * Math.floor(inner / pitch), label);
}

/** @param {number} across @param {number} pitch @param {number} shown @param {number} label @returns {Shape} */
function sized(across, pitch, shown, label) {
  const size = Math.max(24, Math.floor(pitch - Math.max(2, pitch * 0.14)));
  return { across, pitch, wide: Math.max(pitch, size + 2) + label, size, shown, label };
}

/** @param {Wanted} column @param {Shape} shape @param {number} squeeze @param {number} left @param {number} middle @returns {Spot[]} */
function placed({ order, names }, { across, pitch, wide, size, shown, label }, squeeze, left, middle) {
  const units = order.slice(0, shown).sort((a, b) => a - b);
  const rows = Math.ceil(units.length / across);
  const side = Math.max(20, Math.floor(size * squeeze));
  const shift = (label / 2) * squeeze * (names === "before" ? 1 : -1);
  return units.map((unit, k) => ({
    unit, size: side, label: label * squeeze,
    x: left + ((k % across) + 0.5) * wide * squeeze + (label ? shift : 0),
    y: middle + (Math.floor(k / across) - (rows - 1) / 2) * pitch,
  }));
}
