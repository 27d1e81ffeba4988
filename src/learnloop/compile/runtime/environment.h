/* The floating-point environment that exact arithmetic needs: round to nearest, subnormals kept, no traps.
 *
 * Another library may have changed it, per thread; so every entry sets it and every exit puts the old one back. */
#ifndef LL_ENVIRONMENT_H
#define LL_ENVIRONMENT_H

#include "base.h"

#if LL_GNU && defined __SSE2__
#define LL_ENVIRONMENT_X86 1
#elif LL_GNU && defined __aarch64__
#define LL_ENVIRONMENT_ARM 1
#endif

/* The memory clobber keeps loads and stores, and so the arithmetic between them, on their side. */
LL_INLINE void ll_environment_set(u64 state) {
#if defined LL_ENVIRONMENT_X86
    const u32 mxcsr = (u32)state;
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr) : "memory");
#elif defined LL_ENVIRONMENT_ARM
    __asm__ volatile("msr fpcr, %0" : : "r"(state) : "memory");
#else
    (void)state;
#endif
}

LL_INLINE u64 ll_environment_get(void) {
#if defined LL_ENVIRONMENT_X86
    u32 mxcsr;
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr) : : "memory");
    return mxcsr;
#elif defined LL_ENVIRONMENT_ARM
    u64 fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr) : : "memory");
    return fpcr;
#else
    return 0;
#endif
}

/* Sets the environment; returns the one before, for environment_leave. */
LL_INLINE u64 environment_enter(void) {
    const u64 before = ll_environment_get();
#if defined LL_ENVIRONMENT_X86
    ll_environment_set(0x1f80); /* all exceptions masked, none flagged, nearest, no FTZ, no DAZ */
#else
    ll_environment_set(0);
#endif
    return before;
}

LL_INLINE void environment_leave(u64 before) {
    ll_environment_set(before);
}

#endif
