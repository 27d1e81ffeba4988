/* functions.h: erf. */
#undef LL_ERF_SPLIT
#undef LL_ERF_HIGH
#if LL_BITS == 32
#define LL_ERF_SPLIT 0.9375f
#define LL_ERF_HIGH 4.0f /* from here upwards erf is 1 */
#else
#define LL_ERF_SPLIT 0.75
#define LL_ERF_HIGH 6.0
#endif

/* p in erf(x) = x + x p, from s = x^2, for |x| <= LL_ERF_SPLIT. */
LL_INLINE LL_REAL LL_F(ll_erf_small)(LL_REAL s) {
#if LL_BITS == 32
    LL_REAL p = LL_F(splat)(-0x1.36ab88p-11f);
    p = LL_STEP(p, s, 0x1.466b5cp-8f);
    p = LL_STEP(p, s, -0x1.b669bcp-6f);
    p = LL_STEP(p, s, 0x1.ce1858p-4f);
    p = LL_STEP(p, s, -0x1.8126dcp-2f);
    return LL_STEP(p, s, 0x1.06eba6p-3f);
#else
    LL_REAL p = LL_F(splat)(0x1.c695951367396p-27);
    p = LL_STEP(p, s, -0x1.611165eb70bc9p-23);
    p = LL_STEP(p, s, 0x1.bab02fda5a0a8p-20);
    p = LL_STEP(p, s, -0x1.f4e8eeda66308p-17);
    p = LL_STEP(p, s, 0x1.f9a477f470e8bp-14);
    p = LL_STEP(p, s, -0x1.c02dbf83d6b4cp-11);
    p = LL_STEP(p, s, 0x1.565bcd4a3108dp-8);
    p = LL_STEP(p, s, -0x1.b82ce313e8ab9p-6);
    p = LL_STEP(p, s, 0x1.ce2f21a046d42p-4);
    p = LL_STEP(p, s, -0x1.812746b037a32p-2);
    return LL_STEP(p, s, 0x1.06eba8214db69p-3);
#endif
}

/* g in erf(x) = 1 - exp(-x g), for LL_ERF_SPLIT <= x <= LL_ERF_HIGH. */
LL_INLINE LL_REAL LL_F(ll_erf_large)(LL_REAL x) {
#if LL_BITS == 32
    LL_REAL g = LL_F(splat)(0x1.3756b8p-18f);
    g = LL_STEP(g, x, -0x1.5f9bb8p-15f);
    g = LL_STEP(g, x, -0x1.1ee626p-14f);
    g = LL_STEP(g, x, 0x1.86ed8ep-9f);
    g = LL_STEP(g, x, -0x1.74e4cap-6f);
    g = LL_STEP(g, x, 0x1.af7db8p-4f);
    g = LL_STEP(g, x, 0x1.456b1ap-1f);
    return LL_STEP(g, x, 0x1.20e96p+0f);
#else
    LL_REAL g = LL_F(splat)(-0x1.90f2f370cc4fep-46);
    g = LL_STEP(g, x, 0x1.24c862cfbdca3p-40);
    g = LL_STEP(g, x, -0x1.8c95cfd1eed0dp-36);
    g = LL_STEP(g, x, 0x1.492f475e48adbp-32);
    g = LL_STEP(g, x, -0x1.737111ada6f15p-29);
    g = LL_STEP(g, x, 0x1.28576ba94ee16p-26);
    g = LL_STEP(g, x, -0x1.4a35b2fbde443p-24);
    g = LL_STEP(g, x, 0x1.c357c0b3abc1fp-23);
    g = LL_STEP(g, x, -0x1.079116b09fb49p-24);
    g = LL_STEP(g, x, -0x1.68b6bd82e3f35p-19);
    g = LL_STEP(g, x, 0x1.03d205ad682dcp-16);
    g = LL_STEP(g, x, -0x1.a0c6fc1e396ap-15);
    g = LL_STEP(g, x, 0x1.7b23af02688cdp-14);
    g = LL_STEP(g, x, -0x1.bfe0315e2575fp-21);
    g = LL_STEP(g, x, -0x1.29eee156db7e5p-11);
    g = LL_STEP(g, x, 0x1.b8f7fadfc04efp-10);
    g = LL_STEP(g, x, -0x1.a82d2799d03b1p-13);
    g = LL_STEP(g, x, -0x1.39712950be5b8p-6);
    g = LL_STEP(g, x, 0x1.a4f5909656e04p-4);
    g = LL_STEP(g, x, 0x1.45f30367141b5p-1);
    return LL_STEP(g, x, 0x1.20dd75252893ep+0);
#endif
}

LL_INLINE LL_REAL LL_F(erf)(LL_REAL x) {
    const LL_REAL a = LL_F(min)(LL_F(splat)(LL_ERF_HIGH), LL_F(abs)(x));
    const LL_REAL small = LL_F(fma)(a, LL_F(ll_erf_small)(a * a), a);
    const struct LL_F(ll_reduced) d = LL_F(ll_reduce)(LL_F(neg)(a * LL_F(ll_erf_large)(a)));
    const LL_REAL large = 1 - LL_F(ll_power)(d.t) * (1 + LL_F(ll_expm1_small)(d.r));
    return LL_F(with_sign)(LL_F(select)(LL_F(gt)(a, LL_F(splat)(LL_ERF_SPLIT)), large, small), x);
}
