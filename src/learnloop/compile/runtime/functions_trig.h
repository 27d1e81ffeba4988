/* functions.h: sin and cos, accurate for |x| <= 2^15; beyond, less and less so, but the same everywhere and finite. */

/* The parts of pi / 2 are cut off, not rounded: as long as all are positive, -0 stays -0 in the reduction. */
#undef LL_TWO_OVER_PI
#undef LL_HALF_PI_1
#undef LL_HALF_PI_2
#undef LL_HALF_PI_3
#undef LL_TRIG_HIGH
#if LL_BITS == 32
#define LL_TWO_OVER_PI 0x1.45f306p-1f
#define LL_HALF_PI_1 0x1.921fb4p+0f
#define LL_HALF_PI_2 0x1.4442dp-24f
#define LL_HALF_PI_3 0x1.84698ap-48f
#define LL_TRIG_HIGH 0x1p21f /* arguments beyond are taken as this: the reduction needs an integer below 2^21 */
#else
#define LL_TWO_OVER_PI 0x1.45f306dc9c883p-1
#define LL_HALF_PI_1 0x1.921fb54442d18p+0
#define LL_HALF_PI_2 0x1.1a62633145c06p-54
#define LL_HALF_PI_3 0x1.c1cd129024e09p-107
#define LL_TRIG_HIGH 0x1p50
#endif

/* sin(r) and cos(r) for |r| <= pi / 4. */
LL_INLINE LL_REAL LL_F(ll_sin_small)(LL_REAL r, LL_REAL s) {
#if LL_BITS == 32
    LL_REAL p = LL_F(splat)(0x1.7c2d66p-19f);
    p = LL_STEP(p, s, -0x1.a05956p-13f);
    p = LL_STEP(p, s, 0x1.111174p-7f);
    p = LL_STEP(p, s, -0x1.555556p-3f);
#else
    LL_REAL p = LL_F(splat)(-0x1.a003c85ad8177p-41);
    p = LL_STEP(p, s, 0x1.6109c7b3ce4ddp-33);
    p = LL_STEP(p, s, -0x1.ae642c5d9d1aep-26);
    p = LL_STEP(p, s, 0x1.71de3a33ab573p-19);
    p = LL_STEP(p, s, -0x1.a01a019ffe543p-13);
    p = LL_STEP(p, s, 0x1.1111111111069p-7);
    p = LL_STEP(p, s, -0x1.5555555555555p-3);
#endif
    return LL_F(with_sign)(LL_F(fma)(r * s, p, r), r);
}

LL_INLINE LL_REAL LL_F(ll_cos_small)(LL_REAL s) {
#if LL_BITS == 32
    LL_REAL p = LL_F(splat)(0x1.99e714p-16f);
    p = LL_STEP(p, s, -0x1.6c0c26p-10f);
    p = LL_STEP(p, s, 0x1.55554ap-5f);
#else
    LL_REAL p = LL_F(splat)(-0x1.8f99cb089d7d2p-37);
    p = LL_STEP(p, s, 0x1.1ee9c334d49ep-29);
    p = LL_STEP(p, s, -0x1.27e4f7cd30fdp-22);
    p = LL_STEP(p, s, 0x1.a01a019c5c38dp-16);
    p = LL_STEP(p, s, -0x1.6c16c16c14ep-10);
    p = LL_STEP(p, s, 0x1.555555555554ap-5);
#endif
    p = LL_STEP(p, s, -0.5f);
    return LL_STEP(p, s, 1);
}

/* sin(x + turn pi / 2): n quarter turns are taken off x, and n + turn tells which of four arcs it is. */
LL_INLINE LL_REAL LL_F(ll_sin_turned)(LL_REAL x, i32 turn) {
    const LL_REAL high = LL_F(splat)(LL_TRIG_HIGH);
    const LL_REAL y = LL_F(min)(high, LL_F(max)(-high, x));
    const LL_REAL t = LL_F(fma)(y, LL_F(splat)(LL_TWO_OVER_PI), LL_F(splat)(LL_MAGIC));
    const LL_REAL n = t - LL_MAGIC;
    LL_REAL r = LL_F(fma)(n, LL_F(splat)(-LL_HALF_PI_1), y);
    r = LL_F(fma)(n, LL_F(splat)(-LL_HALF_PI_2), r);
    r = LL_F(fma)(n, LL_F(splat)(-LL_HALF_PI_3), r);
    r = LL_F(fma)(x, LL_F(splat)(0), r); /* NaN for infinite x */

    const LL_UINT arc = LL_F(bits)(t) + (LL_JOIN2(u, LL_BITS))turn;
    const LL_INT odd = (LL_INT)(0 - (arc & 1));
    const LL_REAL z = LL_F(select)(odd, LL_F(ll_cos_small)(r * r), LL_F(ll_sin_small)(r, r * r));
    return LL_F(real)(LL_F(bits)(z) ^ (arc & 2) << (LL_BITS - 2));
}

LL_INLINE LL_REAL LL_F(sin)(LL_REAL x) {
    return LL_F(ll_sin_turned)(x, 0);
}

LL_INLINE LL_REAL LL_F(cos)(LL_REAL x) {
    return LL_F(ll_sin_turned)(x, 1);
}
