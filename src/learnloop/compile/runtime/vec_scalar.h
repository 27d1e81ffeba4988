/* vec.h for a single lane: the scalars under the names of vectors. */

LL_INLINE LL_REAL LL_F(load)(const LL_SCALAR *from) {
    return *from;
}

LL_INLINE void LL_F(store)(LL_SCALAR *to, LL_REAL x) {
    *to = x;
}

LL_INLINE LL_REAL LL_F(splat)(LL_SCALAR x) {
    return x;
}

LL_INLINE LL_REAL LL_F(iota)(void) {
    return 0;
}

LL_INLINE LL_INT LL_F(first)(i32 count) {
    return -(LL_INT)(count > 0);
}

LL_INLINE LL_INT LL_F(gt)(LL_REAL a, LL_REAL b) {
    return -(LL_INT)(a > b);
}

LL_INLINE LL_INT LL_F(ge)(LL_REAL a, LL_REAL b) {
    return -(LL_INT)(a >= b);
}

LL_INLINE LL_INT LL_F(eq)(LL_REAL a, LL_REAL b) {
    return -(LL_INT)(a == b);
}

/* a where the mask is set, else b. On WebAssembly with relaxed vectors, LLVM 22 must not see where the mask is
 * from: it would vectorise a comparison and the selection by it to relaxed_max, whose zeros and NaN are the
 * processor's choice. */
LL_INLINE LL_REAL LL_F(select)(LL_INT mask, LL_REAL a, LL_REAL b) {
#if LL_FUSED == 2
    __asm__("" : "+r"(mask));
#endif
    return mask ? a : b;
}

/* The smaller, the larger; b if they are equal or either is NaN (as x86 has it). */
LL_INLINE LL_REAL LL_F(min)(LL_REAL a, LL_REAL b) {
    return LL_F(select)(LL_F(gt)(b, a), a, b);
}

LL_INLINE LL_REAL LL_F(max)(LL_REAL a, LL_REAL b) {
    return LL_F(select)(LL_F(gt)(a, b), a, b);
}
