// Numbers as people read them.

/** A few significant digits, without noise at the end. @param {number} x @param {number} [digits] */
export function short(x, digits = 3) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "no number" : x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  const text = size >= 1e5 || size < 1e-4 ? x.toExponential(digits - 1) : String(Number(x.toPrecision(digits)));
  return text.replace("-", "−").replace("e+", "e").replace("e-", "e−");
}

/** With its sign, whatever it is. @param {number} x @param {number} [digits] */
export const signed = (x, digits = 3) => (x > 0 ? "+" : "") + short(x, digits);

/** A share as a percentage. @param {number} x */
export const percent = (x) => (Number.isFinite(x) ? `${(100 * x).toFixed(x > 0.9995 || x === 0 ? 0 : 1)} %` : "–");

/** A count with thin spaces. @param {number} n */
export const count = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
