/* Applies the runtime's operations to arrays: a library, or with RUN_MAIN a program that reads a job from stdin. */
#define AFTER_TYPE "run_type.h"
#include "types.h"
#include "environment.h"

LL_EXPORT int run(int op, int bits, int lanes, index_t count, const void *x, void *y);
LL_EXPORT u32 random_word(u64 seed, u32 purpose, u32 time, u32 row, u32 unit);
LL_EXPORT void shuffle_rows(u64 seed, u32 epoch, index_t count, const i32 *rows, i32 *order);
LL_EXPORT f64 tree(int bits, const void *lanes);
LL_EXPORT int first_lanes(int bits, int lanes, i32 count);

/* Expands FOR(bits, lanes, type) for the type that is asked for; falls through if there is none. */
#ifdef LL_PORTABLE
#define CHOOSE(FOR) FOR(32, 1, f32) FOR(64, 1, f64)
#elif defined FEW_TYPES
#define CHOOSE(FOR) FOR(32, 1, f32) FOR(32, 4, f32x4) FOR(64, 1, f64) FOR(64, 2, f64x2)
#else
#define CHOOSE(FOR)                                                                              \
    FOR(32, 1, f32) FOR(32, 2, f32x2) FOR(32, 4, f32x4) FOR(32, 8, f32x8) FOR(32, 16, f32x16)    \
    FOR(64, 1, f64) FOR(64, 2, f64x2) FOR(64, 4, f64x4) FOR(64, 8, f64x8) FOR(64, 16, f64x16)
#endif

#if defined LL_ENVIRONMENT_X86
#define HOSTILE ((u64)0xdfc0) /* rounds upwards, flushes subnormal results and operands */
#elif defined LL_ENVIRONMENT_ARM
#define HOSTILE ((u64)5 << 22)
#else
#define HOSTILE ((u64)0)
#endif

/* Operations from 100 on: the same, called by a library that has changed the environment. */
LL_EXPORT int run(int op, int bits, int lanes, index_t count, const void *x, void *y) {
    const u64 host = ll_environment_get();
    if (op >= 100) ll_environment_set(HOSTILE);
    const u64 before = environment_enter();
    int done = 0;
#define RUN(b, l, type) if (bits == b && lanes == l) run_##type(op % 100, count, x, y), done = 1;
    CHOOSE(RUN)
    environment_leave(before);
    if (op >= 100 && ll_environment_get() != HOSTILE) done = 0;
    ll_environment_set(host);
    return done;
}

LL_EXPORT int first_lanes(int bits, int lanes, i32 count) {
    int mask = 0;
    f64 wide[16] = {0};
    f32 narrow[16] = {0};
#define FIRST(b, l, type)                                                                        \
    if (bits == b && lanes == l)                                                                 \
        store_##type(b == 32 ? (void *)narrow : (void *)wide,                                    \
                     select_##type(first_##type(count), splat_##type(1), splat_##type(0)));
    CHOOSE(FIRST)
    for (int k = 0; k < lanes; k++) mask |= (bits == 32 ? narrow[k] == 1 : wide[k] == 1) << k;
    return mask;
}

LL_EXPORT u32 random_word(u64 seed, u32 purpose, u32 time, u32 row, u32 unit) {
    return random_u32(seed, purpose, time, row, unit);
}

LL_EXPORT void shuffle_rows(u64 seed, u32 epoch, index_t count, const i32 *rows, i32 *order) {
    shuffle(seed, epoch, count, rows, order);
}

LL_EXPORT f64 tree(int bits, const void *lanes) {
    return bits == 32 ? (f64)tree_f32(lanes) : tree_f64(lanes);
}

#ifdef RUN_MAIN
#include RUN_MAIN

static char operands[1 << 22], results[1 << 22];

/* Jobs: five 64-bit numbers (op, bits, lanes, count, arrays of operands) and the operands; the answer is the result. */
static int serve(void) {
    i64 job[5];
    while (receive(job, sizeof job)) {
        const size_t bytes = (size_t)(job[1] / 8 * job[3]);
        if ((size_t)job[4] * bytes > sizeof operands || !receive(operands, (size_t)job[4] * bytes)) return 1;
        if (!run((int)job[0], (int)job[1], (int)job[2], (index_t)job[3], operands, results)) return 2;
        if (!send(results, bytes)) return 3;
    }
    return 0;
}

START
#endif
