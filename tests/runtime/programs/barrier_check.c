/* One thread's part of a barrier test: the threads write their round, meet, and read everybody else's. */
#include "threads.h"

LL_EXPORT int size_of_barrier(void);
LL_EXPORT int take_part(struct barrier *barrier, int rank, int threads, int rounds, int *slots, void (*yield)(void));

LL_EXPORT int size_of_barrier(void) {
    return (int)sizeof(struct barrier);
}

/* The slots are plain memory: what is read is right only if the barrier orders it. Returns how many reads were wrong. */
LL_EXPORT int take_part(struct barrier *barrier, int rank, int threads, int rounds, int *slots, void (*yield)(void)) {
    int wrong = 0;
    for (int round = 1; round <= rounds; round++) {
        slots[rank * 16] = round;
        barrier_wait(barrier, threads, yield);
        for (int other = 0; other < threads; other++) wrong += slots[other * 16] != round;
        barrier_wait(barrier, threads, yield);
    }
    return wrong;
}
