/* scan_wire.h - the protobuf wire format: varints, lengths and fields.
 *
 * Every reader moves `*at` past what it read and returns 1, or returns 0 when that does not lie within `end`.
 * Limits are those of protobuf-c, or narrower: 5 bytes and 32 bits for tags and lengths, 10 bytes for values. */
#ifndef COTLP_SCAN_WIRE_H
#define COTLP_SCAN_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

static inline int wire_varint(const uint8_t **at, const uint8_t *end) {
    const uint8_t *p = *at;
    const uint8_t *last = end - p > 10 ? p + 10 : end;
    while (p < last) {
        if (*p++ < 0x80) {
            *at = p;
            return 1;
        }
    }
    return 0;
}

static inline int wire_uint32(const uint8_t **at, const uint8_t *end, uint32_t *value) {
    uint32_t result = 0;
    const uint8_t *p = *at;
    for (unsigned shift = 0; shift < 35 && p < end; shift += 7) {
        uint8_t byte = *p++;
        if (shift == 28 && byte > 0x0F) return 0;
        result |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *value = result;
            *at = p;
            return 1;
        }
    }
    return 0;
}

/* A length, and that many bytes follow. */
static inline int wire_length(const uint8_t **at, const uint8_t *end, uint32_t *length) {
    if (*at < end && **at < 0x80) {
        *length = *(*at)++;
    } else if (!wire_uint32(at, end, length)) {
        return 0;
    }
    return *length <= (size_t)(end - *at);
}

static inline int wire_skip(const uint8_t **at, const uint8_t *end, size_t count) {
    if ((size_t)(end - *at) < count) return 0;
    *at += count;
    return 1;
}

/* One field: where its tag starts, where its payload starts (behind the length) and ends. */
typedef struct {
    uint32_t number;
    uint32_t wire;
    const uint8_t *start, *payload, *end;
} wire_field;

static inline int wire_next(const uint8_t **at, const uint8_t *end, wire_field *field) {
    uint32_t tag, length = 0;
    field->start = *at;
    if (!wire_uint32(at, end, &tag) || tag < 8) return 0;
    field->number = tag >> 3;
    field->wire = tag & 7;
    if (field->wire == WIRE_BYTES && !wire_length(at, end, &length)) return 0;
    field->payload = *at;
    int fits = 0; /* stays 0 for groups and the wire types that do not exist */
    if (field->wire == WIRE_BYTES) fits = wire_skip(at, end, length);
    if (field->wire == WIRE_VARINT) fits = wire_varint(at, end);
    if (field->wire == WIRE_FIXED64) fits = wire_skip(at, end, 8);
    if (field->wire == WIRE_FIXED32) fits = wire_skip(at, end, 4);
    field->end = *at;
    return fits;
}

#endif
