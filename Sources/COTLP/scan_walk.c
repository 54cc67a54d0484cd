/* scan_walk.c - see scan_walk.h. One loop over the tags with a stack of the messages that are open. */
#include "scan_walk.h"

#include "scan_tables.h"
#include "scan_utf8.h"
#include "scan_wire.h"

/* No span or log record of this size or less can cost more than COTLP_DECODE_BASE: the worst two bytes, an empty Link, cost 168. */
enum { UNCOUNTED = 8 * 1024 };
/* What protobuf-c 1.4 keeps of a field while it unpacks (ScannedMember). The first 16 lie on its stack. */
enum { MEMBER_SIZE = 32, FREE_MEMBERS = 16 };
/* Three messages for a level (list, pair, value), and the few around the outermost value. */
enum { STACK = 3 * COTLP_MAX_DEPTH + 8 };

#define INLINE static inline __attribute__((always_inline))

/* A message that is open. */
typedef struct {
    const uint8_t *end;
    const uint8_t *row;  /* its line of `actions` */
    uint32_t members;    /* fields so far; kept only when counting */
    uint32_t once;       /* whether its one message field that may occur once was there */
} open_message;

typedef struct {
    const uint8_t *at;
    open_message top;
    size_t depth;        /* messages on the stack, `top` not among them */
    size_t values;       /* AnyValues among the open messages */
    scan_found *found;
    open_message *stack; /* apart, so that all of this can live in registers */
} walker;

/* Counts one more field: protobuf-c allocates room for them in slabs, each twice as large as the one before. */
INLINE void count_member(walker *w) {
    uint32_t members = w->top.members++;
    uint32_t slab = members + FREE_MEMBERS;
    if (members >= FREE_MEMBERS && !(slab & (slab - 1))) w->found->cost += (uint64_t)slab * MEMBER_SIZE;
}

/* The action for a tag of two to five bytes. */
static uint8_t long_tag(const uint8_t **at, const uint8_t *end, const uint8_t *row) {
    uint32_t tag;
    if (!wire_uint32(at, end, &tag)) return DO_REFUSE;
    if (tag < 128) return row[tag];
    if (row == actions[SCAN_SPAN] && tag >> 3 == SPAN_FLAGS) return flags_actions[tag & 7];
    return unknown_actions[tag & 7];
}

/* Whether this is a KeyValue with a key and a scalar value and nothing else, all well: nearly every attribute is.
 * 0 says nothing; the loop then finds out. */
INLINE int plain_attribute(const uint8_t *at, const uint8_t *end) {
    uint32_t length;
    if (end - at < 4 || at[0] != 0x0A || at[1] >= 0x80) return 0;
    size_t key = at[1];
    if (key + 4 > (size_t)(end - at) || at[2 + key] != 0x12 || !scan_utf8(at + 2, key)) return 0;
    at += 3 + key;
    if (!wire_length(&at, end, &length) || length != (size_t)(end - at)) return 0;
    if (at == end) return 1;
    switch (*at++) {
    case 0x0A: return wire_length(&at, end, &length) && length == (size_t)(end - at) && scan_utf8(at, length);
    case 0x10:
    case 0x18: return wire_varint(&at, end) && at == end;
    case 0x21: return end - at == 8;
    default: return 0;
    }
}

INLINE cotlp_fault enter(walker *w, unsigned action, const int counted) {
    uint32_t length;
    if (!wire_length(&w->at, w->top.end, &length)) return COTLP_MALFORMED;
    unsigned type = action - DO_ENTER;
    if (counted && action < DO_ONCE) w->found->cost += sizeof(void *); /* in the list */
    if (!counted && type == SCAN_KEY_VALUE && plain_attribute(w->at, w->at + length)) {
        w->at += length;
        return COTLP_FINE;
    }
    if (action >= DO_ONCE) {
        type = action - DO_ONCE;
        if (w->top.once) return COTLP_MALFORMED;
        w->top.once = 1;
    }
    if (type == SCAN_ANY_VALUE && ++w->values > COTLP_MAX_DEPTH) return COTLP_TOO_DEEP;
    if (w->depth == STACK) return COTLP_TOO_DEEP;
    if (counted) w->found->cost += message_cost[type];
    w->stack[w->depth++] = w->top;
    w->top = (open_message){.end = w->at + length, .row = actions[type]};
    return COTLP_FINE;
}

/* A field of bytes: trace and span ids are noted, strings checked. */
INLINE cotlp_fault sized(walker *w, unsigned action, const int counted) {
    uint32_t length;
    if (!wire_length(&w->at, w->top.end, &length)) return COTLP_MALFORMED;
    const uint8_t *payload = w->at;
    w->at += length;
    if (counted) w->found->cost += ROUNDED(length) + (action == DO_STRINGS ? sizeof(ProtobufCBinaryData) : 0);
    if (action == DO_STRING || action == DO_STRINGS) return scan_utf8(payload, length) ? COTLP_FINE : COTLP_BAD_UTF8;
    if (action == DO_TRACE_ID) {
        w->found->trace_id = payload;
        w->found->trace_id_length = length;
    } else if (action == DO_SPAN_ID) {
        w->found->span_id = payload;
        w->found->span_id_length = length;
    }
    return COTLP_FINE;
}

INLINE cotlp_fault perform(walker *w, unsigned action, const int counted) {
    int fits;
    switch (action) {
    case DO_VARINT:
    case DO_SKIP_VARINT: fits = wire_varint(&w->at, w->top.end); break;
    case DO_FIXED64:
    case DO_SKIP_FIXED64: fits = wire_skip(&w->at, w->top.end, 8); break;
    case DO_FIXED32:
    case DO_SKIP_FIXED32: fits = wire_skip(&w->at, w->top.end, 4); break;
    case DO_BYTES:
    case DO_STRING:
    case DO_STRINGS:
    case DO_TRACE_ID:
    case DO_SPAN_ID:
    case DO_SKIP_BYTES: return sized(w, action, counted);
    case DO_REFUSE: return COTLP_MALFORMED;
    default: return enter(w, action, counted);
    }
    return fits ? COTLP_FINE : COTLP_MALFORMED;
}

INLINE cotlp_fault walk(walker *w, const int counted) {
    for (;;) {
        while (w->at == w->top.end) {
            if (!w->depth) return COTLP_FINE;
            if (w->top.row == actions[SCAN_ANY_VALUE]) w->values--;
            w->top = w->stack[--w->depth];
        }
        const uint8_t *start = w->at;
        unsigned action = *start < 0x80 ? w->top.row[*w->at++] : long_tag(&w->at, w->top.end, w->top.row);
        if (counted) count_member(w);
        cotlp_fault fault = perform(w, action, counted);
        if (fault) {
            w->found->fault_at = start;
            return fault;
        }
        /* An unknown field is kept as it stands: its entry in a list (24, rounded), and its bytes. */
        if (counted && action >= DO_SKIP_VARINT && action < DO_ENTER) w->found->cost += 32 + ROUNDED(w->at - start);
    }
}

INLINE cotlp_fault start(scan_type type, const uint8_t *at, const uint8_t *end, scan_found *found, const int counted) {
    open_message stack[STACK];
    walker w = {.at = at, .top = {.end = end, .row = actions[type]}, .found = found, .stack = stack};
    *found = (scan_found){.cost = counted ? message_cost[type] : 0};
    return walk(&w, counted);
}

cotlp_fault cotlp_walk_counted(scan_type type, const uint8_t *at, const uint8_t *end, scan_found *found) {
    return start(type, at, end, found, 1);
}

INLINE cotlp_fault walk_item(scan_type type, const uint8_t *at, const uint8_t *end, scan_found *found) {
    if (end - at <= UNCOUNTED) return start(type, at, end, found, 0);
    cotlp_fault fault = cotlp_walk_counted(type, at, end, found);
    return !fault && !scan_affordable(found->cost, (uint64_t)(end - at)) ? COTLP_TOO_COSTLY : fault;
}

cotlp_fault cotlp_walk_span(const uint8_t *at, const uint8_t *end, scan_found *found) {
    return walk_item(SCAN_SPAN, at, end, found);
}

cotlp_fault cotlp_walk_log_record(const uint8_t *at, const uint8_t *end, scan_found *found) {
    return walk_item(SCAN_LOG_RECORD, at, end, found);
}
