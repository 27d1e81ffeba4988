/* The vector instructions that a compiler does not reach through its generic vectors: LL_NATIVE_FMA_32_16(a, b, c)
 * and the like, named by the bits of a number and the bytes of a vector.
 *
 * clang has __builtin_elementwise_fma, gcc 12 has not; WebAssembly's relaxed madd is known to neither's generic
 * form. */
#ifndef LL_VEC_NATIVE_H
#define LL_VEC_NATIVE_H

#include "fma.h"

#if LL_GCC && defined __SSE2__
#define LL_X86_GCC 1
#else
#define LL_X86_GCC 0
#endif

/* The bytes of the widest vector below; 0 if there is none. */
#if LL_FUSED == 2
#define LL_NATIVE_BYTES 16
#elif !LL_X86_GCC
#define LL_NATIVE_BYTES 0
#elif defined __AVX512F__
#define LL_NATIVE_BYTES 64
#elif defined __AVX__
#define LL_NATIVE_BYTES 32
#else
#define LL_NATIVE_BYTES 16
#endif

#define LL_JOIN5_(a, b, c, d, e) a##b##c##d##e
#define LL_JOIN5(a, b, c, d, e) LL_JOIN5_(a, b, c, d, e)
#define LL_NATIVE(name, bytes) LL_JOIN5(LL_NATIVE_##name##_, LL_BITS, _, bytes, )

typedef f32 LL_NATIVE_TYPE_32_16 __attribute__((vector_size(16)));
typedef f64 LL_NATIVE_TYPE_64_16 __attribute__((vector_size(16)));

/* The mask and rounding of the 64-byte forms: every lane, as the environment says. gcc takes some masks unsigned, some
 * signed. */
#if LL_GCC
#define LL_EVERY_32 -1, 4
#else
#define LL_EVERY_32 65535, 4
#endif
#define LL_EVERY_64 255, 4

#if LL_FUSED == 2
#define LL_NATIVE_FMA_32_16(a, b, c) __builtin_wasm_relaxed_madd_f32x4(a, b, c)
#define LL_NATIVE_FMA_64_16(a, b, c) __builtin_wasm_relaxed_madd_f64x2(a, b, c)

/* LLVM 22 turns a comparison and the selection by it into relaxed_min and relaxed_max, whose zeros and NaN are the
 * processor's choice. These instructions say what is meant, and it leaves them alone. */
#define LL_NATIVE_MIN_32_16(a, b) __builtin_wasm_pmin_f32x4(b, a)
#define LL_NATIVE_MIN_64_16(a, b) __builtin_wasm_pmin_f64x2(b, a)
#define LL_NATIVE_MAX_32_16(a, b) __builtin_wasm_pmax_f32x4(b, a)
#define LL_NATIVE_MAX_64_16(a, b) __builtin_wasm_pmax_f64x2(b, a)
#define LL_NATIVE_SELECT_32_16(mask, a, b) \
    (LL_NATIVE_TYPE_32_16)__builtin_wasm_bitselect((ll_i32x4)(a), (ll_i32x4)(b), (ll_i32x4)(mask))
#define LL_NATIVE_SELECT_64_16(mask, a, b) \
    (LL_NATIVE_TYPE_64_16)__builtin_wasm_bitselect((ll_i32x4)(a), (ll_i32x4)(b), (ll_i32x4)(mask))
typedef i32 ll_i32x4 __attribute__((vector_size(16)));
#endif

#if LL_X86_GCC
typedef f32 LL_NATIVE_TYPE_32_32 __attribute__((vector_size(32)));
typedef f64 LL_NATIVE_TYPE_64_32 __attribute__((vector_size(32)));
typedef f32 LL_NATIVE_TYPE_32_64 __attribute__((vector_size(64)));
typedef f64 LL_NATIVE_TYPE_64_64 __attribute__((vector_size(64)));

#define LL_NATIVE_FMA_32_16(a, b, c) __builtin_ia32_vfmaddps(a, b, c)
#define LL_NATIVE_FMA_64_16(a, b, c) __builtin_ia32_vfmaddpd(a, b, c)
#define LL_NATIVE_FMA_32_32(a, b, c) __builtin_ia32_vfmaddps256(a, b, c)
#define LL_NATIVE_FMA_64_32(a, b, c) __builtin_ia32_vfmaddpd256(a, b, c)
#define LL_NATIVE_FMA_32_64(a, b, c) __builtin_ia32_vfmaddps512_mask(a, b, c, LL_EVERY_32)
#define LL_NATIVE_FMA_64_64(a, b, c) __builtin_ia32_vfmaddpd512_mask(a, b, c, LL_EVERY_64)

#define LL_NATIVE_SQRT_32_16(a) __builtin_ia32_sqrtps(a)
#define LL_NATIVE_SQRT_64_16(a) __builtin_ia32_sqrtpd(a)
#define LL_NATIVE_SQRT_32_32(a) __builtin_ia32_sqrtps256(a)
#define LL_NATIVE_SQRT_64_32(a) __builtin_ia32_sqrtpd256(a)
#define LL_NATIVE_SQRT_32_64(a) __builtin_ia32_sqrtps512_mask(a, a, LL_EVERY_32)
#define LL_NATIVE_SQRT_64_64(a) __builtin_ia32_sqrtpd512_mask(a, a, -1, 4)

#define LL_NATIVE_MIN_32_16(a, b) __builtin_ia32_minps(a, b)
#define LL_NATIVE_MIN_64_16(a, b) __builtin_ia32_minpd(a, b)
#define LL_NATIVE_MIN_32_32(a, b) __builtin_ia32_minps256(a, b)
#define LL_NATIVE_MIN_64_32(a, b) __builtin_ia32_minpd256(a, b)
#define LL_NATIVE_MIN_32_64(a, b) __builtin_ia32_minps512_mask(a, b, a, LL_EVERY_32)
#define LL_NATIVE_MIN_64_64(a, b) __builtin_ia32_minpd512_mask(a, b, a, LL_EVERY_64)

#define LL_NATIVE_MAX_32_16(a, b) __builtin_ia32_maxps(a, b)
#define LL_NATIVE_MAX_64_16(a, b) __builtin_ia32_maxpd(a, b)
#define LL_NATIVE_MAX_32_32(a, b) __builtin_ia32_maxps256(a, b)
#define LL_NATIVE_MAX_64_32(a, b) __builtin_ia32_maxpd256(a, b)
#define LL_NATIVE_MAX_32_64(a, b) __builtin_ia32_maxps512_mask(a, b, a, LL_EVERY_32)
#define LL_NATIVE_MAX_64_64(a, b) __builtin_ia32_maxpd512_mask(a, b, a, LL_EVERY_64)
#endif

/* p * 2^n rounded once, for an integer n: one instruction instead of seven, where AVX-512 has it. */
#if LL_GNU && defined __AVX512F__ && defined __AVX512VL__
#define LL_SCALE_BY_INSTRUCTION 1
#define LL_NATIVE_SCALE_32_16(p, n) __builtin_ia32_scalefps128_mask(p, n, p, 255)
#define LL_NATIVE_SCALE_64_16(p, n) __builtin_ia32_scalefpd128_mask(p, n, p, 255)
#define LL_NATIVE_SCALE_32_32(p, n) __builtin_ia32_scalefps256_mask(p, n, p, 255)
#define LL_NATIVE_SCALE_64_32(p, n) __builtin_ia32_scalefpd256_mask(p, n, p, 255)
#define LL_NATIVE_SCALE_32_64(p, n) __builtin_ia32_scalefps512_mask(p, n, p, LL_EVERY_32)
#define LL_NATIVE_SCALE_64_64(p, n) __builtin_ia32_scalefpd512_mask(p, n, p, LL_EVERY_64)
#endif

#endif
