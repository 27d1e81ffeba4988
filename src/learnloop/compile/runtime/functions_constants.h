/* Constants and steps shared by the functions of functions.h, for the current LL_BITS. */
#undef LL_MAGIC
#undef LL_MAGIC_BITS
#undef LL_BIAS
#undef LL_DIGITS
#undef LL_LOG2E
#undef LL_LN2_HIGH
#undef LL_LN2_LOW
#undef LL_STEP
#undef LL_OFFSET
#undef LL_ROOT_HALF_BITS
#undef LL_OFFSET_BITS
#undef LL_DIGITS_MASK
#undef LL_FOUR_BITS
#undef LL_ROOT_LESS_1
#undef LL_SMALLEST_NORMAL
#undef LL_TWO_TO_DIGITS
#undef LL_INFINITY
#undef LL_NAN

/* One step of Horner's scheme. */
#define LL_STEP(q, x, coefficient) LL_F(fma)(q, x, LL_F(splat)(coefficient))

/* Added to a small number, LL_MAGIC rounds it to an integer and leaves that integer in the last bits of the sum. */
#if LL_BITS == 32
#define LL_MAGIC 0x1.8p23f
#define LL_MAGIC_BITS ((u32)0x4b400000)
#define LL_BIAS 127
#define LL_DIGITS 23
#define LL_OFFSET 128
#define LL_LOG2E 0x1.715476p+0f
#define LL_LN2_HIGH 0x1.62e43p-1f
#define LL_LN2_LOW -0x1.05c61p-29f
#define LL_ROOT_HALF_BITS ((u32)0x3f3504f3)
#define LL_OFFSET_BITS ((u32)LL_OFFSET << LL_DIGITS)
#define LL_DIGITS_MASK ((u32)0x7fffff)
#define LL_FOUR_BITS ((u32)0x40800000)
#define LL_ROOT_LESS_1 0x1.a8279ap-2f
#define LL_SMALLEST_NORMAL 0x1p-126f
#define LL_TWO_TO_DIGITS 0x1p23f
#define LL_INFINITY real_f32((u32)0x7f800000)
#define LL_NAN real_f32((u32)0x7fc00000)
#else
#define LL_MAGIC 0x1.8p52
#define LL_MAGIC_BITS ((u64)0x4338000000000000)
#define LL_BIAS 1023
#define LL_DIGITS 52
#define LL_OFFSET 1024
#define LL_LOG2E 0x1.71547652b82fep+0
#define LL_LN2_HIGH 0x1.62e42fefa39efp-1
#define LL_LN2_LOW 0x1.abc9e3b39803fp-56
#define LL_ROOT_HALF_BITS ((u64)0x3fe6a09e667f3bcd)
#define LL_OFFSET_BITS ((u64)LL_OFFSET << LL_DIGITS)
#define LL_DIGITS_MASK ((u64)0xfffffffffffff)
#define LL_FOUR_BITS ((u64)0x4010000000000000)
#define LL_ROOT_LESS_1 0x1.a827999fcef32p-2
#define LL_SMALLEST_NORMAL 0x1p-1022
#define LL_TWO_TO_DIGITS 0x1p52
#define LL_INFINITY real_f64((u64)0x7ff0000000000000)
#define LL_NAN real_f64((u64)0x7ff8000000000000)
#endif
