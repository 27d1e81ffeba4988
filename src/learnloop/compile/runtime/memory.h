/* memcpy, memmove and memset, which compilers call unasked, where there is no C library to have them. */
#ifndef LL_MEMORY_H
#define LL_MEMORY_H

#include "base.h"

/* An optimiser must not find out that these loops are memcpy and memset, or they would call themselves. */
#if LL_GCC
#define LL_KEEP_LOOP __asm__ volatile("" : : : "memory");
#else
#define LL_KEEP_LOOP
#endif
#if LL_GNU
typedef unsigned char ll_byte;
typedef u64 ll_chunk __attribute__((vector_size(16), aligned(1), may_alias));
#else
typedef volatile unsigned char ll_byte;
#endif

LL_HIDDEN void *memcpy(void *restrict to, const void *restrict from, size_t count);
LL_HIDDEN void *memmove(void *to, const void *from, size_t count);
LL_HIDDEN void *memset(void *to, int value, size_t count);

LL_HIDDEN void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    ll_byte *t = to;
    const ll_byte *f = from;
#if LL_GNU
    for (; count >= sizeof(ll_chunk); count -= sizeof(ll_chunk)) {
        *(ll_chunk *)t = *(const ll_chunk *)f;
        t += sizeof(ll_chunk);
        f += sizeof(ll_chunk);
        LL_KEEP_LOOP
    }
#endif
    for (; count > 0; count--) {
        *t++ = *f++;
        LL_KEEP_LOOP
    }
    return to;
}

LL_HIDDEN void *memmove(void *to, const void *from, size_t count) {
    ll_byte *t = to;
    const ll_byte *f = from;
    if ((uintptr_t)t - (uintptr_t)f >= count) return memcpy(to, from, count); /* forwards nothing is lost */
    while (count > 0) {
        count--;
        t[count] = f[count];
        LL_KEEP_LOOP
    }
    return to;
}

LL_HIDDEN void *memset(void *to, int value, size_t count) {
    ll_byte *t = to;
#if LL_GNU
    const u64 word = (u64)(unsigned char)value * (u64)0x0101010101010101;
    for (; count >= sizeof(ll_chunk); count -= sizeof(ll_chunk)) {
        *(ll_chunk *)t = (ll_chunk){word, word};
        t += sizeof(ll_chunk);
        LL_KEEP_LOOP
    }
#endif
    for (; count > 0; count--) {
        *t++ = (unsigned char)value;
        LL_KEEP_LOOP
    }
    return to;
}

#endif
