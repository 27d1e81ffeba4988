/* run.c's part for one type: applies one operation to `count` elements, a multiple of 16. */
static void LL_F(run)(int op, index_t count, const LL_SCALAR *x, LL_SCALAR *y) {
    for (index_t i = 0; i < count; i += LL_LANES) {
        const LL_REAL a = LL_F(load)(x + i), b = LL_F(load)(x + i + count), c = LL_F(load)(x + i + 2 * count);
        LL_REAL r = a;
        switch (op) {
            case 0: r = LL_F(exp)(a); break;
            case 1: r = LL_F(log)(a); break;
            case 2: r = LL_F(log1p)(a); break;
            case 3: r = LL_F(expm1)(a); break;
            case 4: r = LL_F(tanh)(a); break;
            case 5: r = LL_F(erf)(a); break;
            case 6: r = LL_F(sigmoid)(a); break;
            case 7: r = LL_F(softplus)(a); break;
            case 8: r = LL_F(sin)(a); break;
            case 9: r = LL_F(cos)(a); break;
            case 10: r = LL_F(sqrt)(a); break;
            case 11: r = LL_F(neg)(a); break;
            case 12: r = LL_F(fma)(a, b, c); break;
            case 13: r = LL_F(select)(LL_F(gt)(a, b), a, c); break;
            case 14: r = LL_F(select)(LL_F(ge)(a, b), a, c); break;
            case 15: r = LL_F(select)(LL_F(eq)(a, b), a, c); break;
            case 16: r = LL_F(min)(a, b); break;
            case 17: r = LL_F(max)(a, b); break;
            case 18: r = LL_F(uniform)(0x123456789abcdef, 7, 11, 13, (u32)i); break;
            case 19: r = LL_F(iota)() + LL_F(splat)((LL_SCALAR)i); break;
            case 20: r = a + b * c - a / b; break;
            case 21: r = LL_F(uniform_once)(0x123456789abcdef, 7, 11, 13, (u32)i); break;
            default: break;
        }
        LL_F(store)(y + i, r);
    }
}
