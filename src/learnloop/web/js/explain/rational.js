// Rational numbers without any error: what an explanation adds up in.

const BITS = new DataView(new ArrayBuffer(8));

/**
 * n × 2^e / d, with a whole n, a power of two of its own and a positive d. Sums of stored numbers have d = 1 and need
 * shifts only; what n and d have in common is taken out when somebody looks.
 */
export class Rational {
  /**
   * @param {bigint} n
   * @param {number} [e]
   * @param {bigint} [d]
   */
  constructor(n, e = 0, d = 1n) {
    this.n = n;
    this.e = e;
    this.d = d;
  }

  /**
   * A finite number, exactly.
   * @param {number} value
   */
  static of(value) {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no finite number`);
    if (Number.isSafeInteger(value)) return new Rational(BigInt(value));
    BITS.setFloat64(0, value);
    const high = BITS.getUint32(0);
    const exponent = (high >>> 20) & 0x7ff;
    const size = ((high & 0xfffff) + (exponent ? 0x100000 : 0)) * 2 ** 32 + BITS.getUint32(4);
    return new Rational(BigInt(value < 0 ? -size : size), (exponent || 1) - 1075);
  }

  /** @param {Rational} other */
  plus(other) {
    if (!this.n) return other;
    if (!other.n) return this;
    if (this.d === other.d) return shifted(this.n, this.e, other.n, other.e, this.d);
    const common = gcd(this.d, other.d);
    const mine = other.d / common;
    return shifted(this.n * mine, this.e, other.n * (this.d / common), other.e, this.d * mine);
  }

  /** @param {Rational} other */
  minus(other) {
    return this.plus(other.negative());
  }

  negative() {
    return new Rational(-this.n, this.e, this.d);
  }

  /** @param {Rational} other */
  times(other) {
    return new Rational(this.n * other.n, this.e + other.e, this.d === 1n ? other.d : this.d * other.d);
  }

  /** @param {Rational} other */
  over(other) {
    if (!other.n) throw new RangeError("division by zero");
    const sign = other.n < 0n ? -1n : 1n;
    return new Rational(this.n * other.d * sign, this.e - other.e, this.d * other.n * sign).reduced();
  }

  size() {
    return this.n < 0n ? this.negative() : this;
  }

  /**
   * Negative, zero or positive, as the difference is.
   * @param {Rational} other
   */
  compare(other) {
    const difference = this.minus(other).n;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  isZero() {
    return this.n === 0n;
  }

  /** The same number with a smaller n and d. */
  reduced() {
    if (this.d === 1n) return this;
    const common = gcd(this.n, this.d);
    return new Rational(this.n / common, this.e, this.d / common);
  }

  /** The nearest float64, of two as near the even one. */
  toNumber() {
    if (this.d === 1n) {
      const found = Number(this.n); // rounds to the nearest, once
      const scaled = scale(found, this.e);
      if (found === 0 || (Math.abs(scaled) >= 2 ** -1022 && Math.abs(found) < Infinity)) return scaled;
    }
    return nearest(this);
  }

  /** As Python's fractions write it: "-3/4", "2". */
  toString() {
    let [n, d] = this.e >= 0 ? [this.n << BigInt(this.e), this.d] : [this.n, this.d << BigInt(-this.e)];
    const common = gcd(n, d);
    [n, d] = [n / common, d / common];
    return d === 1n ? `${n}` : `${n}/${d}`;
  }
}

export const ZERO = new Rational(0n);
export const ONE = new Rational(1n);

/**
 * @param {Iterable<Rational>} numbers
 * @returns {Rational}
 */
export function sum(numbers) {
  let total = ZERO;
  for (const number of numbers) total = total.plus(number);
  return total;
}

/**
 * Two numerators over one denominator.
 * @param {bigint} a
 * @param {number} ea
 * @param {bigint} b
 * @param {number} eb
 * @param {bigint} d
 */
function shifted(a, ea, b, eb, d) {
  if (ea === eb) return new Rational(a + b, ea, d);
  return ea > eb ? new Rational((a << BigInt(ea - eb)) + b, eb, d) : new Rational(a + (b << BigInt(eb - ea)), ea, d);
}

/**
 * The largest common factor, at least 1. Powers of two go first: dyadic numbers have nothing else.
 * @param {bigint} a
 * @param {bigint} b
 */
function gcd(a, b) {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  if (!x || !y) return x || y || 1n;
  const twos = Math.min(trailing(x), trailing(y));
  if (y >> BigInt(trailing(y)) === 1n || x >> BigInt(trailing(x)) === 1n) return 1n << BigInt(twos);
  while (y) [x, y] = [y, x % y];
  return x;
}

/**
 * How many zeros a positive whole number ends in, in binary.
 * @param {bigint} x
 */
function trailing(x) {
  let count = 0;
  while (!(x & 0xffffffffn)) {
    x >>= 32n;
    count += 32;
  }
  const low = Number(x & 0xffffffffn);
  return count + 31 - Math.clz32(low & -low);
}

/** @param {bigint} x  positive */
function length(x) {
  const digits = x.toString(16);
  return digits.length * 4 - Math.clz32(parseInt(digits[0], 16)) + 28;
}

/**
 * x × 2^e; exact unless the result is subnormal or too large.
 * @param {number} x
 * @param {number} e
 */
function scale(x, e) {
  for (; e < -1000; e += 1000) x *= 2 ** -1000;
  for (; e > 1000; e -= 1000) x *= 2 ** 1000;
  return x * 2 ** e;
}

/** @param {Rational} value */
function nearest({ n, e, d }) {
  if (!n) return 0;
  const size = n < 0n ? -n : n;
  const up = 66 - length(size) + length(d); // at least 65 digits of the quotient, whatever follows them in the last one
  const [top, bottom] = up >= 0 ? [size << BigInt(up), d] : [size, d << BigInt(-up)];
  let quotient = top / bottom;
  if (quotient * bottom !== top) quotient |= 1n;
  const digits = length(quotient);
  const exponent = digits - 1 + e - up;
  const kept = exponent >= -1022 ? 53 : 1075 + exponent;
  if (kept < 0) return n < 0n ? -0 : 0;
  const drop = BigInt(digits - kept);
  const rest = quotient & ((1n << drop) - 1n);
  const half = 1n << (drop - 1n);
  let found = quotient >> drop;
  if (rest > half || (rest === half && found & 1n)) found += 1n;
  const result = scale(Number(found), e - up + digits - kept);
  return n < 0n ? -result : result;
}
