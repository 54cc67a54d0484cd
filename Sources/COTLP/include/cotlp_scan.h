/* cotlp_scan.h - the bounded walk over an export request, of traces or of logs, before any of it is decoded.
 *
 * protobuf-c has no limit on nesting and takes a multiple of its input in memory. The scanner walks the wire bytes
 * without recursion, checks framing, depth, UTF-8 and ids, and finds the byte range of every span or log record. What it accepts,
 * protobuf-c decodes. It is stricter than the wire format in one thing: a message field that may occur once (such as
 * KeyValue.value) is malformed when it occurs twice, because protobuf-c merges the two wrongly, and two empty values
 * by reading outside its tables. Other fields given twice count as given last. */
#ifndef COTLP_SCAN_H
#define COTLP_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* What is wrong with a request or with one span. */
typedef enum {
    COTLP_FINE = 0,
    COTLP_MALFORMED = 1,      /* truncated, a length past its message, a bad tag, a wire type that is not its field's */
    COTLP_TOO_DEEP = 2,       /* values nested more than COTLP_MAX_DEPTH levels */
    COTLP_BAD_UTF8 = 3,       /* a string field that is not UTF-8 */
    COTLP_BAD_TRACE_ID = 4,   /* not 16 bytes, or all zero */
    COTLP_BAD_SPAN_ID = 5,    /* not 8 bytes, or all zero */
    COTLP_NO_MEMORY = 6,      /* for the scanner's own arrays */
    COTLP_TOO_COSTLY = 7,     /* decoding would take more than COTLP_DECODE_FACTOR times the size + COTLP_DECODE_BASE */
    COTLP_FAULT_KINDS = 8
} cotlp_fault;

/* Values nested deeper than this are refused; the value of an attribute is level 1. */
enum { COTLP_MAX_DEPTH = 64 };

/* The arena that a span or an envelope of `n` bytes may be decoded into: n * COTLP_DECODE_FACTOR + COTLP_DECODE_BASE.
 * What the scanner accepts is known to fit. */
enum { COTLP_DECODE_FACTOR = 16, COTLP_DECODE_BASE = 1 << 20 };

/* A log record of fewer bytes names no event that anybody looks for: it is checked, counted and not listed, so that the
 * list of a request stays in proportion to its bytes. */
enum { COTLP_SHORT_RECORD = 20 };

/* One good span, or log record, whose ids are 0 when it has none that are valid. Offsets count from the first byte of the request. */
typedef struct {
    uint32_t offset;
    uint32_t length;
    uint32_t resource;        /* index into resources */
    uint32_t scope;           /* index into scopes */
    uint64_t trace_high, trace_low;   /* read big-endian */
    uint64_t span_id;                 /* read big-endian */
} cotlp_span;

/* A ResourceSpans or ScopeSpans that has good spans, without the spans: its other fields, one after the other. */
typedef struct {
    uint32_t offset;          /* into `envelopes` */
    uint32_t length;
} cotlp_envelope;

typedef struct {
    cotlp_span *spans;
    size_t span_count;
    cotlp_envelope *resources;
    size_t resource_count;
    cotlp_envelope *scopes;
    size_t scope_count;
    uint8_t *envelopes;
    size_t envelopes_length;
    uint64_t rejected[COTLP_FAULT_KINDS];  /* spans refused one by one, by fault */
    uint64_t unlisted;                     /* log records of fewer than COTLP_SHORT_RECORD bytes */
    /* When the whole request is refused: why, and the offset of the byte where it was noticed. */
    cotlp_fault fault;
    size_t fault_offset;
} cotlp_scan;

/* Walks an ExportTraceServiceRequest of at most 4 GiB - 1 (a longer one is malformed). Returns scan->fault; on success
 * every array is filled. A fault inside a well-framed span rejects that span alone. Any other refuses the request, which
 * then has no spans, resources, scopes or rejected spans. Always pair with cotlp_scan_free. */
cotlp_fault cotlp_scan_request(const uint8_t *bytes, size_t length, cotlp_scan *scan);

/* Walks an ExportLogsServiceRequest: the same with log records for spans. No id is a fault there. */
cotlp_fault cotlp_scan_logs(const uint8_t *bytes, size_t length, cotlp_scan *scan);

/* Frees the arrays. The struct may be used again. */
void cotlp_scan_free(cotlp_scan *scan);

#endif
