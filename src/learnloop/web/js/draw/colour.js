// One diverging scale for sign: orange below zero, grey at zero, blue above; and colours for classes.

/** Colours of classes that people with any colour vision tell apart (Okabe and Ito 2008), the sign scale's two first. */
const CLASSES = ["#f59322", "#0877bd", "#1f9e77", "#cc6699", "#8c6bb1", "#b8860b", "#4d8c9e", "#a0522d", "#6b7a1e", "#7f7f7f"];

/** @typedef {[number, number, number]} Colour */

/** @param {string} text  "#rrggbb" @returns {Colour} */
function parse(text) {
  const whole = parseInt(text.slice(1), 16);
  return [whole >> 16, (whole >> 8) & 255, whole & 255];
}

/** @type {{theme: string, colours: Map<string, string>}} */
let known = { theme: "", colours: new Map() };

/**
 * A colour of the page's theme. Remembered: to ask for a style makes the browser compute all of them, many times a frame.
 * @param {string} name  of the custom property
 */
export function themed(name) {
  const theme = `${document.documentElement.dataset.theme} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  if (theme !== known.theme) known = { theme, colours: new Map() };
  const colour = known.colours.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  if (colour) known.colours.set(name, colour);
  return colour;
}

/** The scale as the page has it now: zero differs between light and dark. */
export class Scale {
  constructor() {
    const read = (/** @type {string} */ name) => parse(themed(name) || "#888888");
    this.minus = read("--minus");
    this.zero = read("--zero");
    this.plus = read("--plus");
    const ends = [this.minus, this.zero, this.plus].join();
    if (Scale.#made.ends !== ends) Scale.#made = { ends, colours: this.#table() };
    this.colours = Scale.#made.colours;
  }

  /** The table is the same for all of a theme. */
  static #made = { ends: "", colours: new Uint32Array(257) };

  /** 256 colours from -1 to 1. */
  #table() {
    const colours = new Uint32Array(257);
    for (let k = 0; k <= 256; k++) {
      const t = (k - 128) / 128;
      const end = t < 0 ? this.minus : this.plus;
      const mix = (/** @type {number} */ c) => Math.round(this.zero[c] + (end[c] - this.zero[c]) * Math.abs(t));
      colours[k] = (255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0);
    }
    return colours;
  }

  /** A pixel for a value from -1 to 1; outside it is the end. @param {number} t */
  pixel(t) {
    const k = Math.round(128 + 128 * Math.max(-1, Math.min(1, t)));
    return /** @type {Uint32Array} */ (this.colours)[k];
  }

  /** The same as a CSS colour. @param {number} t */
  css(t) {
    const pixel = this.pixel(Number.isFinite(t) ? t : 0);
    return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
  }
}

/** @param {number} index */
export const classColour = (index) => CLASSES[index % CLASSES.length];

/** What a point of a class is filled with: lighter in the dark, so that it stands out from the map of its own class. @param {number} index */
export const pointColour = (index) => `var(--point-${index % CLASSES.length}, ${classColour(index)})`;

/** @param {number} index @returns {Colour} */
export const classRgb = (index) => parse(classColour(index));

/** What class points are drawn as, too: colour alone says nothing. @param {number} index */
export const classShape = (index) => ["circle", "square", "triangle", "diamond", "cross"][index % 5];
