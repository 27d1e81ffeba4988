/* Random numbers without a state: a function of (seed, purpose, time, row, unit), and the shuffle made of them.
 *
 * A template like vec.h: with LL_BITS and LL_LANES defined it adds the uniform numbers of that type. */
#ifndef LL_RANDOM_H
#define LL_RANDOM_H

#include "base.h"

#define LL_PURPOSE_SHUFFLE 0

/* Philox4x32-10, first word: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011. The counter is (unit, row, time, purpose), the key the two halves of the seed. */
LL_INLINE u32 random_u32(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    u32 key0 = (u32)seed, key1 = (u32)(seed >> 32);
    LL_UNROLL for (int round = 0; round < 10; round++) {
        const u64 a = (u64)0xd2511f53 * unit, b = (u64)0xcd9e8d57 * time;
        unit = (u32)(b >> 32) ^ row ^ key0;
        time = (u32)(a >> 32) ^ purpose ^ key1;
        row = (u32)b;
        purpose = (u32)a;
        key0 += 0x9e3779b9;
        key1 += 0xbb67ae85;
    }
    return unit;
}

/* The words of units first + k * step, many at once so that the compiler can use vectors. */
LL_INLINE void ll_random_words(u64 seed, u32 purpose, u32 time, u32 row, u32 first, u32 step, int count, u32 *to) {
    for (int k = 0; k < count; k++) to[k] = random_u32(seed, purpose, time, row, first + step * (u32)k);
}

/* order = rows (or 0 ... count - 1) in the order of this epoch: Fisher and Yates, from the back. At most 2^31 rows. */
LL_UNUSED static void shuffle(u64 seed, u32 epoch, index_t count, const i32 *rows, i32 *order) {
    u32 words[64];
    for (index_t i = 0; i < count; i++) order[i] = rows ? rows[i] : (i32)i;
    for (index_t i = count - 1; i > 0;) {
        ll_random_words(seed, LL_PURPOSE_SHUFFLE, epoch, 0, (u32)i, (u32)-1, 64, words);
        for (int k = 0; k < 64 && i > 0; k++, i--) {
            const index_t j = (index_t)((u64)words[k] * (u64)(i + 1) >> 32);
            const i32 row = order[i];
            order[i] = order[j];
            order[j] = row;
        }
    }
}

#endif

/* A number in [0, 1): 24 bits of the word, so that float32 and float64 get the same. */
#if defined LL_BITS && defined LL_LANES
LL_INLINE LL_REAL LL_F(uniform)(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
#if LL_LANES == 1
    return (LL_SCALAR)(random_u32(seed, purpose, time, row, unit) >> 8) * (LL_SCALAR)0x1p-24f;
#else
    u32 words[LL_LANES];
    LL_SCALAR x[LL_LANES];
    ll_random_words(seed, purpose, time, row, unit, 1, LL_LANES, words);
    for (int k = 0; k < LL_LANES; k++) x[k] = (LL_SCALAR)(i32)(words[k] >> 8) * (LL_SCALAR)0x1p-24f;
    return LL_F(load)(x);
#endif
}
#endif
