// Numbers inside sentences, as Python writes them.

/**
 * A number with so many digits, as "%.3g" has it: of two as near the even one.
 * @param {number} value
 * @param {number} digits
 */
export function general(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  if (value === 0) return "0";
  const [rounded, power] = halfEven(Math.abs(value), digits);
  const sign = value < 0 ? "-" : "";
  const trimmed = (/** @type {string} */ text) => (text.includes(".") ? text.replace(/\.?0*$/, "") : text);
  if (power >= -4 && power < digits) return sign + trimmed(fixed(rounded, power));
  const mantissa = digits > 1 ? `${rounded[0]}.${rounded.slice(1)}` : rounded;
  return `${sign}${trimmed(mantissa)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/**
 * The first digits of a positive number, and the power of ten of the first one.
 * @param {number} size
 * @param {number} digits
 * @returns {[string, number]}
 */
function halfEven(size, digits) {
  const [mantissa, power] = size.toExponential(60).split("e"); // as good as all its digits
  const all = mantissa.replace(".", "");
  const tie = /^50*$/.test(all.slice(digits));
  const up = tie ? Number(all[digits - 1]) % 2 === 1 : all[digits] >= "5";
  const found = String(BigInt(all.slice(0, digits)) + (up ? 1n : 0n));
  return found.length > digits ? [found.slice(0, digits), Number(power) + 1] : [found, Number(power)];
}

/**
 * @param {string} digits
 * @param {number} power
 */
function fixed(digits, power) {
  if (power < 0) return `0.${"0".repeat(-power - 1)}${digits}`;
  return `${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
}

/**
 * Three digits, without an exponent where people would not write one: "52 300", "6.18 million".
 * @param {number} value
 */
export function number(value) {
  const size = Math.abs(value);
  if (size >= 999500 && size < 1e9) return `${general(value / 1e6, 3)} million`;
  return size >= 999.5 && size < 999500 ? grouped(Math.round(Number(general(value, 3)))) : general(value, 3);
}

/**
 * A whole number with a space at the thousands.
 * @param {number} value
 */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}

/**
 * Names as people list them: "a, b and c".
 * @param {string[]} names
 */
export function listed(names) {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((part) => part).join(" and ");
}

/**
 * The nearest whole number, of two as near the even one.
 * @param {number} value
 */
export function roundEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}
