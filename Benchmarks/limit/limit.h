/* limit.h - the parts of the limit program, see limit.c. */
#ifndef LIMIT_H
#define LIMIT_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zstd.h>

#include "COTLP.h"

/* What is timed, by the CPU of the one thread. */
typedef enum { SCAN, DECODE, COMPRESS, INSERT, COMMIT, CHECKPOINT, STAGES } stage;

/* A file read into memory. */
typedef struct {
    uint8_t *bytes;
    size_t length;
} file;

/* What is kept of a decoded span. */
typedef struct {
    cotlp_span slice;
    int64_t start, end;
    int64_t tokens_input, tokens_output;
    int is_call, is_root, is_failed;
    int next; /* of the same trace in the body; -1 at the end */
} span;

/* A trace, for as long as the program runs. */
typedef struct {
    uint64_t high, low;
    int64_t number;
    int64_t parts, calls;
    int saved;       /* whether it has a row */
    int last_body;
    int first, last; /* of the spans of that body */
} trace;

typedef struct {
    span *spans;
    size_t span_count, span_room;
    trace *traces;    /* by number - 1 */
    size_t trace_count, trace_room;
    uint32_t *slots;  /* open addressing: number of the trace, 0 for none */
    size_t slot_count;
    int *touched;     /* indexes of the traces of the body, in order of arrival */
    size_t touched_count, touched_room;
    int body;
    cotlp_arena *arena;
} grouping;

typedef struct {
    ZSTD_CCtx *context;
    ZSTD_CDict *shipped, *own;
    int64_t shipped_id, own_id;
    int level;        /* without a dictionary */
    uint8_t *plain, *packed;
    size_t plain_length, plain_room, packed_room;
    uint8_t *samples; /* for training; NULL when none are wanted */
    size_t samples_length, sample_sizes[384], sample_count;
} compressor;

typedef struct {
    sqlite3 *db, *checkpointing;
    sqlite3_stmt *begin, *commit, *part, *add_trace, *change_trace, *root, *call, *resource, *scope, *counter;
    int64_t *resources, *scopes; /* ids of those of the body */
    size_t resource_room, scope_room;
    int log_pages;
} rows;

void die(const char *what);
void *grown(void *memory, size_t *room, size_t wanted, size_t size);
file read_file(const char *path);
int64_t nanoseconds(int clock);

/* Decodes every span of a scanned body into the arena and groups them by trace. */
void decode_body(grouping *g, const cotlp_scan *scan, const uint8_t *bytes);

/* The span's message in front of its length, as parts hold it. */
void add_plain(compressor *c, const uint8_t *bytes, const cotlp_span *slice);
/* Compresses what was added, and starts anew. Gives the bytes to store; *dictionary is 0 without one. */
const uint8_t *pack(compressor *c, size_t *length, int64_t *dictionary);
/* Makes a dictionary of the samples; `level` 0 takes the parameters of the product. */
file train(compressor *c, int level);
ZSTD_CDict *digest(file dictionary, int is_own, int level);

void open_rows(rows *r, const char *path, const char *schema);
int64_t add_dictionary(rows *r, file dictionary);
/* The rows of resources and scopes. */
void insert_envelopes(rows *r, const cotlp_scan *scan);
/* A part of the spans from `first` up to `end`, linked by `next`. */
void insert_part(rows *r, const grouping *g, trace *t, int first, int end, size_t plain_length, const uint8_t *packed,
                 size_t length, int64_t dictionary);
/* The rows of the trace, its root and its calls. */
void insert_trace(rows *r, const grouping *g, trace *t);
void begin(rows *r);
void commit(rows *r, int64_t next_number);
/* Moves the log into the file when it is long enough. */
void checkpoint(rows *r);

#endif
