/* Everything that the runtime defines for LL_BITS and LL_LANES, and what the including program adds. */
#include "vec.h"
#include "functions.h"
#include "random.h"
#ifdef AFTER_TYPE
#include AFTER_TYPE
#endif
#undef LL_LANES
