/* scan_tables.h - what to do at each tag, message by message. Included by scan_walk.c alone. */
#ifndef COTLP_SCAN_TABLES_H
#define COTLP_SCAN_TABLES_H

#include "opentelemetry/proto/common/v1/common.pb-c.h"
#include "opentelemetry/proto/logs/v1/logs.pb-c.h"
#include "opentelemetry/proto/resource/v1/resource.pb-c.h"
#include "opentelemetry/proto/trace/v1/trace.pb-c.h"
#include "scan_walk.h"

/* What to do with a field. From DO_ENTER on it is a message: `DO_ENTER + type` as often as it comes, `DO_ONCE + type`
 * at most once. */
enum {
    DO_REFUSE,
    DO_VARINT,
    DO_FIXED64,
    DO_FIXED32,
    DO_BYTES,
    DO_STRING,
    DO_STRINGS, /* a repeated string */
    DO_TRACE_ID,
    DO_SPAN_ID,
    DO_SKIP_VARINT, /* from here on: fields that this version does not know */
    DO_SKIP_FIXED64,
    DO_SKIP_FIXED32,
    DO_SKIP_BYTES,
    DO_ENTER,
    DO_ONCE = DO_ENTER + SCAN_TYPES
};

#define NONE DO_REFUSE
/* The eight wire types of one field number. */
#define UNKNOWN DO_SKIP_VARINT, DO_SKIP_FIXED64, DO_SKIP_BYTES, NONE, NONE, DO_SKIP_FIXED32, NONE, NONE
#define VARINT DO_VARINT, NONE, NONE, NONE, NONE, NONE, NONE, NONE
#define FIXED64 NONE, DO_FIXED64, NONE, NONE, NONE, NONE, NONE, NONE
#define FIXED32 NONE, NONE, NONE, NONE, NONE, DO_FIXED32, NONE, NONE
#define SIZED(action) NONE, NONE, action, NONE, NONE, NONE, NONE, NONE
#define BYTES SIZED(DO_BYTES)
#define STRING SIZED(DO_STRING)
#define STRINGS SIZED(DO_STRINGS)
#define EACH(type) SIZED(DO_ENTER + type)
#define ONCE(type) SIZED(DO_ONCE + type)
/* Field number 0 does not exist. */
#define ZERO NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE
#define UNKNOWN_13_TO_15 UNKNOWN, UNKNOWN, UNKNOWN
#define UNKNOWN_9_TO_15 UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN_13_TO_15
#define UNKNOWN_7_TO_15 UNKNOWN, UNKNOWN, UNKNOWN_9_TO_15
#define UNKNOWN_5_TO_15 UNKNOWN, UNKNOWN, UNKNOWN_7_TO_15
#define UNKNOWN_4_TO_15 UNKNOWN, UNKNOWN_5_TO_15
#define UNKNOWN_2_TO_15 UNKNOWN, UNKNOWN, UNKNOWN_4_TO_15

/* By the one byte of a tag below 0x80. Field numbers as in proto/. */
static const uint8_t actions[SCAN_TYPES][128] = {
    [SCAN_SPAN] = {ZERO, SIZED(DO_TRACE_ID), SIZED(DO_SPAN_ID), STRING, BYTES, STRING, VARINT, FIXED64, FIXED64,
                   EACH(SCAN_KEY_VALUE), VARINT, EACH(SCAN_EVENT), VARINT, EACH(SCAN_LINK), VARINT, ONCE(SCAN_STATUS)},
    [SCAN_EVENT] = {ZERO, FIXED64, STRING, EACH(SCAN_KEY_VALUE), VARINT, UNKNOWN_5_TO_15},
    [SCAN_LINK] = {ZERO, BYTES, BYTES, STRING, EACH(SCAN_KEY_VALUE), VARINT, FIXED32, UNKNOWN_7_TO_15},
    [SCAN_STATUS] = {ZERO, UNKNOWN, STRING, VARINT, UNKNOWN_4_TO_15},
    [SCAN_KEY_VALUE] = {ZERO, STRING, ONCE(SCAN_ANY_VALUE), VARINT, UNKNOWN_4_TO_15},
    [SCAN_ANY_VALUE] = {ZERO, STRING, VARINT, VARINT, FIXED64, EACH(SCAN_ARRAY), EACH(SCAN_KEY_VALUES), BYTES, VARINT,
                        UNKNOWN_9_TO_15},
    [SCAN_ARRAY] = {ZERO, EACH(SCAN_ANY_VALUE), UNKNOWN_2_TO_15},
    [SCAN_KEY_VALUES] = {ZERO, EACH(SCAN_KEY_VALUE), UNKNOWN_2_TO_15},
    [SCAN_RESOURCE_SPANS] = {ZERO, EACH(SCAN_RESOURCE), ZERO, STRING, UNKNOWN_4_TO_15},
    [SCAN_RESOURCE] = {ZERO, EACH(SCAN_KEY_VALUE), VARINT, EACH(SCAN_ENTITY_REF), UNKNOWN_4_TO_15},
    [SCAN_ENTITY_REF] = {ZERO, STRING, STRING, STRINGS, STRINGS, UNKNOWN_5_TO_15},
    [SCAN_SCOPE_SPANS] = {ZERO, EACH(SCAN_SCOPE), ZERO, STRING, UNKNOWN_4_TO_15},
    [SCAN_SCOPE] = {ZERO, STRING, STRING, EACH(SCAN_KEY_VALUE), VARINT, UNKNOWN_5_TO_15},
    [SCAN_LOG_RECORD] = {ZERO, FIXED64, VARINT, STRING, UNKNOWN, ONCE(SCAN_ANY_VALUE), EACH(SCAN_KEY_VALUE), VARINT,
                         FIXED32, SIZED(DO_TRACE_ID), SIZED(DO_SPAN_ID), FIXED64, STRING, UNKNOWN_13_TO_15},
};

/* Field numbers from 16 on, by wire type. */
static const uint8_t unknown_actions[8] = {UNKNOWN};
/* Span.flags is the only known field with a number above 15. */
enum { SPAN_FLAGS = 16 };
static const uint8_t flags_actions[8] = {FIXED32};

/* What the arena rounds to. */
#define ROUNDED(size) (((uint64_t)(size) + 15) & ~(uint64_t)15)
/* A message with this many repeated fields: their arrays are rounded up too. */
#define COST(message, lists) (uint32_t)(ROUNDED(sizeof(message)) + 16 * (lists))
static const uint32_t message_cost[SCAN_TYPES] = {
    [SCAN_SPAN] = COST(Opentelemetry__Proto__Trace__V1__Span, 3),
    [SCAN_EVENT] = COST(Opentelemetry__Proto__Trace__V1__Span__Event, 1),
    [SCAN_LINK] = COST(Opentelemetry__Proto__Trace__V1__Span__Link, 1),
    [SCAN_STATUS] = COST(Opentelemetry__Proto__Trace__V1__Status, 0),
    [SCAN_KEY_VALUE] = COST(Opentelemetry__Proto__Common__V1__KeyValue, 0),
    [SCAN_ANY_VALUE] = COST(Opentelemetry__Proto__Common__V1__AnyValue, 0),
    [SCAN_ARRAY] = COST(Opentelemetry__Proto__Common__V1__ArrayValue, 1),
    [SCAN_KEY_VALUES] = COST(Opentelemetry__Proto__Common__V1__KeyValueList, 1),
    [SCAN_RESOURCE_SPANS] = COST(Opentelemetry__Proto__Trace__V1__ResourceSpans, 1),
    [SCAN_RESOURCE] = COST(Opentelemetry__Proto__Resource__V1__Resource, 2),
    [SCAN_ENTITY_REF] = COST(Opentelemetry__Proto__Common__V1__EntityRef, 2),
    [SCAN_SCOPE_SPANS] = COST(Opentelemetry__Proto__Trace__V1__ScopeSpans, 1),
    [SCAN_SCOPE] = COST(Opentelemetry__Proto__Common__V1__InstrumentationScope, 1),
    [SCAN_LOG_RECORD] = COST(Opentelemetry__Proto__Logs__V1__LogRecord, 1),
};

#endif
