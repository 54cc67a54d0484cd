/* scan_walk.h - the walk over one message and everything in it. */
#ifndef COTLP_SCAN_WALK_H
#define COTLP_SCAN_WALK_H

#include "cotlp_scan.h"

/* The messages of OTLP traces and logs. RESOURCE_SPANS and SCOPE_SPANS stand for their envelopes: without field 2.
 * ResourceLogs and ScopeLogs have the same fields. */
typedef enum {
    SCAN_SPAN,
    SCAN_EVENT,
    SCAN_LINK,
    SCAN_STATUS,
    SCAN_KEY_VALUE,
    SCAN_ANY_VALUE,
    SCAN_ARRAY,
    SCAN_KEY_VALUES,
    SCAN_RESOURCE_SPANS,
    SCAN_RESOURCE,
    SCAN_ENTITY_REF,
    SCAN_SCOPE_SPANS,
    SCAN_SCOPE,
    SCAN_LOG_RECORD,
    SCAN_TYPES
} scan_type;

/* What a walk found. The ids are NULL unless a span or log record has them. */
typedef struct {
    const uint8_t *trace_id, *span_id;
    uint32_t trace_id_length, span_id_length;
    const uint8_t *fault_at; /* the field where a fault was noticed */
    uint64_t cost;           /* bytes that protobuf-c will ask of an arena; at most a few per message too many */
} scan_found;

/* Walks a Span. Short spans cannot be too costly, so their cost is not counted and stays 0. */
cotlp_fault cotlp_walk_span(const uint8_t *at, const uint8_t *end, scan_found *found);

/* Walks a LogRecord, as a Span is walked. */
cotlp_fault cotlp_walk_log_record(const uint8_t *at, const uint8_t *end, scan_found *found);

/* Walks some fields of a message of the type, and counts the cost. */
cotlp_fault cotlp_walk_counted(scan_type type, const uint8_t *at, const uint8_t *end, scan_found *found);

/* Whether decoding `length` bytes may cost this much. */
static inline int scan_affordable(uint64_t cost, uint64_t length) {
    return cost <= length * COTLP_DECODE_FACTOR + COTLP_DECODE_BASE;
}

#endif
