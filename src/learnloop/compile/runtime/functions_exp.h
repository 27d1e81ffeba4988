/* functions.h: exp and what is made of it. */
#include "functions_poly.h"

#if LL_BITS == 32
#define LL_EXP_LOW -104.0f   /* exp is 0 from here downwards, */
#define LL_EXP_HIGH 89.0f    /* infinite from here upwards, */
#define LL_EXPM1_LOW -18.0f  /* and so are expm1 -1 */
#define LL_TANH_HIGH 10.0f   /* and tanh 1 */
#else
#define LL_EXP_LOW -746.0
#define LL_EXP_HIGH 710.0
#define LL_EXPM1_LOW -40.0
#define LL_TANH_HIGH 20.0
#endif

/* x = n ln 2 + r with |r| <= ln 2 / 2. The bits of t end in the integer n; the product n * LL_LN2_HIGH is exact in fma,
 * and the difference is exact because both are close. */
LL_INLINE LL_REAL LL_F(ll_reduce)(LL_REAL x, LL_REAL *t, LL_REAL *n) {
    *t = LL_F(fma)(x, LL_F(splat)(LL_LOG2E), LL_F(splat)(LL_MAGIC));
    *n = *t - LL_MAGIC;
    const LL_REAL r = LL_F(fma)(*n, LL_F(splat)(-LL_LN2_HIGH), x);
    return LL_F(fma)(*n, LL_F(splat)(-LL_LN2_LOW), r);
}

/* q in exp(r) = 1 + r + r^2 q. */
LL_INLINE LL_REAL LL_F(ll_exp_tail)(LL_REAL r) {
#if LL_BITS == 32
    LL_REAL q = LL_F(splat)(0x1.6ab132p-10f);
    q = LL_STEP(q, r, 0x1.122c88p-7f);
    q = LL_STEP(q, r, 0x1.55579ep-5f);
    q = LL_STEP(q, r, 0x1.5554aap-3f);
    return LL_STEP(q, r, 0x1.fffffep-2f);
#else
    LL_REAL q = LL_F(splat)(0x1.bfabdd24409b7p-26);
    q = LL_STEP(q, r, 0x1.28b1d01965d54p-22);
    q = LL_STEP(q, r, 0x1.71d67083451edp-19);
    q = LL_STEP(q, r, 0x1.a01999cfe80ecp-16);
    q = LL_STEP(q, r, 0x1.a01a0395b6f0ap-13);
    q = LL_STEP(q, r, 0x1.6c16c18222c83p-10);
    q = LL_STEP(q, r, 0x1.1111111107f61p-7);
    q = LL_STEP(q, r, 0x1.5555555551c73p-5);
    q = LL_STEP(q, r, 0x1.55555555553fbp-3);
    return LL_STEP(q, r, 0x1.0000000000005p-1);
#endif
}

/* expm1(r) for |r| <= ln 2 / 2. */
LL_INLINE LL_REAL LL_F(ll_expm1_small)(LL_REAL r) {
    return LL_F(fma)(r * r, LL_F(ll_exp_tail)(r), r);
}

/* 2^n for the n at the end of t, where that is a normal number. */
LL_INLINE LL_REAL LL_F(ll_power)(LL_REAL t) {
    return LL_F(real)((LL_F(bits)(t) + LL_BIAS) << LL_DIGITS);
}

/* p * 2^n rounded once, for n = t - LL_MAGIC from far below the subnormals to far above infinity: in two steps, of
 * which the first is exact. */
LL_INLINE LL_REAL LL_F(ll_scale)(LL_REAL p, LL_REAL t) {
    const LL_UINT n = LL_F(bits)(t) + (2 * LL_BIAS - LL_MAGIC_BITS), half = n >> 1;
    return p * LL_F(real)(half << LL_DIGITS) * LL_F(real)((n - half) << LL_DIGITS);
}

LL_INLINE LL_REAL LL_F(exp)(LL_REAL x) {
    LL_REAL t, n;
    x = LL_F(min)(LL_F(splat)(LL_EXP_HIGH), LL_F(max)(LL_F(splat)(LL_EXP_LOW), x));
    const LL_REAL r = LL_F(ll_reduce)(x, &t, &n);
    return LL_F(ll_scale)(1 + LL_F(ll_expm1_small)(r), t);
}

/* 2^n p + (2^n - 1): with one rounding where it matters. Doubling at the end keeps 2^n finite for the largest x. */
LL_INLINE LL_REAL LL_F(expm1)(LL_REAL x) {
    LL_REAL t, n;
    const LL_REAL y = LL_F(min)(LL_F(splat)(LL_EXP_HIGH), LL_F(max)(LL_F(splat)(LL_EXPM1_LOW), x));
    const LL_REAL p = LL_F(ll_expm1_small)(LL_F(ll_reduce)(y, &t, &n));
    const LL_INT large = LL_F(gt)(n, LL_F(splat)(LL_BIAS));
    const LL_REAL s = LL_F(ll_power)(LL_F(select)(large, t - 1, t));
    const LL_REAL z = LL_F(fma)(s, p, s - 1);
    return LL_F(with_sign)(LL_F(select)(large, z + z, z), x);
}

/* m / (m + 2) with m = expm1(2 |x|). */
LL_INLINE LL_REAL LL_F(tanh)(LL_REAL x) {
    LL_REAL t, n;
    const LL_REAL y = LL_F(min)(LL_F(splat)(LL_TANH_HIGH), LL_F(abs)(x));
    const LL_REAL p = LL_F(ll_expm1_small)(LL_F(ll_reduce)(y + y, &t, &n));
    const LL_REAL s = LL_F(ll_power)(t);
    const LL_REAL m = LL_F(fma)(s, p, s - 1);
    return LL_F(with_sign)(m / (m + 2), x);
}

/* exp(-|x|), down through the subnormals. */
LL_INLINE LL_REAL LL_F(ll_decay)(LL_REAL x) {
    LL_REAL t, n;
    x = LL_F(neg)(LL_F(min)(LL_F(splat)(-(LL_EXP_LOW)), LL_F(abs)(x)));
    const LL_REAL r = LL_F(ll_reduce)(x, &t, &n);
    return LL_F(ll_scale)(1 + LL_F(ll_expm1_small)(r), t);
}

/* 1 / (1 + e) or e / (1 + e) with e = exp(-|x|): no cancellation in either tail. */
LL_INLINE LL_REAL LL_F(sigmoid)(LL_REAL x) {
    const LL_REAL e = LL_F(ll_decay)(x);
    return LL_F(select)(LL_F(gt)(LL_F(splat)(0), x), e, LL_F(splat)(1)) / (1 + e);
}
