/* Types, macros and what a compiler may silently ask of a C library. Everything else includes this first.
 *
 * Define before inclusion, as needed:
 *   LL_PORTABLE      plain scalar C99: no vector extension, no builtin, no attribute
 *   LL_FREESTANDING  define memcpy, memmove and memset here, because nothing else will
 *   LL_EMULATE_FMA   use no fused instruction even where there is one (a WebAssembly host whose madd does not fuse)
 */
#ifndef LL_BASE_H
#define LL_BASE_H

#include <stddef.h>
#include <stdint.h>

/* Two faces of one question: may we use what gcc and clang add to C? */
#if defined __GNUC__ && !defined LL_PORTABLE
#define LL_GNU 1
#else
#define LL_GNU 0
#endif
#if LL_GNU && !defined __clang__
#define LL_GCC 1
#else
#define LL_GCC 0
#endif

/* The same bits everywhere need plain IEEE 754 arithmetic without excess precision. */
#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error "learnloop's arithmetic is exact: compile without -ffast-math"
#endif
#if defined __FLT_EVAL_METHOD__ && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "float arithmetic must not keep excess precision: on 32-bit x86 use -msse2 -mfpmath=sse"
#endif

typedef float f32;
typedef double f64;
typedef int32_t i32;
typedef int64_t i64;
typedef uint32_t u32;
typedef uint64_t u64;
typedef ptrdiff_t index_t;

/* C99 has no _Static_assert: an array of negative size does the same. */
typedef char ll_f32_is_binary32[sizeof(f32) == 4 && (i32)16777217.0f == 16777216 ? 1 : -1];
typedef char ll_f64_is_binary64[sizeof(f64) == 8 && (i64)9007199254740993.0 == 9007199254740992 ? 1 : -1];
typedef char ll_shifts_keep_the_sign[((i32)-2 >> 1) == -1 ? 1 : -1];

#if LL_GNU
#define LL_UNUSED __attribute__((unused))
#define LL_INLINE static inline __attribute__((always_inline, unused))
#else
#define LL_UNUSED
#define LL_INLINE static inline
#endif

/* A function that stays one: inlined into its only caller, with dozens like it, it would take half as long again to
 * compile and run no faster. */
#if LL_GNU
#define LL_APART static __attribute__((noinline))
#else
#define LL_APART static
#endif

/* On wasm, link with --export-dynamic: then exactly these are exported. */
#if LL_GNU && !defined _WIN32
#define LL_EXPORT __attribute__((visibility("default")))
#define LL_HIDDEN __attribute__((visibility("hidden")))
#elif defined _WIN32 && !defined LL_PORTABLE
#define LL_EXPORT __declspec(dllexport)
#define LL_HIDDEN
#else
#define LL_EXPORT
#define LL_HIDDEN
#endif

/* Unrolls the next loop completely; its bounds must be constants. */
#if LL_GCC
#define LL_UNROLL _Pragma("GCC unroll 64")
#elif LL_GNU
#define LL_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LL_UNROLL
#endif

#define LL_JOIN2_(a, b) a##b
#define LL_JOIN2(a, b) LL_JOIN2_(a, b)
#define LL_JOIN4_(a, b, c, d) a##b##c##d
#define LL_JOIN4(a, b, c, d) LL_JOIN4_(a, b, c, d)

/* The bits of a number and back. A union, because C99 promises it and every compiler makes it free. */
LL_INLINE u32 bits_f32(f32 x) {
    union { f32 real; u32 bits; } u;
    u.real = x;
    return u.bits;
}

LL_INLINE f32 real_f32(u32 x) {
    union { u32 bits; f32 real; } u;
    u.bits = x;
    return u.real;
}

LL_INLINE u64 bits_f64(f64 x) {
    union { f64 real; u64 bits; } u;
    u.real = x;
    return u.bits;
}

LL_INLINE f64 real_f64(u64 x) {
    union { u64 bits; f64 real; } u;
    u.bits = x;
    return u.real;
}

#ifdef LL_FREESTANDING
#include "memory.h"
#endif

#endif
