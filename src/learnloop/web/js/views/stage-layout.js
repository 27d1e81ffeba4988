// Where everything of the stage goes: columns from the data to the loss, neurons within them. Pure arithmetic.

/**
 * @typedef {object} Spot  one neuron
 * @property {number} unit
 * @property {number} x  centre
 * @property {number} y
 * @property {number} size
 *
 * @typedef {object} Column
 * @property {"inputs"|"image"|"layer"|"loss"} kind
 * @property {string} layer  "" for inputs and the loss
 * @property {string} title
 * @property {number} left
 * @property {number} width
 * @property {number} units  how many there are
 * @property {Spot[]} spots  those that are shown
 */

const HEAD = 26;
const FOOT = 22;

/**
 * @param {object} given
 * @param {number} given.width
 * @param {number} given.height
 * @param {{name: string, units: number, kind: "inputs"|"image"|"layer"|"loss", title: string, order: number[]}[]} given.columns
 *   left to right; `order` ranks the units where not all can be shown
 * @returns {Column[]}
 */
export function arrange({ width, height, columns }) {
  const inner = height - HEAD - FOOT;
  const narrow = width < 560;
  const shapes = columns.map((column) => shape(column, inner, narrow));
  const taken = shapes.reduce((total, s) => total + s.across * s.pitch, 0);
  const gap = Math.max(6, (width - taken) / Math.max(1, columns.length - 1) - 2);
  const squeeze = Math.min(1, (width - 6 * (columns.length - 1)) / taken);
  let left = 1;
  return columns.map((column, k) => {
    const { across, pitch, size, shown } = shapes[k];
    const [step, side] = [pitch * squeeze, Math.floor(size * squeeze)];
    const spots = placed(column.order.slice(0, shown), across, step, side, left, HEAD + inner / 2);
    const found = { kind: column.kind, layer: column.name, title: column.title, left, width: across * step, units: column.units, spots };
    left += across * step + gap;
    return found;
  });
}

/**
 * How large neurons are, and how many stand side by side.
 * @param {{units: number, kind: string}} column
 * @param {number} inner
 * @param {boolean} narrow
 */
function shape({ units, kind }, inner, narrow) {
  const most = narrow ? 34 : 46;
  if (kind === "image") return { across: 1, pitch: narrow ? 64 : 104, size: narrow ? 60 : 96, shown: 1 };
  if (kind === "loss") return { across: 1, pitch: narrow ? 40 : 64, size: narrow ? 36 : 56, shown: 1 };
  for (const across of narrow ? [1, 2, 3] : [1, 2, 3, 4, 5, 6]) {
    const rows = Math.ceil(units / across);
    const pitch = Math.min(most + 8, inner / rows);
    if (pitch >= (across === 1 ? 30 : 26)) return { across, pitch, size: Math.floor(pitch - Math.max(3, pitch * 0.14)), shown: units };
  }
  const [across, pitch] = [narrow ? 3 : 6, 26];
  return { across, pitch, size: 23, shown: across * Math.floor(inner / pitch) };
}

/**
 * @param {number[]} units
 * @param {number} across
 * @param {number} step
 * @param {number} size
 * @param {number} left
 * @param {number} middle
 * @returns {Spot[]}
 */
function placed(units, across, step, size, left, middle) {
  const rows = Math.ceil(units.length / across);
  const sorted = [...units].sort((a, b) => a - b);
  return sorted.map((unit, k) => ({
    unit, size,
    x: left + ((k % across) + 0.5) * step,
    y: middle + (Math.floor(k / across) - (rows - 1) / 2) * step,
  }));
}
