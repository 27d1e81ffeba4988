/* memory.h under other names, so that it can stand beside a C library's. */
#define memcpy tested_memcpy
#define memmove tested_memmove
#define memset tested_memset
#ifndef LL_FREESTANDING
#define LL_FREESTANDING
#endif
#include "base.h"

LL_EXPORT void copy(void *to, const void *from, size_t count);
LL_EXPORT void move(void *to, const void *from, size_t count);
LL_EXPORT void fill(void *to, int value, size_t count);

LL_EXPORT void copy(void *to, const void *from, size_t count) { tested_memcpy(to, from, count); }
LL_EXPORT void move(void *to, const void *from, size_t count) { tested_memmove(to, from, count); }
LL_EXPORT void fill(void *to, int value, size_t count) { tested_memset(to, value, count); }
