/* grouping.c - spans decoded with protobuf-c, grouped by trace. */
#include <string.h>

#include "limit.h"

typedef Opentelemetry__Proto__Trace__V1__Span otlp_span;
typedef Opentelemetry__Proto__Common__V1__KeyValue otlp_attribute;

static int64_t number_of(const otlp_attribute *attribute) {
    const Opentelemetry__Proto__Common__V1__AnyValue *value = attribute->value;
    return value != NULL && value->value_case == OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE
               ? value->int_value : 0;
}

static int is_key(const otlp_attribute *attribute, const char *key) {
    return attribute->key.len == strlen(key) && memcmp(attribute->key.data, key, attribute->key.len) == 0;
}

static void read_span(span *s, const otlp_span *message) {
    s->start = (int64_t)message->start_time_unix_nano;
    s->end = (int64_t)message->end_time_unix_nano;
    s->is_root = message->parent_span_id.len == 0;
    s->is_failed = message->status != NULL &&
                   message->status->code == 2; /* STATUS_CODE_ERROR */
    s->is_call = 0;
    s->tokens_input = s->tokens_output = 0;
    for (size_t i = 0; i < message->n_attributes; i++) {
        if (is_key(message->attributes[i], "gen_ai.usage.input_tokens")) {
            s->is_call = 1;
            s->tokens_input = number_of(message->attributes[i]);
        } else if (is_key(message->attributes[i], "gen_ai.usage.output_tokens")) {
            s->is_call = 1;
            s->tokens_output = number_of(message->attributes[i]);
        }
    }
}

static void grow_slots(grouping *g) {
    g->slot_count = g->slot_count ? g->slot_count * 4 : 1024;
    free(g->slots);
    g->slots = calloc(g->slot_count, sizeof *g->slots);
    if (g->slots == NULL) die("no memory");
    for (size_t i = 0; i < g->trace_count; i++) {
        size_t slot = g->traces[i].low & (g->slot_count - 1);
        while (g->slots[slot] != 0) slot = (slot + 1) & (g->slot_count - 1);
        g->slots[slot] = (uint32_t)i + 1;
    }
}

static int find_trace(grouping *g, uint64_t high, uint64_t low) {
    if (g->trace_count * 2 >= g->slot_count) grow_slots(g);
    size_t slot = low & (g->slot_count - 1);
    for (; g->slots[slot] != 0; slot = (slot + 1) & (g->slot_count - 1)) {
        trace *t = &g->traces[g->slots[slot] - 1];
        if (t->low == low && t->high == high) return (int)g->slots[slot] - 1;
    }
    g->traces = grown(g->traces, &g->trace_room, g->trace_count + 1, sizeof *g->traces);
    g->traces[g->trace_count] = (trace){.high = high, .low = low, .number = (int64_t)g->trace_count + 1, .last_body = -1};
    g->slots[slot] = (uint32_t)++g->trace_count;
    return (int)g->trace_count - 1;
}

static void add_to_trace(grouping *g, int index) {
    span *s = &g->spans[index];
    int found = find_trace(g, s->slice.trace_high, s->slice.trace_low);
    trace *t = &g->traces[found];
    s->next = -1;
    if (t->last_body == g->body) {
        g->spans[t->last].next = index;
    } else {
        t->last_body = g->body;
        t->first = index;
        g->touched = grown(g->touched, &g->touched_room, g->touched_count + 1, sizeof *g->touched);
        g->touched[g->touched_count++] = found;
    }
    t->last = index;
}

void decode_body(grouping *g, const cotlp_scan *scan, const uint8_t *bytes) {
    g->body++;
    g->touched_count = 0;
    g->span_count = scan->span_count;
    g->spans = grown(g->spans, &g->span_room, scan->span_count, sizeof *g->spans);
    for (size_t i = 0; i < scan->span_count; i++) {
        const cotlp_span *slice = &scan->spans[i];
        cotlp_arena_reset(g->arena, (size_t)slice->length * COTLP_DECODE_FACTOR + COTLP_DECODE_BASE);
        otlp_span *message = opentelemetry__proto__trace__v1__span__unpack(cotlp_arena_allocator(g->arena), slice->length,
                                                                           bytes + slice->offset);
        if (message == NULL) die("a span cannot be decoded");
        g->spans[i].slice = *slice;
        read_span(&g->spans[i], message);
        add_to_trace(g, (int)i);
    }
}
