/* vec.h for two lanes or more, by the vector types of gcc and clang. */
#include "vec_native.h"

typedef LL_SCALAR LL_REAL __attribute__((vector_size(LL_BYTES)));
typedef LL_JOIN2(i, LL_BITS) LL_INT __attribute__((vector_size(LL_BYTES)));
typedef LL_JOIN2(u, LL_BITS) LL_UINT __attribute__((vector_size(LL_BYTES)));
typedef LL_SCALAR LL_F(ll_memory) __attribute__((vector_size(LL_BYTES), aligned(LL_BITS / 8), may_alias));

LL_INLINE LL_REAL LL_F(load)(const LL_SCALAR *from) {
    return *(const LL_F(ll_memory) *)from;
}

LL_INLINE void LL_F(store)(LL_SCALAR *to, LL_REAL x) {
    *(LL_F(ll_memory) *)to = x;
}

/* As a difference, because x - 0 is x for -0, too, and because gcc makes one broadcast of it. */
LL_INLINE LL_REAL LL_F(splat)(LL_SCALAR x) {
    return x - (LL_REAL){0};
}

/* 0, 1, 2, ... */
LL_INLINE LL_REAL LL_F(iota)(void) {
    static const LL_SCALAR numbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return LL_F(load)(numbers);
}

LL_INLINE LL_UINT LL_F(bits)(LL_REAL x) {
    return (LL_UINT)x;
}

LL_INLINE LL_REAL LL_F(real)(LL_UINT x) {
    return (LL_REAL)x;
}

LL_INLINE LL_INT LL_F(gt)(LL_REAL a, LL_REAL b) {
    return (LL_INT)(a > b);
}

/* The mask of the first `count` lanes. */
LL_INLINE LL_INT LL_F(first)(i32 count) {
    return LL_F(gt)(LL_F(splat)((LL_SCALAR)count), LL_F(iota)());
}

LL_INLINE LL_INT LL_F(ge)(LL_REAL a, LL_REAL b) {
    return (LL_INT)(a >= b);
}

LL_INLINE LL_INT LL_F(eq)(LL_REAL a, LL_REAL b) {
    return (LL_INT)(a == b);
}

/* Where there are native operations that generic vectors do not reach, a vector is one native one or several. */
#undef LL_PART_BYTES
#undef LL_PARTS
#undef LL_PARTWISE
#if LL_NATIVE_BYTES && LL_BYTES > LL_NATIVE_BYTES
#define LL_PART_BYTES LL_NATIVE_BYTES
#elif LL_NATIVE_BYTES && LL_BYTES >= 16
#define LL_PART_BYTES LL_BYTES
#elif LL_NATIVE_BYTES
#define LL_PART_BYTES 16
#else
#define LL_PART_BYTES 0
#endif
#if LL_PART_BYTES
#define LL_PARTS ((LL_BYTES + LL_PART_BYTES - 1) / LL_PART_BYTES)
#define LL_PARTWISE LL_UNROLL for (int p = 0; p < LL_PARTS; p++)
union LL_F(ll_parts) {
    LL_NATIVE(TYPE, LL_PART_BYTES) part[LL_PARTS];
    LL_REAL whole;
};

LL_INLINE union LL_F(ll_parts) LL_F(ll_split)(LL_REAL x) {
    union LL_F(ll_parts) u = {{{0}}}; /* a vector of 8 bytes leaves half of its part empty */
    u.whole = x;
    return u;
}
#endif

/* a where the mask is set, else b. */
LL_INLINE LL_REAL LL_F(select)(LL_INT mask, LL_REAL a, LL_REAL b) {
#if LL_FUSED == 2
    const union LL_F(ll_parts) m = LL_F(ll_split)((LL_REAL)mask), x = LL_F(ll_split)(a);
    union LL_F(ll_parts) z = LL_F(ll_split)(b);
    LL_PARTWISE z.part[p] = LL_NATIVE(SELECT, LL_PART_BYTES)(m.part[p], x.part[p], z.part[p]);
    return z.whole;
#else
    return (LL_REAL)((mask & (LL_INT)a) | (~mask & (LL_INT)b));
#endif
}

#if LL_FUSED == 0 && LL_BITS == 32
typedef f64 LL_F(ll_wide) __attribute__((vector_size(2 * LL_BYTES)));
typedef u64 LL_F(ll_wide_bits) __attribute__((vector_size(2 * LL_BYTES)));

/* fma_emulated_f32, for all lanes at once. */
LL_INLINE LL_REAL LL_F(fma_emulated)(LL_REAL a, LL_REAL b, LL_REAL c) {
    const LL_F(ll_wide) zero = {0}, addend = __builtin_convertvector(c, LL_F(ll_wide)),
                        product = __builtin_convertvector(a, LL_F(ll_wide)) * __builtin_convertvector(b, LL_F(ll_wide));
    const LL_F(ll_wide) sum = product + addend, part = sum - product;
    const LL_F(ll_wide) rest = (product - (sum - part)) + (addend - part);
    const LL_F(ll_wide_bits) bits = (LL_F(ll_wide_bits))sum, up = (LL_F(ll_wide_bits))(rest > zero),
                             down = (LL_F(ll_wide_bits))(rest < zero), negative = (LL_F(ll_wide_bits))(sum < zero);
    const LL_F(ll_wide_bits) outward = (up & ~negative) | (down & negative), inward = (up | down) & ~outward;
    const LL_F(ll_wide_bits) moved = bits + (outward & ~bits & 1) - (inward & ~bits & 1);
    return __builtin_convertvector((LL_F(ll_wide))moved, LL_REAL);
}
#endif

LL_INLINE LL_REAL LL_F(fma)(LL_REAL a, LL_REAL b, LL_REAL c) {
#if LL_PART_BYTES && LL_FUSED
    const union LL_F(ll_parts) x = LL_F(ll_split)(a), y = LL_F(ll_split)(b);
    union LL_F(ll_parts) z = LL_F(ll_split)(c);
    LL_PARTWISE z.part[p] = LL_NATIVE(FMA, LL_PART_BYTES)(x.part[p], y.part[p], z.part[p]);
    return z.whole;
#elif LL_FUSED == 1 && !LL_GCC
    return __builtin_elementwise_fma(a, b, c);
#elif LL_FUSED == 0 && LL_BITS == 32
    return LL_F(fma_emulated)(a, b, c);
#else
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) c[k] = LL_JOIN2(fma_, LL_SCALAR)(a[k], b[k], c[k]);
    return c;
#endif
}

LL_INLINE LL_REAL LL_F(sqrt)(LL_REAL x) {
#if LL_PART_BYTES && LL_X86_GCC
    union LL_F(ll_parts) z = LL_F(ll_split)(x);
    LL_PARTWISE z.part[p] = LL_NATIVE(SQRT, LL_PART_BYTES)(z.part[p]);
    return z.whole;
#elif LL_SQRT && !LL_GCC
    return __builtin_elementwise_sqrt(x);
#else
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) x[k] = LL_JOIN2(sqrt_, LL_SCALAR)(x[k]);
    return x;
#endif
}

/* The smaller, the larger; b if they are equal or either is NaN (as x86 has it). clang sees through the selection. */
LL_INLINE LL_REAL LL_F(min)(LL_REAL a, LL_REAL b) {
#if LL_PART_BYTES
    const union LL_F(ll_parts) x = LL_F(ll_split)(a);
    union LL_F(ll_parts) z = LL_F(ll_split)(b);
    LL_PARTWISE z.part[p] = LL_NATIVE(MIN, LL_PART_BYTES)(x.part[p], z.part[p]);
    return z.whole;
#else
    return LL_F(select)((LL_INT)(a < b), a, b);
#endif
}

LL_INLINE LL_REAL LL_F(max)(LL_REAL a, LL_REAL b) {
#if LL_PART_BYTES
    const union LL_F(ll_parts) x = LL_F(ll_split)(a);
    union LL_F(ll_parts) z = LL_F(ll_split)(b);
    LL_PARTWISE z.part[p] = LL_NATIVE(MAX, LL_PART_BYTES)(x.part[p], z.part[p]);
    return z.whole;
#else
    return LL_F(select)((LL_INT)(a > b), a, b);
#endif
}
