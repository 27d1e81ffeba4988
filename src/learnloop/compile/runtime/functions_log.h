/* functions.h: log, log1p and softplus. */

/* log((1 + f) 2^e) for 1 + f between sqrt(1/2) and sqrt(2). */
LL_INLINE LL_REAL LL_F(ll_log_near)(LL_REAL f, LL_REAL e) {
#if LL_BITS == 32
    LL_REAL q = LL_F(splat)(-0x1.382f82p-4f);
    q = LL_STEP(q, f, 0x1.08481ap-3f);
    q = LL_STEP(q, f, -0x1.0f376p-3f);
    q = LL_STEP(q, f, 0x1.2271a8p-3f);
    q = LL_STEP(q, f, -0x1.54277p-3f);
    q = LL_STEP(q, f, 0x1.99a3f2p-3f);
    q = LL_STEP(q, f, -0x1.000426p-2f);
    q = LL_STEP(q, f, 0x1.55555p-2f);
    q = LL_STEP(q, f, -0x1.fffff8p-2f);
#else
    LL_REAL q = LL_F(splat)(-0x1.8d0351679a833p-6);
    q = LL_STEP(q, f, 0x1.d2df21fb5acp-5);
    q = LL_STEP(q, f, -0x1.016e237c6a261p-4);
    q = LL_STEP(q, f, 0x1.bbf47c38fc4dcp-5);
    q = LL_STEP(q, f, -0x1.b42203597bbdbp-5);
    q = LL_STEP(q, f, 0x1.dc7658e4f04d6p-5);
    q = LL_STEP(q, f, -0x1.00d2e6a606dp-4);
    q = LL_STEP(q, f, 0x1.116cf78bbafd3p-4);
    q = LL_STEP(q, f, -0x1.24893767ad83bp-4);
    q = LL_STEP(q, f, 0x1.3b0d30c066aa9p-4);
    q = LL_STEP(q, f, -0x1.555573857ea3dp-4);
    q = LL_STEP(q, f, 0x1.745d5cd58a588p-4);
    q = LL_STEP(q, f, -0x1.99999af222ad4p-4);
    q = LL_STEP(q, f, 0x1.c71c700bc8ad8p-4);
    q = LL_STEP(q, f, -0x1.fffffff069538p-4);
    q = LL_STEP(q, f, 0x1.24924927b1f43p-3);
    q = LL_STEP(q, f, -0x1.55555555733fbp-3);
    q = LL_STEP(q, f, 0x1.999999999404ep-3);
    q = LL_STEP(q, f, -0x1.ffffffffffd4fp-3);
    q = LL_STEP(q, f, 0x1.5555555555571p-2);
    q = LL_STEP(q, f, -0x1p-1);
#endif
    const LL_REAL low = LL_F(fma)(e, LL_F(splat)(LL_LN2_LOW), f * f * q);
    return LL_F(fma)(e, LL_F(splat)(LL_LN2_HIGH), f + low);
}

/* The number whose last bits are the exponent of x, counted from -LL_OFFSET, where x is split as (1 + f) 2^e above;
 * the digits before them are those of f. */
LL_INLINE LL_UINT LL_F(ll_exponent)(LL_REAL x) {
    return LL_F(bits)(x) + (LL_OFFSET_BITS - LL_ROOT_HALF_BITS);
}

/* ... that exponent as a number. */
LL_INLINE LL_REAL LL_F(ll_exponent_value)(LL_UINT exponent) {
    return LL_F(real)((exponent >> LL_DIGITS) | LL_MAGIC_BITS) - (LL_MAGIC + LL_OFFSET);
}

/* What log and log1p say where their argument, counted from the pole, is not between 0 and infinity. */
LL_INLINE LL_REAL LL_F(ll_log_edges)(LL_REAL log, LL_REAL from_pole) {
    const LL_REAL zero = LL_F(splat)(0), infinity = LL_F(splat)(LL_INFINITY);
    log = LL_F(select)(LL_F(gt)(infinity, from_pole), log, from_pole);
    log = LL_F(select)(LL_F(gt)(zero, from_pole), LL_F(splat)(LL_NAN), log);
    return LL_F(select)(LL_F(eq)(from_pole, zero), LL_F(neg)(infinity), log);
}

LL_INLINE LL_REAL LL_F(log)(LL_REAL x) {
    const LL_INT tiny = LL_F(gt)(LL_F(splat)(LL_SMALLEST_NORMAL), x);
    const LL_REAL y = LL_F(select)(tiny, x * LL_TWO_TO_DIGITS, x);
    const LL_UINT k = LL_F(ll_exponent)(y);
    const LL_REAL e = LL_F(ll_exponent_value)(k) - LL_F(select)(tiny, LL_F(splat)(LL_DIGITS), LL_F(splat)(0));
    const LL_REAL m = LL_F(real)((k & LL_DIGITS_MASK) + LL_ROOT_HALF_BITS);
    return LL_F(ll_log_edges)(LL_F(ll_log_near)(m - 1, e), x);
}

/* The exponent e comes from 1 + x, rounded; f = x 2^-e - (1 - 2^-e) from x itself. 2^(2 - e) is a normal number for
 * every e, 2^-e is not. */
LL_INLINE LL_REAL LL_F(log1p)(LL_REAL x) {
    const LL_REAL u = 1 + x;
    const LL_UINT k = LL_F(ll_exponent)(u), e = (k & ~LL_DIGITS_MASK) - LL_OFFSET_BITS;
    const LL_REAL m = LL_F(real)(LL_F(bits)(x) - e);
    const LL_REAL s = LL_F(real)(LL_FOUR_BITS - e);
    const LL_REAL f = m - LL_F(fma)(s, LL_F(splat)(-0.25f), LL_F(splat)(1));
    const LL_REAL log = LL_F(ll_log_near)(f, LL_F(ll_exponent_value)(k));
    return LL_F(with_sign)(LL_F(ll_log_edges)(log, u), x);
}

/* log1p(exp(-|x|)) + max(x, 0). */
LL_INLINE LL_REAL LL_F(softplus)(LL_REAL x) {
    const LL_REAL e = LL_F(ll_decay)(x), half = LL_F(splat)(0.5f), zero = LL_F(splat)(0);
    const LL_INT halve = LL_F(gt)(e, LL_F(splat)(LL_ROOT_LESS_1));
    const LL_REAL f = LL_F(select)(halve, LL_F(fma)(e, half, -half), e);
    return LL_F(max)(zero, x) + LL_F(ll_log_near)(f, LL_F(select)(halve, LL_F(splat)(1), zero));
}
