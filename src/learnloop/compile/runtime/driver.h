/* The loop around the updates, and what the host may call. Included after the program's own functions:
 * train_update, predict_rows, evaluate_rows and initialise_all. */

#include "environment.h"

#ifdef LL_THREADS
#include "threads.h"
#endif

/* Waits until all threads are here; one thread has nobody to wait for. */
LL_INLINE void ll_meet(struct call *c, int threads) {
#ifdef LL_THREADS
    if (threads > 1) barrier_wait(c->barrier, threads, c->yield);
#else
    (void)c;
    (void)threads;
#endif
}

/* Whether a loss is a number that one can learn from. */
LL_INLINE int ll_finite(real x) {
    return x - x == (real)0;
}

/* Chooses the next batch, or decides to stop. One thread does it while the others finish the update before: nothing
 * here is read in the last phase of an update. */
static void ll_prepare(struct call *c) {
    const i64 per_epoch = (c->count + c->batch - 1) / c->batch;
    c->batch_rows = 0;
    if (c->update >= c->stop || (c->halt && *c->halt)) {
        c->status = c->update >= c->stop ? LL_REACHED : LL_HALTED;
        return;
    }
    const i64 epoch = c->update / per_epoch;
    if (epoch != c->epoch) {
        shuffle(c->seed, (u32)epoch, (index_t)c->count, c->rows, c->order);
        c->epoch = epoch;
    }
    c->batch_first = c->update % per_epoch * c->batch;
    const i64 left = c->count - c->batch_first;
    c->batch_rows = left < c->batch ? left : c->batch;
}

/* The rows of a batch that belong to one thread. Vectors over rows run past the last one: repeat it for them. */
static void ll_take_rows(const i32 *from, i32 *to, index_t rows, index_t begin, index_t end) {
    for (index_t n = begin; n < end; n++) to[n] = from[n];
    if (end != rows || begin == end) return;
    for (index_t n = rows; n % 16 != 0; n++) to[n] = from[rows - 1];
}

/* Copies what the host wants to see of an update. One thread does it, after the last phase of all. */
static void ll_record(struct call *c) {
    for (i64 k = 0; k < c->span_count; k++) {
        const i64 bytes = c->spans[k].bytes;
        const unsigned char *restrict from = c->arena + c->spans[k].offset;
        unsigned char *restrict to = c->trace;
        for (i64 i = 0; i < bytes; i++) to[i] = from[i];
        c->trace += bytes;
    }
}

static void ll_updates(struct call *c, int rank, int threads) {
    struct tensors t;
    locate(&t, c);
    i32 update, *const kept = t.update;
    t.update = &update; /* each thread has its own: nobody waits for another one to write it */
    if (rank == 0) ll_prepare(c);
    ll_meet(c, threads);
    while (c->batch_rows > 0) {
        const index_t rows = (index_t)c->batch_rows;
        index_t begin, end;
        ll_share(rows, 16, rank, threads, &begin, &end);
        ll_take_rows(c->order + c->batch_first, t.row, rows, begin, end);
        t.rows = rows;
        update = (i32)c->update;
        if (rank == 0) *kept = update;
        if (!train_update(&t, c, rank, threads)) {
            if (rank == 0) c->status = LL_NOT_FINITE;
            return;
        }
        if (c->span_count > 0) ll_meet(c, threads);
        if (rank == 0) {
            ll_record(c);
            c->losses[c->update++] = t.loss[0];
            ll_prepare(c);
        }
        ll_meet(c, threads);
    }
}

/* Trains from c->update to c->stop. Every one of `threads` threads calls it with a rank of its own. */
LL_EXPORT i64 ll_train(struct call *c, int rank, int threads) {
    const u64 environment = environment_enter();
    ll_updates(c, rank, threads);
    environment_leave(environment);
    return c->status;
}

/* Fills parameters and state with their first values. */
LL_EXPORT void ll_initialise(struct call *c) {
    const u64 environment = environment_enter();
    struct tensors t;
    locate(&t, c);
    t.rows = 0;
    initialise_all(&t, c, 0, 1);
    environment_leave(environment);
}

/* Runs c->count rows, at most the capacity, through a function: c->rows names them. The results stay in the arena. */
static void ll_sweep(struct call *c, void (*all)(const struct tensors *, struct call *, int, int)) {
    const u64 environment = environment_enter();
    struct tensors t;
    locate(&t, c);
    t.rows = (index_t)c->count;
    ll_take_rows(c->rows, t.row, t.rows, 0, t.rows);
    all(&t, c, 0, 1);
    environment_leave(environment);
}

LL_EXPORT void ll_predict(struct call *c) {
    ll_sweep(c, predict_all);
}

/* The same with the loss of each row. */
LL_EXPORT void ll_evaluate(struct call *c) {
    ll_sweep(c, evaluate_all);
}

/* The order of an epoch: what update k of it was given. */
LL_EXPORT void ll_shuffle(struct call *c) {
    shuffle(c->seed, (u32)c->epoch, (index_t)c->count, c->rows, c->order);
}

#if LL_FUSED == 2
/* Whether relaxed madd rounds once: hosts may round twice, and those need another module. The rest of a product that
 * was rounded is there only for who rounds once; volatile, because the compiler must not answer for the host. */
LL_EXPORT int ll_fuses(void) {
    const volatile f32 a = 1 + 1.0f / 4096;
    const volatile f64 b = 1 + 1.0 / 134217728;
    return fma_f32(a, a, -(a * a)) != 0 && fma_f64(b, b, -(b * b)) != 0;
}
#endif
