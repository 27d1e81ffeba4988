/* Vectors of LL_LANES float32 or float64 numbers: a template, included once for every type that a program uses.
 *
 *     #define LL_BITS 32
 *     #define LL_LANES 16
 *     #include "vec.h"
 *     #include "functions.h"
 *     #include "random.h"
 *     #undef LL_BITS
 *     #undef LL_LANES
 *
 * defines f32x16, i32x16, u32x16 and load_f32x16, fma_f32x16, ...; with LL_LANES 1 the names are those of the scalars
 * (f32, fma_f32). Arithmetic is C's own + - * /. Masks are integer vectors: all bits of a lane, or none.
 * Inside the template LL_REAL, LL_INT and LL_UINT are the types and LL_F(name) is a function's name. */
#include "base.h"
#include "fma.h"

#if !defined LL_BITS || !defined LL_LANES
#error "define LL_BITS (32 or 64) and LL_LANES (1, 2, 4, 8 or 16) before including vec.h"
#endif
#if !LL_GNU && LL_LANES > 1
#error "without vector extensions there is only LL_LANES 1"
#endif

#undef LL_SCALAR
#undef LL_REAL
#undef LL_INT
#undef LL_UINT
#undef LL_F
#undef LL_SIGN
#undef LL_BYTES
#define LL_SCALAR LL_JOIN2(f, LL_BITS)
#if LL_LANES == 1
#define LL_REAL LL_SCALAR
#define LL_INT LL_JOIN2(i, LL_BITS)
#define LL_UINT LL_JOIN2(u, LL_BITS)
#else
#define LL_REAL LL_JOIN4(f, LL_BITS, x, LL_LANES)
#define LL_INT LL_JOIN4(i, LL_BITS, x, LL_LANES)
#define LL_UINT LL_JOIN4(u, LL_BITS, x, LL_LANES)
#endif
#define LL_F(name) LL_JOIN2(name##_, LL_REAL)
#define LL_SIGN ((LL_JOIN2(u, LL_BITS))1 << (LL_BITS - 1))

/* A literal, because it becomes part of names. */
#if LL_LANES * LL_BITS == 128
#define LL_BYTES 16
#elif LL_LANES * LL_BITS == 256
#define LL_BYTES 32
#elif LL_LANES * LL_BITS == 512
#define LL_BYTES 64
#else
#define LL_BYTES (LL_LANES * LL_BITS / 8)
#endif

#if LL_LANES == 1
#include "vec_scalar.h"
#else
#include "vec_lanes.h"
#endif

/* -x: flips the sign, of zero and NaN too. */
LL_INLINE LL_REAL LL_F(neg)(LL_REAL x) {
    return LL_F(real)(LL_F(bits)(x) ^ LL_SIGN);
}

LL_INLINE LL_REAL LL_F(abs)(LL_REAL x) {
    return LL_F(real)(LL_F(bits)(x) & ~LL_SIGN);
}

/* x with the sign of y; x must not have one yet, or the same. */
LL_INLINE LL_REAL LL_F(with_sign)(LL_REAL x, LL_REAL y) {
    return LL_F(real)(LL_F(bits)(x) | (LL_F(bits)(y) & LL_SIGN));
}
