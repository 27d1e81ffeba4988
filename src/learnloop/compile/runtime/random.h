/* Random numbers without a state: a function of (seed, purpose, time, row, unit), and the shuffle made of them.
 *
 * A template like vec.h: with LL_BITS and LL_LANES defined it adds the uniform numbers of that type. */
#ifndef LL_RANDOM_H
#define LL_RANDOM_H

#include "base.h"

#define LL_PURPOSE_SHUFFLE 0

/* Philox4x32-10, first word: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011. The counter is (unit, row, time, purpose), the key the two halves of the seed.
 *
 * `words` is u64 or a vector of u64, so that no compiler has to find the vectors in a loop; only the lower half of a
 * word counts, and the upper half holds anything. `loop` is LL_UNROLL where every update draws numbers; where they are
 * drawn now and then it is LL_ROLLED, which takes a compiler less time. */
#define LL_PHILOX(name, words, loop)                                                                          \
    LL_INLINE words name(u64 seed, u32 purpose, u32 time, u32 row, words unit) {                              \
        const words none = unit - unit;                                                                       \
        words second = none + row, third = none + time, fourth = none + purpose;                              \
        u64 key0 = seed, key1 = seed >> 32;                                                                   \
        loop for (int round = 0; round < 10; round++) {                                                       \
            const words a = (unit & 0xffffffff) * 0xd2511f53, b = (third & 0xffffffff) * 0xcd9e8d57;          \
            unit = (b >> 32) ^ second ^ key0;                                                                 \
            third = (a >> 32) ^ fourth ^ key1;                                                                \
            second = b;                                                                                       \
            fourth = a;                                                                                       \
            key0 += 0x9e3779b9;                                                                               \
            key1 += 0xbb67ae85;                                                                               \
        }                                                                                                     \
        return unit;                                                                                          \
    }
#define LL_ROLLED

LL_PHILOX(ll_philox, u64, LL_ROLLED)

LL_INLINE u32 random_u32(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    return (u32)ll_philox(seed, purpose, time, row, unit);
}

/* The words of eight units, backwards from the first. */
#if LL_GNU
typedef u64 ll_eight __attribute__((vector_size(64)));
LL_PHILOX(ll_philox_eight, ll_eight, LL_ROLLED)

LL_INLINE void ll_eight_words(u64 seed, u32 purpose, u32 time, u64 first, u32 to[8]) {
    const ll_eight steps = {0, 1, 2, 3, 4, 5, 6, 7}, words = ll_philox_eight(seed, purpose, time, 0, first - steps);
    LL_UNROLL for (int k = 0; k < 8; k++) to[k] = (u32)words[k];
}
#else
LL_INLINE void ll_eight_words(u64 seed, u32 purpose, u32 time, u64 first, u32 to[8]) {
    for (u32 k = 0; k < 8; k++) to[k] = random_u32(seed, purpose, time, 0, (u32)first - k);
}
#endif

/* order = rows (or 0 ... count - 1) in the order of this epoch: Fisher and Yates, from the back. At most 2^31 rows. */
LL_UNUSED static void shuffle(u64 seed, u32 epoch, index_t count, const i32 *rows, i32 *order) {
    u32 words[8];
    for (index_t i = 0; i < count; i++) order[i] = rows ? rows[i] : (i32)i;
    for (index_t i = count - 1; i > 0;) {
        ll_eight_words(seed, LL_PURPOSE_SHUFFLE, epoch, (u64)i, words);
        for (int k = 0; k < 8 && i > 0; k++, i--) {
            const index_t j = (index_t)((u64)words[k] * (u64)(i + 1) >> 32);
            const i32 row = order[i];
            order[i] = order[j];
            order[j] = row;
        }
    }
}

#endif

/* A number in [0, 1): 24 bits of the word, so that float32 and float64 get the same. For several lanes: of units in a
 * row, the first of which is given. uniform_once is the same for what is drawn before the first update. */
#if defined LL_BITS && defined LL_LANES
#if LL_LANES == 1
LL_INLINE LL_REAL LL_F(uniform)(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    return (LL_SCALAR)(random_u32(seed, purpose, time, row, unit) >> 8) * (LL_SCALAR)0x1p-24f;
}

LL_INLINE LL_REAL LL_F(uniform_once)(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    return LL_F(uniform)(seed, purpose, time, row, unit);
}
#else
typedef u64 LL_F(ll_words) __attribute__((vector_size(8 * LL_LANES)));
typedef i32 LL_F(ll_whole) __attribute__((vector_size(4 * LL_LANES)));
LL_PHILOX(LL_F(ll_philox), LL_F(ll_words), LL_UNROLL)
LL_PHILOX(LL_F(ll_philox_once), LL_F(ll_words), LL_ROLLED)

LL_INLINE LL_F(ll_words) LL_F(ll_units)(u32 first) {
    LL_F(ll_words) units;
    LL_UNROLL for (u32 k = 0; k < LL_LANES; k++) units[k] = (u64)first + k;
    return units;
}

LL_INLINE LL_REAL LL_F(ll_fraction)(LL_F(ll_words) words) {
    const LL_F(ll_words) bits = (words & 0xffffffff) >> 8;
    const LL_F(ll_whole) whole = __builtin_convertvector(bits, LL_F(ll_whole)); /* signed: every machine converts it */
    return __builtin_convertvector(whole, LL_REAL) * (LL_SCALAR)0x1p-24f;
}

LL_INLINE LL_REAL LL_F(uniform)(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    return LL_F(ll_fraction)(LL_F(ll_philox)(seed, purpose, time, row, LL_F(ll_units)(unit)));
}

LL_UNUSED LL_APART LL_REAL LL_F(uniform_once)(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    return LL_F(ll_fraction)(LL_F(ll_philox_once)(seed, purpose, time, row, LL_F(ll_units)(unit)));
}
#endif
#endif
