/* hash.c - see cotlp_hash.h. Multiply-and-fold over eight bytes at a time, two lanes. */
#include "cotlp_hash.h"

#include <string.h>

static const uint64_t K0 = 0x9E3779B97F4A7C15u, K1 = 0xD6E8FEB86659FD93u, K2 = 0xA0761D6478BD642Fu;

static inline uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load(const unsigned char *p) {
    uint64_t word;
    memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

uint64_t cotlp_hash64(const void *bytes, size_t length, uint64_t seed) {
    const unsigned char *p = bytes;
    uint64_t a = seed ^ K0, b = seed ^ K1;
    size_t left = length;
    for (; left >= 16; left -= 16, p += 16) {
        a = fold(a ^ load(p), K1);
        b = fold(b ^ load(p + 8), K2);
    }
    unsigned char tail[16] = {0};
    if (left) memcpy(tail, p, left);
    a = fold(a ^ load(tail), K1 ^ left);
    b = fold(b ^ load(tail + 8), K2);
    return fold(a ^ (b << 1 | b >> 63), K0 ^ (uint64_t)length);
}
