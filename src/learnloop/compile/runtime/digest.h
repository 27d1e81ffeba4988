/* SHA-256 (FIPS 180-4), for programs that print what they learnt as one number. */
#ifndef LL_DIGEST_H
#define LL_DIGEST_H

#include "base.h"

struct digest {
    u32 state[8];
    u64 bytes;
    unsigned char block[64];
};

LL_INLINE u32 ll_rotated(u32 x, int by) {
    return x >> by | x << (32 - by);
}

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const u32 ll_digest_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void ll_digest_block(u32 state[8], const unsigned char block[64]) {
    u32 w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (u32)block[4 * i] << 24 | (u32)block[4 * i + 1] << 16 | (u32)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        const u32 a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (ll_rotated(a, 7) ^ ll_rotated(a, 18) ^ a >> 3) + w[i - 7] + (ll_rotated(b, 17) ^ ll_rotated(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; i++) s[i] = state[i];
    for (int i = 0; i < 64; i++) {
        const u32 e = s[4], a = s[0];
        const u32 choice = (e & s[5]) ^ (~e & s[6]), majority = (a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]);
        const u32 one = s[7] + (ll_rotated(e, 6) ^ ll_rotated(e, 11) ^ ll_rotated(e, 25)) + choice + ll_digest_constants[i] + w[i];
        const u32 two = (ll_rotated(a, 2) ^ ll_rotated(a, 13) ^ ll_rotated(a, 22)) + majority;
        for (int k = 7; k > 0; k--) s[k] = s[k - 1];
        s[4] += one;
        s[0] = one + two;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void digest_begin(struct digest *d) {
    static const u32 first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int i = 0; i < 8; i++) d->state[i] = first[i];
    d->bytes = 0;
}

static void digest_byte(struct digest *d, unsigned char byte) {
    d->block[d->bytes++ % 64] = byte;
    if (d->bytes % 64 == 0) ll_digest_block(d->state, d->block);
}

/* Writes 64 hexadecimal digits and a zero. */
static void digest_end(struct digest *d, char text[65]) {
    const u64 bits = d->bytes * 8;
    digest_byte(d, 0x80);
    while (d->bytes % 64 != 56) digest_byte(d, 0);
    for (int shift = 56; shift >= 0; shift -= 8) digest_byte(d, (unsigned char)(bits >> shift));
    for (int i = 0; i < 64; i++) text[i] = "0123456789abcdef"[d->state[i / 8] >> (28 - 4 * (i % 8)) & 15];
    text[64] = 0;
}

/* The bytes of a number, lowest first; every NaN as the same one. */
static void digest_bits(struct digest *d, u64 bits, int bytes) {
    for (int i = 0; i < bytes; i++) digest_byte(d, (unsigned char)(bits >> (8 * i)));
}

#endif
