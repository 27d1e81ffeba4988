/* Compares a float32 function with the C library's float64 one, on every `step`-th of the 2^32 float32 numbers.
 *
 *     exhaustive NAME STEP FIRST
 *
 * prints the largest error in units of the last place of the float32 result, where it is, and how many results are wrong
 * in kind: NaN, infinity, zero or sign where the reference has something else. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LL_BITS 32
#define LL_LANES 8
#include "vec.h"
#include "functions.h"

#define BLOCK 4096

static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double softplus(double x) { return log1p(exp(-fabs(x))) + (x > 0 ? x : 0); }

#define APPLY(name)                                                                              \
    static void apply_##name(const f32 *x, f32 *y) {                                             \
        for (int i = 0; i < BLOCK; i += LL_LANES) store_f32x8(y + i, name##_f32x8(load_f32x8(x + i))); \
    }
APPLY(exp)
APPLY(log)
APPLY(log1p)
APPLY(expm1)
APPLY(tanh)
APPLY(erf)
APPLY(sigmoid)
APPLY(softplus)
APPLY(sin)
APPLY(cos)

struct function {
    const char *name;
    void (*apply)(const f32 *, f32 *);
    double (*reference)(double);
    double domain;
};

static const struct function functions[] = {
    {"exp", apply_exp, exp, INFINITY},             {"log", apply_log, log, INFINITY},
    {"log1p", apply_log1p, log1p, INFINITY},       {"expm1", apply_expm1, expm1, INFINITY},
    {"tanh", apply_tanh, tanh, INFINITY},          {"erf", apply_erf, erf, INFINITY},
    {"sigmoid", apply_sigmoid, sigmoid, INFINITY}, {"softplus", apply_softplus, softplus, INFINITY},
    {"sin", apply_sin, sin, 32768},                {"cos", apply_cos, cos, 32768},
};

/* Distance in units of the last place that the reference, rounded to float32, has; -1 if the kinds differ. */
static double error_of(f32 y, double reference) {
    const f32 rounded = (f32)reference;
    if (isnan(reference)) return isnan(y) ? 0 : -1;
    if (isnan(y) || isinf(y) != isinf(rounded) || !signbit(y) != !signbit(rounded)) return -1;
    if (isinf(y)) return 0;
    if (reference == 0) return y == 0 ? 0 : -1;
    const int exponent = ilogb(reference) - 23;
    return fabs((double)y - reference) * ldexp(1, exponent < -149 ? 149 : -exponent);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    const u64 step = strtoull(arguments[2], NULL, 10), first = strtoull(arguments[3], NULL, 10);
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++) {
        const struct function *f = functions + k;
        if (strcmp(f->name, arguments[1])) continue;
        double worst = 0, where = 0;
        u64 wrong = 0;
        static f32 x[BLOCK], y[BLOCK];
        for (u64 start = first; start < (u64)1 << 32; start += BLOCK * step) {
            for (u64 i = 0; i < BLOCK; i++) x[i] = real_f32((u32)(start + i * step));
            f->apply(x, y);
            for (int i = 0; i < BLOCK; i++) {
                if (fabs((double)x[i]) > f->domain) continue;
                const double error = error_of(y[i], f->reference((double)x[i]));
                if (error > worst) worst = error, where = (double)x[i];
                if (error < 0 && wrong++ == 0) fprintf(stderr, "wrong: %s(%a) = %a\n", f->name, (double)x[i], (double)y[i]);
            }
        }
        printf("%.4f %a %llu\n", worst, where, (unsigned long long)wrong);
        return 0;
    }
    return 2;
}
