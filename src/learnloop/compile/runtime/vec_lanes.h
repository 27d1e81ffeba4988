/* vec.h for two lanes or more, by the vector types of gcc and clang. */

typedef LL_SCALAR LL_REAL __attribute__((vector_size(LL_LANES * LL_BITS / 8)));
typedef LL_JOIN2(i, LL_BITS) LL_INT __attribute__((vector_size(LL_LANES * LL_BITS / 8)));
typedef LL_JOIN2(u, LL_BITS) LL_UINT __attribute__((vector_size(LL_LANES * LL_BITS / 8)));
typedef LL_SCALAR LL_JOIN2(ll_memory_, LL_REAL)
    __attribute__((vector_size(LL_LANES * LL_BITS / 8), aligned(LL_BITS / 8), may_alias));

LL_INLINE LL_REAL LL_F(load)(const LL_SCALAR *from) {
    return *(const LL_JOIN2(ll_memory_, LL_REAL) *)from;
}

LL_INLINE void LL_F(store)(LL_SCALAR *to, LL_REAL x) {
    *(LL_JOIN2(ll_memory_, LL_REAL) *)to = x;
}

LL_INLINE LL_REAL LL_F(splat)(LL_SCALAR x) {
    LL_REAL r;
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) r[k] = x;
    return r;
}

/* 0, 1, 2, ... */
LL_INLINE LL_REAL LL_F(iota)(void) {
    LL_REAL r;
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) r[k] = (LL_SCALAR)k;
    return r;
}

/* The mask of the first `count` lanes. */
LL_INLINE LL_INT LL_F(first)(i32 count) {
    LL_INT r;
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) r[k] = k;
    return (LL_INT)(r < (LL_JOIN2(i, LL_BITS))count);
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

LL_INLINE LL_INT LL_F(ge)(LL_REAL a, LL_REAL b) {
    return (LL_INT)(a >= b);
}

LL_INLINE LL_INT LL_F(eq)(LL_REAL a, LL_REAL b) {
    return (LL_INT)(a == b);
}

LL_INLINE LL_REAL LL_F(select)(LL_INT mask, LL_REAL a, LL_REAL b) {
    return (LL_REAL)((mask & (LL_INT)a) | (~mask & (LL_INT)b));
}

LL_INLINE LL_REAL LL_F(fma)(LL_REAL a, LL_REAL b, LL_REAL c) {
#if !LL_GCC && LL_FUSED == 1
    return __builtin_elementwise_fma(a, b, c);
#else
    LL_REAL r;
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) r[k] = LL_JOIN2(fma_, LL_SCALAR)(a[k], b[k], c[k]);
    return r;
#endif
}

LL_INLINE LL_REAL LL_F(sqrt)(LL_REAL x) {
#if !LL_GCC && LL_SQRT
    return __builtin_elementwise_sqrt(x);
#else
    LL_UNROLL for (int k = 0; k < LL_LANES; k++) x[k] = LL_JOIN2(sqrt_, LL_SCALAR)(x[k]);
    return x;
#endif
}

/* The smaller, the larger; b if they are equal or either is NaN (as x86 has it). */
LL_INLINE LL_REAL LL_F(min)(LL_REAL a, LL_REAL b) {
    return LL_F(select)(LL_F(gt)(b, a), a, b);
}

LL_INLINE LL_REAL LL_F(max)(LL_REAL a, LL_REAL b) {
    return LL_F(select)(LL_F(gt)(a, b), a, b);
}
