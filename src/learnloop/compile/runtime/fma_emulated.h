/* a * b + c with one rounding, on targets whose hardware does not fuse. */
#ifndef LL_FMA_EMULATED_H
#define LL_FMA_EMULATED_H

#include "base.h"

/* The product of two float32 is exact in float64. Their sum is rounded to odd: a second rounding, to 24 of 53 digits,
 * then acts as if it were the first (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008). */
LL_INLINE f32 fma_emulated_f32(f32 a, f32 b, f32 c) {
    const f64 product = (f64)a * (f64)b, addend = (f64)c;
    const f64 sum = product + addend;
    const f64 part = sum - product;
    const f64 rest = (product - (sum - part)) + (addend - part); /* exactly what the sum has lost */
    u64 bits = bits_f64(sum);
    const u64 even = ~bits & 1;
    const u64 lost = (u64)(rest > 0) | (u64)(rest < 0); /* neither if there is an infinity or NaN */
    const u64 inward = (u64)(rest > 0) ^ (u64)(sum > 0);
    bits += (even & lost) * (1 - 2 * inward);
    return (f32)real_f64(bits);
}

/* A float64 as sign * significand * 2^exponent, the significand's first digit at bit 52. */
struct ll_parts {
    u64 significand;
    int exponent;
};

LL_INLINE struct ll_parts ll_split(f64 x) {
    const u64 hidden = (u64)1 << 52, bits = bits_f64(x) & ~((u64)1 << 63);
    struct ll_parts p;
    p.exponent = (int)(bits >> 52) - 1075;
    p.significand = bits & (hidden - 1);
    if (p.exponent > -1075) {
        p.significand |= hidden;
    } else {
        for (p.exponent = -1074; p.significand < hidden; p.exponent--) p.significand <<= 1;
    }
    return p;
}

struct ll_u128 {
    u64 high, low;
};

/* The product of two significands, as 2^126 > product >= 2^124: two digits of room above. */
LL_INLINE struct ll_u128 ll_product(u64 a, u64 b) {
    const u64 mask = 0xffffffff;
    a <<= 10;
    b <<= 10;
    const u64 a0 = a & mask, a1 = a >> 32, b0 = b & mask, b1 = b >> 32;
    const u64 middle = a0 * b1 + (a0 * b0 >> 32); /* no overflow: a1 and b1 have 31 digits */
    const u64 other = a1 * b0 + (middle & mask);
    struct ll_u128 p;
    p.high = a1 * b1 + (middle >> 32) + (other >> 32);
    p.low = a * b;
    return p;
}

/* Shifts right; a lost digit leaves a mark in the last one. */
LL_INLINE struct ll_u128 ll_shift_sticky(struct ll_u128 x, int count) {
    if (count > 127) {
        x.low = (x.high | x.low) != 0;
        x.high = 0;
    } else if (count > 63) {
        const u64 lost = x.low | (count > 64 ? x.high << (128 - count) : 0);
        x.low = x.high >> (count - 64) | (lost != 0);
        x.high = 0;
    } else if (count > 0) {
        const u64 lost = x.low << (64 - count);
        x.low = x.low >> count | x.high << (64 - count) | (lost != 0);
        x.high >>= count;
    }
    return x;
}

/* sign * high.low * 2^exponent rounded to nearest, ties to even; the value is not 0. */
LL_INLINE f64 ll_round(u64 sign, struct ll_u128 x, int exponent) {
    while (!(x.high >> 63)) {
        x.high = x.high << 1 | x.low >> 63;
        x.low <<= 1;
        exponent--;
    }
    const int leading = exponent + 127;
    if (leading > 1023) return real_f64(sign | (u64)0x7ff << 52);
    if (leading < -1022) x = ll_shift_sticky(x, -1022 - leading);
    const u64 digits = x.high | (x.low != 0), rest = digits & 2047, half = 1024;
    u64 kept = digits >> 11;
    kept += rest > half || (rest == half && (kept & 1));
    return real_f64(sign | ((leading < -1022 ? 0 : (u64)(leading + 1022) << 52) + kept));
}

LL_UNUSED static f64 fma_emulated_f64(f64 a, f64 b, f64 c) {
    const u64 top = (u64)1 << 63, infinity = (u64)0x7ff << 52;
    if (a == 0 || b == 0 || (bits_f64(a) & ~top) >= infinity || (bits_f64(b) & ~top) >= infinity) return a * b + c;
    if ((bits_f64(c) & ~top) >= infinity) return c + c;
    if (c == 0) return a * b; /* not + c: a negative product that underflows stays negative */

    const struct ll_parts pa = ll_split(a), pb = ll_split(b), pc = ll_split(c);
    u64 sign = (bits_f64(a) ^ bits_f64(b)) & top;
    const u64 other_sign = bits_f64(c) & top;
    struct ll_u128 x = ll_product(pa.significand, pb.significand), y;
    int exponent = pa.exponent + pb.exponent - 20;
    y.high = pc.significand << 9;
    y.low = 0;
    const int ahead = exponent - (pc.exponent - 73);
    if (ahead >= 0) {
        y = ll_shift_sticky(y, ahead);
    } else {
        x = ll_shift_sticky(x, -ahead);
        exponent -= ahead;
    }
    if (sign == other_sign) {
        x.low += y.low;
        x.high += y.high + (x.low < y.low);
    } else {
        if (x.high < y.high || (x.high == y.high && x.low < y.low)) {
            const struct ll_u128 z = x;
            x = y;
            y = z;
            sign = other_sign;
        }
        x.high -= y.high + (x.low < y.low);
        x.low -= y.low;
        if (!(x.high | x.low)) return 0;
    }
    return ll_round(sign, x, exponent);
}

#endif
