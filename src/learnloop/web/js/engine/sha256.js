// SHA-256 (FIPS 180-4). Browsers have it, but not for every page: a frame in a notebook, or a page over plain HTTP.

/** The first 32 bits of the fractional part of a root. @param {number} root */
const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const PRIMES = [2];
for (let n = 3; PRIMES.length < 64; n += 2) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
const BEGIN = PRIMES.slice(0, 8).map((p) => bits(Math.sqrt(p)));
const ROUNDS = PRIMES.map((p) => bits(Math.cbrt(p)));

/** @param {number} x @param {number} n */
const turned = (x, n) => (x >>> n) | (x << (32 - n));

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string>} in hexadecimal */
export async function sha256(bytes) {
  const digest = globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : computed(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Uint8Array} bytes */
export function computed(bytes) {
  const padded = new Uint8Array(64 * Math.ceil((bytes.length + 9) / 64));
  padded.set(bytes);
  padded[bytes.length] = 128;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, 8n * BigInt(bytes.length));
  const state = Int32Array.from(BEGIN);
  const words = new Int32Array(64);
  for (let place = 0; place < padded.length; place += 64) {
    for (let k = 0; k < 16; k++) words[k] = view.getInt32(place + 4 * k);
    for (let k = 16; k < 64; k++) words[k] = words[k - 16] + spread(words[k - 15], 7, 18, 3) + words[k - 7] + spread(words[k - 2], 17, 19, 10);
    compress(state, words);
  }
  const found = new DataView(new ArrayBuffer(32));
  state.forEach((word, k) => found.setInt32(4 * k, word));
  return new Uint8Array(found.buffer);
}

/** @param {number} x @param {number} a @param {number} b @param {number} shift */
const spread = (x, a, b, shift) => turned(x, a) ^ turned(x, b) ^ (x >>> shift);

/** @param {Int32Array} state @param {Int32Array} words */
function compress(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let k = 0; k < 64; k++) {
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[k] + words[k]) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, k) => (state[k] += word));
}
