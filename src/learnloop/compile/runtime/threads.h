/* A barrier for the threads of one program, in C11 atomics alone. */
#ifndef LL_THREADS_H
#define LL_THREADS_H

#include <stdatomic.h>

#include "base.h"

/* Zero-initialised. The two words live in cache lines of their own: waiting threads read one, arriving ones write the
 * other. */
struct barrier {
    _Alignas(64) atomic_int arrived;
    _Alignas(64) atomic_uint generation;
};

/* About a few microseconds: longer than threads that all run are apart, shorter than a time slice. */
#define LL_SPINS 2000

LL_INLINE void ll_pause(void) {
#if LL_GNU && (defined __x86_64__ || defined __i386__)
    __builtin_ia32_pause();
#elif LL_GNU && defined __aarch64__
    __asm__ volatile("isb"); /* yield is a no-op on most cores */
#endif
}

/* Returns once `threads` threads have called it. What each wrote before, all see after. The caller's yield, if not
 * NULL, gives the processor to somebody else: it is called when the others are late, for they may wait for it. */
LL_UNUSED static void barrier_wait(struct barrier *barrier, int threads, void (*yield)(void)) {
    const unsigned generation = atomic_load_explicit(&barrier->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) == threads - 1) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&barrier->generation, generation + 1, memory_order_release);
        return;
    }
    for (int spins = 0; atomic_load_explicit(&barrier->generation, memory_order_acquire) == generation; spins++) {
        if (spins < LL_SPINS) {
            ll_pause();
        } else {
            spins = LL_SPINS - 1;
            if (yield) yield();
            else ll_pause();
        }
    }
}

#endif
