/* functions.h: exp and what is made of it. */
#undef LL_EXP_LOW
#undef LL_EXP_HIGH
#undef LL_EXPM1_LOW
#undef LL_TANH_SPLIT
#undef LL_TANH_HIGH
#undef LL_SIGMOID_LOW
#if LL_BITS == 32
#define LL_EXP_LOW -104.0f    /* exp is 0 from here downwards, */
#define LL_EXP_HIGH 89.0f     /* infinite from here upwards; */
#define LL_EXPM1_LOW -18.0f   /* expm1 is -1, */
#define LL_TANH_HIGH 10.0f    /* tanh is 1, */
#define LL_SIGMOID_LOW -40.0f /* and 1 + exp(x) is 1 */
#define LL_TANH_SPLIT 0.625f
#else
#define LL_EXP_LOW -746.0
#define LL_EXP_HIGH 710.0
#define LL_EXPM1_LOW -40.0
#define LL_TANH_HIGH 20.0
#define LL_SIGMOID_LOW -40.0
#define LL_TANH_SPLIT 0.625
#endif

/* x = n ln 2 + r with |r| <= ln 2 / 2; t = LL_MAGIC + n has the integer in its last bits. In three parts: the
 * difference near = x - n * LL_LN2_HIGH is exact, r = near - n * LL_LN2_LOW is rounded. */
struct LL_F(ll_reduced) {
    LL_REAL t, n, near, r;
};

LL_INLINE struct LL_F(ll_reduced) LL_F(ll_reduce)(LL_REAL x) {
    struct LL_F(ll_reduced) d;
    d.t = LL_F(fma)(x, LL_F(splat)(LL_LOG2E), LL_F(splat)(LL_MAGIC));
    d.n = d.t - LL_MAGIC;
    d.near = LL_F(fma)(d.n, LL_F(splat)(-LL_LN2_HIGH), x);
    d.r = LL_F(fma)(d.n, LL_F(splat)(-LL_LN2_LOW), d.near);
    return d;
}

/* q in exp(r) = 1 + r + r^2 q. */
LL_INLINE LL_REAL LL_F(ll_exp_tail)(LL_REAL r) {
#if LL_BITS == 32
    LL_REAL q = LL_F(splat)(0x1.6bebecp-10f);
    q = LL_STEP(q, r, 0x1.122766p-7f);
    q = LL_STEP(q, r, 0x1.555674p-5f);
    q = LL_STEP(q, r, 0x1.5554bp-3f);
    return LL_STEP(q, r, 0x1.fffffep-2f);
#else
    LL_REAL q = LL_F(splat)(0x1.ae6bcebcc6ddfp-26);
    q = LL_STEP(q, r, 0x1.28a1d5e24a4a3p-22);
    q = LL_STEP(q, r, 0x1.71de87e821f4ap-19);
    q = LL_STEP(q, r, 0x1.a019a778fdbf9p-16);
    q = LL_STEP(q, r, 0x1.a01a0175266f7p-13);
    q = LL_STEP(q, r, 0x1.6c16c17ed8c2dp-10);
    q = LL_STEP(q, r, 0x1.1111111118f7ep-7);
    q = LL_STEP(q, r, 0x1.55555555522c1p-5);
    q = LL_STEP(q, r, 0x1.5555555555539p-3);
    return LL_STEP(q, r, 0x1.0000000000005p-1);
#endif
}

/* exp(r) - 1 for |r| <= ln 2 / 2. */
LL_INLINE LL_REAL LL_F(ll_expm1_small)(LL_REAL r) {
    return LL_F(fma)(r * r, LL_F(ll_exp_tail)(r), r);
}

/* 2^n from LL_MAGIC + n, where that is a normal number. */
LL_INLINE LL_REAL LL_F(ll_power)(LL_REAL t) {
    return LL_F(real)((LL_F(bits)(t) + LL_BIAS) << LL_DIGITS);
}

/* p * 2^n rounded once, from t = LL_MAGIC + n, for n from below the subnormals to above infinity: in two steps, of
 * which the first is exact. */
LL_INLINE LL_REAL LL_F(ll_scale)(LL_REAL p, LL_REAL t) {
#if defined LL_SCALE_BY_INSTRUCTION && LL_LANES > 1 && LL_BYTES >= 16 && LL_BYTES <= 64
    return LL_NATIVE(SCALE, LL_BYTES)(p, t - LL_MAGIC);
#else
    const LL_UINT n = LL_F(bits)(t) + (2 * LL_BIAS - LL_MAGIC_BITS), half = n >> 1;
    return p * LL_F(real)(half << LL_DIGITS) * LL_F(real)((n - half) << LL_DIGITS);
#endif
}

LL_INLINE LL_REAL LL_F(exp)(LL_REAL x) {
    const LL_REAL y = LL_F(min)(LL_F(splat)(LL_EXP_HIGH), LL_F(max)(LL_F(splat)(LL_EXP_LOW), x));
    const struct LL_F(ll_reduced) d = LL_F(ll_reduce)(y);
    return LL_F(ll_scale)(1 + LL_F(ll_expm1_small)(d.r), d.t);
}

/* s (near + tail) + (s - 1) with s = 2^n: near is exact, so that only the sum of s near and s - 1 and the last one are
 * rounded. Where 2^n itself would overflow, half of it is taken, and the result doubled. */
LL_INLINE LL_REAL LL_F(expm1)(LL_REAL x) {
    const LL_REAL y = LL_F(min)(LL_F(splat)(LL_EXP_HIGH), LL_F(max)(LL_F(splat)(LL_EXPM1_LOW), x));
    const struct LL_F(ll_reduced) d = LL_F(ll_reduce)(y);
    const LL_REAL tail = LL_F(fma)(d.n, LL_F(splat)(-LL_LN2_LOW), d.r * d.r * LL_F(ll_exp_tail)(d.r));
    const LL_INT large = LL_F(gt)(d.n, LL_F(splat)(LL_BIAS));
    const LL_REAL s = LL_F(ll_power)(LL_F(select)(large, d.t - 1, d.t));
    const LL_REAL z = LL_F(fma)(s, tail, LL_F(fma)(s, d.near, s - 1));
    return LL_F(with_sign)(LL_F(select)(large, z + z, z), x);
}

/* x + x^3 p for |x| <= LL_TANH_SPLIT: unlike a quotient of rounded terms this keeps all digits of x. */
LL_INLINE LL_REAL LL_F(ll_tanh_small)(LL_REAL x) {
    const LL_REAL s = x * x;
#if LL_BITS == 32
    LL_REAL p = LL_F(splat)(-0x1.750ce4p-8f);
    p = LL_STEP(p, s, 0x1.51f8cep-6f);
    p = LL_STEP(p, s, -0x1.b835a4p-5f);
    p = LL_STEP(p, s, 0x1.1106f6p-3f);
    p = LL_STEP(p, s, -0x1.555532p-2f);
#else
    LL_REAL p = LL_F(splat)(-0x1.0d989ad3041a6p-16);
    p = LL_STEP(p, s, 0x1.4389b4cb4ecccp-14);
    p = LL_STEP(p, s, -0x1.df5237175556ep-13);
    p = LL_STEP(p, s, 0x1.3365abc24ccf2p-11);
    p = LL_STEP(p, s, -0x1.7d689370524f5p-10);
    p = LL_STEP(p, s, 0x1.d6cf2685d6e3ep-9);
    p = LL_STEP(p, s, -0x1.226e161fc5b32p-7);
    p = LL_STEP(p, s, 0x1.664f477a63742p-6);
    p = LL_STEP(p, s, -0x1.ba1ba1b503af8p-5);
    p = LL_STEP(p, s, 0x1.111111110ac94p-3);
    p = LL_STEP(p, s, -0x1.55555555554ffp-2);
#endif
    return LL_F(fma)(x * s, p, x);
}

/* 1 - 2 / (exp(2 x) + 1), whose denominator s p + (s + 1) is rounded once; it hides the rounding of s ln 2, too. */
LL_INLINE LL_REAL LL_F(tanh)(LL_REAL x) {
    const LL_REAL a = LL_F(min)(LL_F(splat)(LL_TANH_HIGH), LL_F(abs)(x));
    const struct LL_F(ll_reduced) d = LL_F(ll_reduce)(a + a);
    const LL_REAL s = LL_F(ll_power)(d.t);
    const LL_REAL large = 1 - 2 / LL_F(fma)(s, LL_F(ll_expm1_small)(d.near), s + 1);
    const LL_INT is_large = LL_F(gt)(a, LL_F(splat)(LL_TANH_SPLIT));
    return LL_F(with_sign)(LL_F(select)(is_large, large, LL_F(ll_tanh_small)(a)), x);
}

/* exp(-|x|), down through the subnormals. */
LL_INLINE LL_REAL LL_F(ll_decay)(LL_REAL x) {
    const LL_REAL y = LL_F(neg)(LL_F(min)(LL_F(splat)(-(LL_EXP_LOW)), LL_F(abs)(x)));
    const struct LL_F(ll_reduced) d = LL_F(ll_reduce)(y);
    return LL_F(ll_scale)(1 + LL_F(ll_expm1_small)(d.r), d.t);
}

/* 1 / (1 + exp(-x)) = w / (w + 1 + p), where exp(-x) = 2^n (1 + p) and w = 2^-n. What 1 + w loses goes to p, so
 * that the denominator is rounded once. Where w is tiny in 1 + w and might underflow, part of it waits until after
 * the division. */
LL_INLINE LL_REAL LL_F(sigmoid)(LL_REAL x) {
    const LL_REAL y = LL_F(min)(LL_F(splat)(-(LL_SIGMOID_LOW)), LL_F(max)(LL_F(splat)(LL_EXP_LOW), x));
    const struct LL_F(ll_reduced) d = LL_F(ll_reduce)(LL_F(neg)(y));
    const LL_REAL most = LL_F(min)(LL_F(splat)(LL_BIAS / 2), d.n);
    const LL_REAL w = LL_F(ll_power)(LL_MAGIC - most);
    const LL_REAL sum = 1 + w, lost = w - (sum - 1);
    const LL_REAL z = w / (sum + (lost + LL_F(ll_expm1_small)(d.r)));
    return z * LL_F(ll_power)(LL_MAGIC + (most - d.n));
}
