/* Correctly rounded square roots in integers, for targets without an instruction and without a C library. */
#ifndef LL_SQRT_EMULATED_H
#define LL_SQRT_EMULATED_H

#include "base.h"

/* The first 54 binary digits of the root of a radicand in [1, 4), given with two digits before the point.
 * The 54th only rounds: the root of a number with 53 digits is never exactly half way between two such numbers. */
LL_INLINE u64 ll_root(u64 radicand) {
    u64 root = 0, rest = 0;
    for (int i = 0; i < 54; i++) {
        rest = (rest << 2) | (radicand >> 62);
        radicand <<= 2;
        root <<= 1;
        if (rest > root << 1) {
            rest -= (root << 1) | 1;
            root |= 1;
        }
    }
    return root;
}

LL_UNUSED static f64 sqrt_emulated_f64(f64 x) {
    const u64 hidden = (u64)1 << 52, infinity = (u64)0x7ff << 52;
    u64 m = bits_f64(x);
    if (x == 0 || m == infinity) return x;
    if (m > infinity) return real_f64(infinity | hidden >> 1); /* negative or NaN */
    int exponent = (int)(m >> 52) - 1023;
    m &= hidden - 1;
    if (exponent > -1023) {
        m |= hidden;
    } else {
        for (exponent = -1022; m < hidden; exponent--) m <<= 1;
    }
    const int odd = exponent & 1;
    const u64 rounded = (ll_root(m << (10 + odd)) + 1) >> 1;
    return real_f64(((u64)((exponent - odd) / 2 + 1023) << 52) + (rounded - hidden));
}

/* A float64 root rounded again is the correctly rounded float32 root, because 53 >= 2 * 24 + 2. */
LL_UNUSED static f32 sqrt_emulated_f32(f32 x) {
    return (f32)sqrt_emulated_f64((f64)x);
}

#endif
