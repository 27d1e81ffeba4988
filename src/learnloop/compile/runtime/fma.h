/* Scalar fused multiply-add and square root: one rounding, the same bits on every target.
 *
 * LL_FUSED is 1 where the hardware fuses, 2 where it does through WebAssembly's relaxed madd, else 0 (emulated). */
#ifndef LL_FMA_H
#define LL_FMA_H

#include "base.h"

#if !LL_GNU || defined LL_EMULATE_FMA
#define LL_FUSED 0
#elif defined __wasm_relaxed_simd__
#define LL_FUSED 2
#elif defined __FMA__ || defined __aarch64__ || (defined __FP_FAST_FMA && defined __FP_FAST_FMAF)
#define LL_FUSED 1
#else
#define LL_FUSED 0
#endif

#include "fma_emulated.h"
#include "sqrt_emulated.h"

#if LL_FUSED == 2
typedef f32 ll_wasm_f32x4 __attribute__((vector_size(16)));
typedef f64 ll_wasm_f64x2 __attribute__((vector_size(16)));
#endif

/* a * b + c, rounded once. */
LL_INLINE f32 fma_f32(f32 a, f32 b, f32 c) {
#if LL_FUSED == 2
    const ll_wasm_f32x4 x = {a, a, a, a}, y = {b, b, b, b}, z = {c, c, c, c};
    return __builtin_wasm_relaxed_madd_f32x4(x, y, z)[0];
#elif LL_FUSED
    return __builtin_fmaf(a, b, c);
#else
    return fma_emulated_f32(a, b, c);
#endif
}

LL_INLINE f64 fma_f64(f64 a, f64 b, f64 c) {
#if LL_FUSED == 2
    const ll_wasm_f64x2 x = {a, a}, y = {b, b}, z = {c, c};
    return __builtin_wasm_relaxed_madd_f64x2(x, y, z)[0];
#elif LL_FUSED
    return __builtin_fma(a, b, c);
#else
    return fma_emulated_f64(a, b, c);
#endif
}

/* Correctly rounded square roots: an instruction where there surely is one. */
#if LL_GNU && (defined __SSE2__ || defined __aarch64__ || defined __wasm__ ||           \
               (defined __riscv_flen && __riscv_flen >= 64) ||                           \
               (defined __ARM_FP && (__ARM_FP & 12) == 12))
#define LL_SQRT 1
#else
#define LL_SQRT 0
#endif

LL_INLINE f32 sqrt_f32(f32 x) {
#if LL_SQRT
    return __builtin_sqrtf(x);
#else
    return sqrt_emulated_f32(x);
#endif
}

LL_INLINE f64 sqrt_f64(f64 x) {
#if LL_SQRT
    return __builtin_sqrt(x);
#else
    return sqrt_emulated_f64(x);
#endif
}

#endif
