/* scan_utf8.h - whether bytes are UTF-8. */
#ifndef COTLP_SCAN_UTF8_H
#define COTLP_SCAN_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The strict check: no overlong forms, no surrogates, nothing above U+10FFFF. */
int cotlp_utf8_strict(const uint8_t *bytes, size_t length);

#define COTLP_HIGH_BITS 0x8080808080808080u

static inline uint64_t scan_load64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

static inline uint64_t scan_load32(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    return word;
}

/* Some bits of every one of 32 bytes, or-ed: the high ones are set if any byte has them. */
static inline uint64_t scan_fold32(const uint8_t *bytes) {
    return (scan_load64(bytes) | scan_load64(bytes + 8)) | (scan_load64(bytes + 16) | scan_load64(bytes + 24));
}

/* Whether all bytes are below 0x80. The last words overlap those before, so that there is no loop over single bytes. */
static inline int scan_ascii(const uint8_t *bytes, size_t length) {
    if (length >= 32) {
        const uint8_t *last = bytes + length - 32;
        for (; bytes < last; bytes += 32) {
            if (scan_fold32(bytes) & COTLP_HIGH_BITS) return 0;
        }
        return !(scan_fold32(last) & COTLP_HIGH_BITS);
    }
    uint64_t folded = 0;
    if (length >= 16) {
        folded = scan_load64(bytes) | scan_load64(bytes + 8) | scan_load64(bytes + length - 16);
        folded |= scan_load64(bytes + length - 8);
    } else if (length >= 8) {
        folded = scan_load64(bytes) | scan_load64(bytes + length - 8);
    } else if (length >= 4) {
        folded = scan_load32(bytes) | scan_load32(bytes + length - 4);
    } else if (length) {
        folded = bytes[0] | bytes[length >> 1] | bytes[length - 1];
    }
    return !(folded & COTLP_HIGH_BITS);
}

static inline int scan_utf8(const uint8_t *bytes, size_t length) {
    return scan_ascii(bytes, length) || cotlp_utf8_strict(bytes, length);
}

#endif
