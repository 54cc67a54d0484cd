/* scan.c - see cotlp_scan.h. The levels above the spans or log records, and the arrays. */
#include "cotlp_scan.h"

#include <stdlib.h>
#include <string.h>

#include "scan_walk.h"
#include "scan_wire.h"

enum { NO_ENTRY = UINT32_MAX };
/* Field numbers, the same for traces and logs: resource_spans of the request; the list below a level; the level's
 * resource or scope. */
enum { RESOURCE_SPANS = 1, CHILDREN = 2, OWNER = 1 };

typedef struct {
    cotlp_scan *out;
    const uint8_t *bytes;
    int reads_logs;
    size_t spans_room, resources_room, scopes_room, envelopes_room;
} scanner;

/* A ResourceSpans or a ScopeSpans, or what stands for them in logs, while it is read. */
typedef struct {
    scan_type type;
    const uint8_t *start, *end;
    uint32_t entry;     /* its place in the output, NO_ENTRY until a span is good */
    int has_owner;
    size_t length;      /* bytes of the fields that belong to the envelope */
    uint64_t cost;      /* of decoding the envelope */
} level;

static int refuse(scanner *s, cotlp_fault fault, const uint8_t *at) {
    s->out->fault = fault;
    s->out->fault_offset = (size_t)(at - s->bytes);
    return 0;
}

/* Makes room for `more` items behind `count`. */
static int reserve(void *array, size_t *room, size_t count, size_t more, size_t item) {
    if (more <= *room - count) return 1;
    if (more > SIZE_MAX / 2 / item - count) return 0;
    size_t wanted = *room < 64 ? 64 : *room * 2;
    if (wanted < count + more) wanted = count + more;
    void *old, *grown;
    memcpy(&old, array, sizeof(old));
    if (wanted > SIZE_MAX / 2 / item || !(grown = realloc(old, wanted * item))) return 0;
    memcpy(array, &grown, sizeof(grown));
    *room = wanted;
    return 1;
}

static uint64_t big_endian(const uint8_t *p) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | p[i];
    return value;
}

static cotlp_fault read_ids(const scan_found *found, cotlp_span *span) {
    if (!found->trace_id || found->trace_id_length != 16) return COTLP_BAD_TRACE_ID;
    span->trace_high = big_endian(found->trace_id);
    span->trace_low = big_endian(found->trace_id + 8);
    if (!(span->trace_high | span->trace_low)) return COTLP_BAD_TRACE_ID;
    if (!found->span_id || found->span_id_length != 8) return COTLP_BAD_SPAN_ID;
    span->span_id = big_endian(found->span_id);
    return span->span_id ? COTLP_FINE : COTLP_BAD_SPAN_ID;
}

/* The ids of a log record; 0 for one that is not valid (OTLP 1.x, LogRecord: it is then not associated with a span). */
static void read_record_ids(const scan_found *found, cotlp_span *record) {
    cotlp_fault fault = read_ids(found, record);
    if (fault == COTLP_BAD_TRACE_ID) record->trace_high = record->trace_low = 0;
    if (fault) record->span_id = 0;
}

/* Checks a span or a log record, and reads its ids. */
static cotlp_fault check(const scanner *s, const wire_field *field, cotlp_span *span) {
    scan_found found;
    cotlp_fault fault;
    if (s->reads_logs) {
        fault = cotlp_walk_log_record(field->payload, field->end, &found);
        if (!fault) read_record_ids(&found, span);
    } else {
        fault = cotlp_walk_span(field->payload, field->end, &found);
        if (!fault) fault = read_ids(&found, span);
    }
    return fault;
}

/* Gives the levels above a good span their entries; their bytes follow when they end. */
static int open_entries(scanner *s, level *resource, level *scope) {
    cotlp_scan *out = s->out;
    if (resource->entry == NO_ENTRY) {
        if (!reserve(&out->resources, &s->resources_room, out->resource_count, 1, sizeof(cotlp_envelope))) return 0;
        resource->entry = (uint32_t)out->resource_count++;
    }
    if (scope->entry == NO_ENTRY) {
        if (!reserve(&out->scopes, &s->scopes_room, out->scope_count, 1, sizeof(cotlp_envelope))) return 0;
        scope->entry = (uint32_t)out->scope_count++;
    }
    return 1;
}

static int read_span(scanner *s, level *resource, level *scope, const wire_field *field) {
    cotlp_scan *out = s->out;
    cotlp_span span;
    cotlp_fault fault = check(s, field, &span);
    if (fault) {
        out->rejected[fault]++;
        return 1;
    }
    if (s->reads_logs && field->end - field->payload < COTLP_SHORT_RECORD) {
        out->unlisted++;
        return 1;
    }
    if (!open_entries(s, resource, scope)
        || !reserve(&out->spans, &s->spans_room, out->span_count, 1, sizeof(cotlp_span))) {
        return refuse(s, COTLP_NO_MEMORY, field->start);
    }
    span.offset = (uint32_t)(field->payload - s->bytes);
    span.length = (uint32_t)(field->end - field->payload);
    span.resource = resource->entry;
    span.scope = scope->entry;
    out->spans[out->span_count++] = span;
    return 1;
}

/* A field of the envelope: checked where it stands. */
static int read_own(scanner *s, level *own, const wire_field *field) {
    scan_found found;
    cotlp_fault fault = cotlp_walk_counted(own->type, field->start, field->end, &found);
    if (fault) return refuse(s, fault, found.fault_at);
    if (field->number == OWNER && own->has_owner++) return refuse(s, COTLP_MALFORMED, field->start);
    own->length += (size_t)(field->end - field->start);
    /* Each field is charged for a whole message: more than the one message that they make up together. */
    own->cost += found.cost;
    if (!scan_affordable(own->cost, own->length)) return refuse(s, COTLP_TOO_COSTLY, field->start);
    return 1;
}

/* Copies the envelope of a level that has good spans. */
static int close_level(scanner *s, const level *own, cotlp_envelope *entries) {
    cotlp_scan *out = s->out;
    if (own->entry == NO_ENTRY) return 1;
    if (!reserve(&out->envelopes, &s->envelopes_room, out->envelopes_length, own->length, 1)) {
        return refuse(s, COTLP_NO_MEMORY, own->start);
    }
    entries[own->entry] = (cotlp_envelope){(uint32_t)out->envelopes_length, (uint32_t)own->length};
    wire_field field;
    for (const uint8_t *at = own->start; at < own->end && wire_next(&at, own->end, &field);) {
        if (field.number == CHILDREN) continue;
        size_t length = (size_t)(field.end - field.start);
        memcpy(out->envelopes + out->envelopes_length, field.start, length);
        out->envelopes_length += length;
    }
    return 1;
}

static int read_scope_spans(scanner *s, level *resource, const wire_field *parent) {
    level own = {.type = SCAN_SCOPE_SPANS, .start = parent->payload, .end = parent->end, .entry = NO_ENTRY};
    wire_field field;
    for (const uint8_t *at = own.start; at < own.end;) {
        if (!wire_next(&at, own.end, &field)) return refuse(s, COTLP_MALFORMED, field.start);
        if (field.number != CHILDREN) {
            if (!read_own(s, &own, &field)) return 0;
        } else if (field.wire != WIRE_BYTES) {
            return refuse(s, COTLP_MALFORMED, field.start);
        } else if (!read_span(s, resource, &own, &field)) {
            return 0;
        }
    }
    return close_level(s, &own, s->out->scopes);
}

static int read_resource_spans(scanner *s, const wire_field *parent) {
    level own = {.type = SCAN_RESOURCE_SPANS, .start = parent->payload, .end = parent->end, .entry = NO_ENTRY};
    wire_field field;
    for (const uint8_t *at = own.start; at < own.end;) {
        if (!wire_next(&at, own.end, &field)) return refuse(s, COTLP_MALFORMED, field.start);
        if (field.number != CHILDREN) {
            if (!read_own(s, &own, &field)) return 0;
        } else if (field.wire != WIRE_BYTES) {
            return refuse(s, COTLP_MALFORMED, field.start);
        } else if (!read_scope_spans(s, &own, &field)) {
            return 0;
        }
    }
    return close_level(s, &own, s->out->resources);
}

static void read_request(scanner *s, const uint8_t *at, const uint8_t *end) {
    wire_field field;
    while (at < end) {
        int fits = wire_next(&at, end, &field);
        if (!fits || (field.number == RESOURCE_SPANS && field.wire != WIRE_BYTES)) {
            refuse(s, COTLP_MALFORMED, field.start);
            return;
        }
        if (field.number == RESOURCE_SPANS && !read_resource_spans(s, &field)) return;
    }
}

static cotlp_fault scan_all(const uint8_t *bytes, size_t length, int reads_logs, cotlp_scan *scan) {
    *scan = (cotlp_scan){0};
    scanner s = {.out = scan, .bytes = bytes, .reads_logs = reads_logs};
    if (length > UINT32_MAX) {
        refuse(&s, COTLP_MALFORMED, bytes);
    } else if (length) {
        read_request(&s, bytes, bytes + length);
    }
    if (scan->fault) {
        /* Entries of levels that were still open point nowhere: a refused request has none. */
        cotlp_scan empty = {.fault = scan->fault, .fault_offset = scan->fault_offset};
        cotlp_scan_free(scan);
        *scan = empty;
    }
    return scan->fault;
}

cotlp_fault cotlp_scan_request(const uint8_t *bytes, size_t length, cotlp_scan *scan) {
    return scan_all(bytes, length, 0, scan);
}

cotlp_fault cotlp_scan_logs(const uint8_t *bytes, size_t length, cotlp_scan *scan) {
    return scan_all(bytes, length, 1, scan);
}

void cotlp_scan_free(cotlp_scan *scan) {
    free(scan->spans);
    free(scan->resources);
    free(scan->scopes);
    free(scan->envelopes);
    *scan = (cotlp_scan){0};
}
