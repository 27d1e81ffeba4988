/* What the caller hands over. `real` is the program's own type; the caller owns all memory. */
#ifndef LL_CALL_H
#define LL_CALL_H

#include "base.h"

#define LL_REACHED 0    /* the update to stop at */
#define LL_HALTED 1     /* the caller raised the flag */
#define LL_NOT_FINITE 2 /* the loss of this update is no number: nothing was updated */

struct barrier;

/* A stretch of the arena. */
struct span {
    i64 offset; /* bytes */
    i64 bytes;
};

struct call {
    unsigned char *arena;  /* aligned to 64 bytes, zeroed once */
    i64 capacity;          /* rows that the arena has room for: a multiple of 16, larger than any batch */
    const real *X;         /* inputs, (rows of the data, inputs) */
    const real *Y;         /* targets, (rows of the data, outputs), or */
    const i32 *labels;     /* class indices, (rows of the data) */
    const real *weights;   /* weight of each row of the data */
    const i32 *rows;       /* the rows to learn from, or to predict; NULL: all from the first */
    i32 *order;            /* room for count row numbers: the order of the epoch */
    i64 count;             /* how many rows to learn from */
    i64 batch;             /* rows of one update */
    u64 seed;
    i64 update;            /* the next update */
    i64 stop;              /* the update to stop before */
    real *losses;          /* one for each update, from update 0 */
    i64 epoch;             /* the epoch that `order` holds, -1 for none */
    i64 batch_first;       /* where in `order` the batch at hand begins */
    i64 batch_rows;        /* how many rows it has */
    i64 status;            /* why training came back */
    const volatile i32 *halt; /* raised by the caller to stop early */
    void (*yield)(void);   /* gives the core away; may be NULL */
    struct barrier *barrier; /* zeroed; NULL for one thread */
    const struct span *spans; /* what is copied to `trace` after every update */
    i64 span_count;           /* 0: nothing */
    unsigned char *trace;     /* where the next copy goes: room for all spans of every update up to `stop` */
};

/* ll_share for several threads. */
LL_UNUSED LL_APART void ll_divide(index_t count, index_t grain, int rank, int threads, index_t *begin, index_t *end) {
    const index_t grains = (count + grain - 1) / grain;
    const index_t low = grains * rank / threads * grain, high = grains * (rank + 1) / threads * grain;
    *begin = low < count ? low : count;
    *end = high < count ? high : count;
}

/* The part of `count` things that one of `threads` threads takes, in whole grains. One thread does not divide: in an
 * update of some 100 ns that would show. */
LL_INLINE void ll_share(index_t count, index_t grain, int rank, int threads, index_t *begin, index_t *end) {
    *begin = 0;
    *end = count;
    if (threads > 1) ll_divide(count, grain, rank, threads, begin, end);
}

#endif
