// The program's random numbers: Philox4x32-10 (Salmon et al., SC 2011), a function of (seed, purpose, time, row, unit).

const [LEFT, RIGHT] = [0xd2511f53, 0xcd9e8d57];
const WEYL = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

/** The high word of a product of two words. @param {number} a @param {number} b */
function high(a, b) {
  const [ah, al, bh, bl] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = al * bh + ((al * bl) >>> 16);
  const other = ah * bl + (middle % 65536);
  return (ah * bh + Math.floor(middle / 65536) + Math.floor(other / 65536)) >>> 0;
}

/**
 * One random 32-bit word.
 * @param {bigint|number} seed
 * @param {number} purpose
 * @param {number} time
 * @param {number} row
 * @param {number} unit
 */
export function word(seed, purpose, time, row, unit) {
  const whole = BigInt(seed);
  let [k0, k1] = [Number(whole & 0xffffffffn), Number(whole >> 32n)];
  let [c0, c1, c2, c3] = [unit, row, time, purpose];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const [leftHigh, leftLow] = [high(LEFT, c0), Math.imul(LEFT, c0) >>> 0];
    const [rightHigh, rightLow] = [high(RIGHT, c2), Math.imul(RIGHT, c2) >>> 0];
    [c0, c1, c2, c3] = [(rightHigh ^ c1 ^ k0) >>> 0, rightLow, (leftHigh ^ c3 ^ k1) >>> 0, leftLow];
    [k0, k1] = [(k0 + WEYL[0]) >>> 0, (k1 + WEYL[1]) >>> 0];
  }
  return c0;
}

/**
 * A uniform number in [0, 1), a multiple of 2^-24.
 * @param {bigint|number} seed
 * @param {number} purpose
 * @param {number} time
 * @param {number} row
 * @param {number} unit
 */
export const uniform = (seed, purpose, time, row, unit) => (word(seed, purpose, time, row, unit) >>> 8) * 2 ** -24;
