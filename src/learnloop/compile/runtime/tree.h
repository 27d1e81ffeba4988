/* The sum of 16 lanes in the one order that the language fixes for row sums. */
#ifndef LL_TREE_H
#define LL_TREE_H

#include "base.h"

/* Lane l takes l + 8, then l + 4, l + 2, l + 1. */
LL_INLINE f32 tree_f32(const f32 lane[16]) {
    f32 s[8];
    LL_UNROLL for (int l = 0; l < 8; l++) s[l] = lane[l] + lane[l + 8];
    LL_UNROLL for (int l = 0; l < 4; l++) s[l] += s[l + 4];
    return (s[0] + s[2]) + (s[1] + s[3]);
}

LL_INLINE f64 tree_f64(const f64 lane[16]) {
    f64 s[8];
    LL_UNROLL for (int l = 0; l < 8; l++) s[l] = lane[l] + lane[l + 8];
    LL_UNROLL for (int l = 0; l < 4; l++) s[l] += s[l + 4];
    return (s[0] + s[2]) + (s[1] + s[3]);
}

#endif
