/* As many independent multiply-adds at once as hide their latency: what one core can do at most.
 *
 * LL_PEAK_LANES numbers in a vector. The sums stay finite: x * 0.999 + 0.001 goes to 1. */
#define LL_BITS 32
#define LL_LANES LL_PEAK_LANES
#include "vec.h"

enum { CHAINS = 12 };

/* Operations of one round: a multiplication and an addition in every lane of every chain. */
long peak_operations(void) { return 2L * CHAINS * LL_PEAK_LANES; }

float peak_run(long rounds) {
    LL_REAL sums[CHAINS], keep = (LL_REAL){0} + 0.999f, add = (LL_REAL){0} + 0.001f;
    for (int k = 0; k < CHAINS; k++) sums[k] = (LL_REAL){0} + (float)k;
    for (long n = 0; n < rounds; n++) {
#pragma GCC unroll 12
        for (int k = 0; k < CHAINS; k++) sums[k] = LL_F(fma)(sums[k], keep, add);
    }
    LL_REAL total = sums[0];
    for (int k = 1; k < CHAINS; k++) total += sums[k];
    return total[0];
}
