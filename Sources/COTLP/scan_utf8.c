/* scan_utf8.c - see scan_utf8.h. */
#include "scan_utf8.h"

static inline int follows(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* The length of the well-formed sequence that starts here with a byte of 0x80 or more, 0 if there is none
 * (Unicode Standard, table 3-7: the first byte narrows the range of the second). */
static inline size_t sequence(const uint8_t *p, size_t left) {
    uint8_t first = p[0];
    if (first < 0xE0) return first >= 0xC2 && left >= 2 && follows(p[1]) ? 2 : 0;
    if (first < 0xF0) {
        if (left < 3 || !follows(p[1]) || !follows(p[2])) return 0;
        if (first == 0xE0 && p[1] < 0xA0) return 0;
        if (first == 0xED && p[1] > 0x9F) return 0;
        return 3;
    }
    if (first > 0xF4 || left < 4 || !follows(p[1]) || !follows(p[2]) || !follows(p[3])) return 0;
    if (first == 0xF0 && p[1] < 0x90) return 0;
    if (first == 0xF4 && p[1] > 0x8F) return 0;
    return 4;
}

int cotlp_utf8_strict(const uint8_t *p, size_t left) {
    while (left) {
        if (*p < 0x80) {
            size_t step = left >= 8 && !(scan_load64(p) & COTLP_HIGH_BITS) ? 8 : 1;
            p += step;
            left -= step;
            continue;
        }
        size_t step = sequence(p, left);
        if (!step) return 0;
        p += step;
        left -= step;
    }
    return 1;
}
