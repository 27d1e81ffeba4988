// Random numbers without a running state: Philox4x32-10 (Salmon et al. 2011), the program's own.

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57];
const WEYL = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

/**
 * The high word of a 32 x 32 bit product.
 * @param {number} a
 * @param {number} b
 */
function high(a, b) {
  const [low, up] = [a & 0xffff, a >>> 16];
  const [right, left] = [b & 0xffff, b >>> 16];
  const middle = up * right + Math.floor((low * right) / 65536);
  const other = low * left + (middle % 65536);
  return (up * left + Math.floor(middle / 65536) + Math.floor(other / 65536)) >>> 0;
}

/**
 * Uniform in [0, 1), a multiple of 2^-24.
 * @param {bigint} seed  0..2^64-1
 * @param {number} purpose
 * @param {number} time  epoch or update
 * @param {number} row  of the data
 * @param {number} unit  which of the row's numbers
 */
export function uniform(seed, purpose, time, row, unit) {
  let [c0, c1, c2, c3] = [unit >>> 0, row >>> 0, time >>> 0, purpose >>> 0];
  let k0 = Number(seed & 0xffffffffn);
  let k1 = Number(seed >> 32n);
  for (let round = 0; round < ROUNDS; round++) {
    const [left, right] = [high(MULTIPLIERS[0], c0), high(MULTIPLIERS[1], c2)];
    const [lowLeft, lowRight] = [Math.imul(MULTIPLIERS[0], c0) >>> 0, Math.imul(MULTIPLIERS[1], c2) >>> 0];
    [c0, c1, c2, c3] = [(right ^ c1 ^ k0) >>> 0, lowRight, (left ^ c3 ^ k1) >>> 0, lowLeft];
    k0 = (k0 + WEYL[0]) >>> 0;
    k1 = (k1 + WEYL[1]) >>> 0;
  }
  return (c0 >>> 8) * 2 ** -24;
}
