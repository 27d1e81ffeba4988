// One diverging scale for sign: orange below zero, grey at zero, blue above; and colours for classes.

/** Colours of classes that people with any colour vision tell apart (Okabe and Ito 2008), the sign scale's two first. */
const CLASSES = ["#f59322", "#0877bd", "#1f9e77", "#cc6699", "#8c6bb1", "#b8860b", "#4d8c9e", "#a0522d", "#6b7a1e", "#7f7f7f"];

/** @typedef {[number, number, number]} Colour */

/** @param {string} text  "#rrggbb" @returns {Colour} */
function parse(text) {
  const whole = parseInt(text.slice(1), 16);
  return [whole >> 16, (whole >> 8) & 255, whole & 255];
}

/** The scale as the page has it now: zero differs between light and dark. */
export class Scale {
  constructor() {
    const style = getComputedStyle(document.documentElement);
    const read = (/** @type {string} */ name) => parse(style.getPropertyValue(name).trim() || "#888888");
    this.minus = read("--minus");
    this.zero = read("--zero");
    this.plus = read("--plus");
    this.#table();
  }

  /** 256 colours from -1 to 1. */
  #table() {
    this.colours = new Uint32Array(257);
    for (let k = 0; k <= 256; k++) {
      const t = (k - 128) / 128;
      const end = t < 0 ? this.minus : this.plus;
      const mix = (/** @type {number} */ c) => Math.round(this.zero[c] + (end[c] - this.zero[c]) * Math.abs(t));
      this.colours[k] = (255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0);
    }
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

/** @param {number} index @returns {Colour} */
export const classRgb = (index) => parse(classColour(index));

/** What class points are drawn as, too: colour alone says nothing. @param {number} index */
export const classShape = (index) => ["circle", "square", "triangle", "diamond", "cross"][index % 5];
