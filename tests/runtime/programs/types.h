/* The runtime for every type, one after the other; AFTER_TYPE is included after each, as part of the template.
 * FEW_TYPES leaves out those that a narrow target would have to take to pieces. */
#include "base.h"

#define LL_BITS 32
#define LL_LANES 1
#include "one_type.h"
#ifndef LL_PORTABLE
#define LL_LANES 4
#include "one_type.h"
#ifndef FEW_TYPES
#define LL_LANES 2
#include "one_type.h"
#define LL_LANES 8
#include "one_type.h"
#define LL_LANES 16
#include "one_type.h"
#endif
#endif
#undef LL_BITS

#define LL_BITS 64
#define LL_LANES 1
#include "one_type.h"
#ifndef LL_PORTABLE
#define LL_LANES 2
#include "one_type.h"
#ifndef FEW_TYPES
#define LL_LANES 4
#include "one_type.h"
#define LL_LANES 8
#include "one_type.h"
#define LL_LANES 16
#include "one_type.h"
#endif
#endif
#undef LL_BITS
