/* Counts how often the emulated fma and square root differ from the hardware's, on random and on nasty operands. */
#include "fma.h"

#if LL_FUSED != 1 || !LL_SQRT
#error "this needs hardware to compare with"
#endif

LL_EXPORT i64 check_fma_f32(u64 seed, i64 count);
LL_EXPORT i64 check_fma_f64(u64 seed, i64 count);
LL_EXPORT i64 check_sqrt_f32(u64 seed, i64 count);
LL_EXPORT i64 check_sqrt_f64(u64 seed, i64 count);

/* Steele, Lea and Flood's splitmix64. */
static u64 next(u64 *state) {
    u64 z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* Bits with long runs of 0 and 1, where carries and ties are. */
static u64 runs(u64 *state) {
    const u64 a = next(state), b = next(state);
    const u64 r = ~(u64)0 >> (a & 63) ^ ~(u64)0 << (a >> 8 & 63) ^ (u64)1 << (a >> 16 & 63);
    return a >> 62 ? r : r ^ (u64)1 << (b & 63);
}

/* A number of the kind that `kind` chooses; `bits` and `digits` as in the format. */
static u64 number(u64 *state, int kind, int bits, int digits) {
    const u64 random = next(state) >> (64 - bits), nasty = runs(state) & ~(u64)0 >> (64 - bits);
    const u64 fraction = ((u64)1 << digits) - 1, sign = (u64)1 << (bits - 1), exponents = sign - 1 - fraction;
    const u64 one = exponents >> 1 & exponents;
    switch (kind & 7) {
        case 0: return random;
        case 1: return nasty;
        case 2: return (random & (sign | fraction)) | one;                                   /* 1 ... 2 */
        case 3: return (nasty & (sign | fraction)) | one;
        case 4: return random & (sign | fraction);                                           /* subnormal */
        case 5: return (nasty & (sign | fraction)) | (exponents & ~((u64)1 << digits));      /* huge */
        case 6: return (nasty & (sign | fraction)) | (random & (u64)63 << digits);           /* tiny */
        default: return (nasty & (sign | fraction)) | (one - ((random & 63) << digits));     /* moderate */
    }
}

static u64 same_f32(f32 a, f32 b) { return (a != a && b != b) || bits_f32(a) == bits_f32(b); }
static u64 same_f64(f64 a, f64 b) { return (a != a && b != b) || bits_f64(a) == bits_f64(b); }

LL_EXPORT i64 check_fma_f32(u64 seed, i64 count) {
    i64 differences = 0;
    for (i64 i = 0; i < count; i++) {
        const int kind = (int)(next(&seed) & 1023);
        const f32 a = real_f32((u32)number(&seed, kind, 32, 23)), b = real_f32((u32)number(&seed, kind >> 3, 32, 23));
        f32 c = real_f32((u32)number(&seed, kind >> 6, 32, 23));
        if (kind >> 9) c = real_f32(bits_f32(-a * b) + (u32)(next(&seed) & 7) - 3); /* nearly cancels */
        differences += !same_f32(fma_emulated_f32(a, b, c), __builtin_fmaf(a, b, c));
    }
    return differences;
}

LL_EXPORT i64 check_fma_f64(u64 seed, i64 count) {
    i64 differences = 0;
    for (i64 i = 0; i < count; i++) {
        const int kind = (int)(next(&seed) & 1023);
        const f64 a = real_f64(number(&seed, kind, 64, 52)), b = real_f64(number(&seed, kind >> 3, 64, 52));
        f64 c = real_f64(number(&seed, kind >> 6, 64, 52));
        if (kind >> 9) c = real_f64(bits_f64(-a * b) + (next(&seed) & 7) - 3);
        differences += !same_f64(fma_emulated_f64(a, b, c), __builtin_fma(a, b, c));
    }
    return differences;
}

LL_EXPORT i64 check_sqrt_f32(u64 seed, i64 count) {
    i64 differences = 0;
    for (i64 i = 0; i < count; i++) {
        f32 a = real_f32((u32)number(&seed, (int)next(&seed), 32, 23));
        if (i & 1) a = real_f32(bits_f32(a * a) + (u32)(next(&seed) & 3) - 1); /* nearly a square */
        differences += !same_f32(sqrt_emulated_f32(a), sqrt_f32(a));
    }
    return differences;
}

LL_EXPORT i64 check_sqrt_f64(u64 seed, i64 count) {
    i64 differences = 0;
    for (i64 i = 0; i < count; i++) {
        f64 a = real_f64(number(&seed, (int)next(&seed), 64, 52));
        if (i & 1) a = real_f64(bits_f64(a * a) + (next(&seed) & 3) - 1);
        differences += !same_f64(sqrt_emulated_f64(a), sqrt_f64(a));
    }
    return differences;
}
