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
    LL_REAL p = LL_F(splat)(0x1.c695951578d9bp-27);
    p = LL_STEP(p, s, -0x1.611165ebac3c9p-23);
    p = LL_STEP(p, s, 0x1.bab02fda5efebp-20);
    p = LL_STEP(p, s, -0x1.f4e8eeda665edp-17);
    p = LL_STEP(p, s, 0x1.f9a477f470e95p-14);
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
    LL_REAL g = LL_F(splat)(0x1.3756d8p-18f);
    g = LL_STEP(g, x, -0x1.5f9bc8p-15f);
    g = LL_STEP(g, x, -0x1.1ee61ep-14f);
    g = LL_STEP(g, x, 0x1.86ed8ep-9f);
    g = LL_STEP(g, x, -0x1.74e4cap-6f);
    g = LL_STEP(g, x, 0x1.af7db8p-4f);
    g = LL_STEP(g, x, 0x1.456b1ap-1f);
    return LL_STEP(g, x, 0x1.20e96p+0f);
#else
    LL_REAL g = LL_F(splat)(-0x1.909fe68824976p-46);
    g = LL_STEP(g, x, 0x1.2493a04e3576cp-40);
    g = LL_STEP(g, x, -0x1.8c580e3b3a988p-36);
    g = LL_STEP(g, x, 0x1.490305f40a6c9p-32);
    g = LL_STEP(g, x, -0x1.73458a0f6ceb4p-29);
    g = LL_STEP(g, x, 0x1.283834c19a405p-26);
    g = LL_STEP(g, x, -0x1.4a13dce3a593dp-24);
    g = LL_STEP(g, x, 0x1.c31f095db82f5p-23);
    g = LL_STEP(g, x, -0x1.0666e805bb523p-24);
    g = LL_STEP(g, x, -0x1.68ca19bce57b6p-19);
    g = LL_STEP(g, x, 0x1.03d601f62419cp-16);
    g = LL_STEP(g, x, -0x1.a0c994cfda7acp-15);
    g = LL_STEP(g, x, 0x1.7b25033e1226ep-14);
    g = LL_STEP(g, x, -0x1.c0673c41250d1p-21);
    g = LL_STEP(g, x, -0x1.29eecd015d318p-11);
    g = LL_STEP(g, x, 0x1.b8f7f663899edp-10);
    g = LL_STEP(g, x, -0x1.a82d1cad6cad4p-13);
    g = LL_STEP(g, x, -0x1.39712954d782ap-6);
    g = LL_STEP(g, x, 0x1.a4f590966dbcdp-4);
    g = LL_STEP(g, x, 0x1.45f30367141afp-1);
    return LL_STEP(g, x, 0x1.20dd75252893ep+0);
#endif
}

LL_INLINE LL_REAL LL_F(erf)(LL_REAL x) {
    LL_REAL t, n;
    const LL_REAL a = LL_F(min)(LL_F(splat)(LL_ERF_HIGH), LL_F(abs)(x));
    const LL_REAL small = LL_F(fma)(a, LL_F(ll_erf_small)(a * a), a);
    const LL_REAL p = LL_F(ll_expm1_small)(LL_F(ll_reduce)(LL_F(neg)(a * LL_F(ll_erf_large)(a)), &t, &n));
    const LL_REAL large = 1 - LL_F(ll_power)(t) * (1 + p);
    return LL_F(with_sign)(LL_F(select)(LL_F(gt)(a, LL_F(splat)(LL_ERF_SPLIT)), large, small), x);
}
