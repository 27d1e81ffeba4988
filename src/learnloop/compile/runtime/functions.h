/* exp, log, log1p, expm1, tanh, erf, sigmoid, softplus, sin and cos: a template, included after vec.h.
 *
 * One algorithm for every type, without branches, made of + - * /, fma, integer steps and selections only: so every
 * target, scalar or vector, gives the same bits. Coefficients are derived by tests/runtime/coefficients.py, error
 * bounds are measured and listed in docs/functions.md. NaN gives NaN; infinities and zeros give what IEEE 754 says. */
#include "tree.h"
#include "functions_constants.h"
#include "functions_exp.h"
#include "functions_log.h"
#include "functions_erf.h"
#include "functions_trig.h"
