/* rows.c - rows into the schema of the product, with its file layer, its pragmas (Sources/SQLiteStore/Schema/
 * DatabaseSetup.swift) and its checkpoints (Sources/SQLiteStore/Writing/Checkpointer.swift). */
#include <stdio.h>
#include <string.h>

#include "CSQLiteSetup.h"
#include "limit.h"

enum { CHECKPOINT_PAGES = 4096 };

static const char insert_part_sql[] =
    "INSERT INTO parts(span_count, part_id, span_ids, runs, encoding, dictionary_id, plain_length, payload, kind) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)";
static const char insert_trace_sql[] =
    "INSERT INTO traces(trace_no, project_id, trace_id, start_ns, duration_ns, span_count, error_count, status, marks, "
    "missing_parents, complete, service_id, model_id, model_bits, calls, call_errors, calls_with_cost, tokens_input, "
    "tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, tokens_embedding, cost, ttft_ns, has_llm, "
    "session_hash, user_hash, stored_at, provider_bits, operation_bits, error_bits, shape_id) "
    "VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?6 > 0, 0, 0, 1, 1, 1, 3, ?7, 0, ?7, ?8, ?9, NULL, NULL, NULL, NULL, ?10, NULL, "
    "?7 > 0, ?11, ?12, ?13, 3, 3, 0, 1)";
static const char update_trace_sql[] =
    "UPDATE traces SET duration_ns=max(duration_ns, ?4), span_count=span_count+?5, error_count=error_count+?6, "
    "calls=calls+?7, tokens_input=tokens_input+?8, tokens_output=tokens_output+?9, cost=cost+?10 WHERE trace_no=?1";
static const char insert_root_sql[] =
    "INSERT OR REPLACE INTO roots(trace_no, span_id, provisional, name, attributes, truncated, session, user) "
    "VALUES(?, ?, 0, 'invoke_agent planner', ?, NULL, 'conv_0123456789abcdef', 'user-01234')";
static const char insert_call_sql[] =
    "INSERT INTO calls(call_id, project_id, created_ns, duration_ns, span_id, role, status, counted, counted_rule, "
    "operation_id, provider_id, model_id, request_model_id, tokens_input, tokens_output, tokens_cache_read, "
    "tokens_cache_write, tokens_reasoning, cost, cost_reported, ttft_ns, streaming, error_type, response_hash, "
    "session_hash, user_hash, cost_computed, price_id, request_hash, labels, service_id, outcome, counts) "
    "VALUES(?1, 1, ?2, ?3, ?4, 1, 0, 0, 0, 1, 1, 1, 2, ?5, ?6, NULL, NULL, NULL, ?7, NULL, NULL, NULL, NULL, ?8, ?9, "
    "?10, ?7, 1, NULL, NULL, 1, ?11, 1)";

static void check(rows *r, int code, int wanted) {
    if (code != wanted) die(sqlite3_errmsg(r->db));
}

static sqlite3_stmt *prepared(rows *r, const char *sql) {
    sqlite3_stmt *made = NULL;
    check(r, sqlite3_prepare_v3(r->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL), SQLITE_OK);
    return made;
}

static void run(rows *r, sqlite3_stmt *statement) {
    check(r, sqlite3_step(statement), SQLITE_DONE);
    sqlite3_reset(statement);
}

static sqlite3 *connection(const char *path) {
    sqlite3 *made = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &made, flags, SKEIN_JOINING_VFS) != SQLITE_OK) die("cannot open the database");
    return made;
}

static int count_pages(void *context, sqlite3 *db, const char *name, int pages) {
    (void)db;
    (void)name;
    ((rows *)context)->log_pages = pages;
    return SQLITE_OK;
}

static void execute(rows *r, sqlite3 *db, const char *sql) { check(r, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK); }

void open_rows(rows *r, const char *path, const char *schema) {
    skein_sqlite_setup();
    skein_sqlite_keep_memory();
    r->db = connection(path);
    execute(r, r->db, "PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;");
    execute(r, r->db, "BEGIN IMMEDIATE;");
    execute(r, r->db, schema);
    execute(r, r->db, "COMMIT; INSERT INTO projects(project_id, name) VALUES(1, 'default');");
    execute(r, r->db,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON;"
            "PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;");
    sqlite3_wal_hook(r->db, count_pages, r);
    r->checkpointing = connection(path);
    execute(r, r->checkpointing, "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;");
    r->begin = prepared(r, "BEGIN IMMEDIATE");
    r->commit = prepared(r, "COMMIT");
    r->part = prepared(r, insert_part_sql);
    r->add_trace = prepared(r, insert_trace_sql);
    r->change_trace = prepared(r, update_trace_sql);
    r->root = prepared(r, insert_root_sql);
    r->call = prepared(r, insert_call_sql);
    r->resource = prepared(r, "INSERT INTO resources(fingerprint, bytes) VALUES(?, ?)");
    r->scope = prepared(r, "INSERT INTO scopes(fingerprint, bytes) VALUES(?, ?)");
    r->counter = prepared(r, "INSERT OR REPLACE INTO meta(key, value) VALUES('next_trace_no', ?)");
}

int64_t add_dictionary(rows *r, file dictionary) {
    sqlite3_stmt *insert = prepared(r, "INSERT INTO dictionaries(created_at, bytes) VALUES(unixepoch(), ?)");
    sqlite3_bind_blob(insert, 1, dictionary.bytes, (int)dictionary.length, SQLITE_STATIC);
    run(r, insert);
    sqlite3_finalize(insert);
    return sqlite3_last_insert_rowid(r->db);
}

/* One row for each content, as in the product; bodies of one process have their envelopes in common. */
static int64_t envelope(rows *r, sqlite3_stmt *insert, const uint8_t *bytes, size_t length) {
    static struct { uint64_t hash; int64_t id; } known[4096];
    uint64_t hash = cotlp_hash64(bytes, length, insert == r->scope);
    size_t slot = hash % (sizeof known / sizeof *known);
    if (known[slot].hash == hash) return known[slot].id;
    sqlite3_bind_int64(insert, 1, (int64_t)hash);
    sqlite3_bind_blob(insert, 2, bytes, (int)length, SQLITE_STATIC);
    run(r, insert);
    known[slot].hash = hash;
    return known[slot].id = sqlite3_last_insert_rowid(r->db);
}

void insert_envelopes(rows *r, const cotlp_scan *scan) {
    r->resources = grown(r->resources, &r->resource_room, scan->resource_count, sizeof *r->resources);
    r->scopes = grown(r->scopes, &r->scope_room, scan->scope_count, sizeof *r->scopes);
    for (size_t i = 0; i < scan->resource_count; i++) {
        r->resources[i] = envelope(r, r->resource, scan->envelopes + scan->resources[i].offset, scan->resources[i].length);
    }
    for (size_t i = 0; i < scan->scope_count; i++) {
        r->scopes[i] = envelope(r, r->scope, scan->envelopes + scan->scopes[i].offset, scan->scopes[i].length);
    }
}

static uint8_t *put_varint(uint8_t *at, uint64_t value) {
    for (; value > 127; value >>= 7) *at++ = (uint8_t)(value & 127) | 128;
    *at++ = (uint8_t)value;
    return at;
}

static uint8_t *put_big_endian(uint8_t *at, uint64_t value) {
    value = __builtin_bswap64(value);
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

void insert_part(rows *r, const grouping *g, trace *t, int first, int end, size_t plain_length, const uint8_t *packed,
                 size_t length, int64_t dictionary) {
    static uint8_t *ids, *runs;
    static size_t id_room, run_room;
    uint8_t *id = ids, *after = runs;
    int count = 0, in_run = 0;
    for (int i = first; i != end; i = g->spans[i].next) {
        const cotlp_span *slice = &g->spans[i].slice;
        size_t filled = (size_t)(after - runs);
        ids = grown(ids, &id_room, ((size_t)count + 1) * 8, 1);
        runs = grown(runs, &run_room, filled + 30, 1);
        id = put_big_endian(ids + (size_t)count * 8, slice->span_id);
        after = runs + filled;
        count++;
        in_run++;
        int next = g->spans[i].next;
        int goes_on = next != end && g->spans[next].slice.resource == slice->resource && g->spans[next].slice.scope == slice->scope;
        if (goes_on) continue;
        after = put_varint(after, (uint64_t)r->resources[slice->resource]);
        after = put_varint(after, (uint64_t)r->scopes[slice->scope]);
        after = put_varint(after, (uint64_t)in_run);
        in_run = 0;
    }
    sqlite3_bind_int(r->part, 1, count);
    sqlite3_bind_int64(r->part, 2, t->number << 24 | t->parts++);
    sqlite3_bind_blob(r->part, 3, ids, (int)(id - ids), SQLITE_STATIC);
    sqlite3_bind_blob(r->part, 4, runs, (int)(after - runs), SQLITE_STATIC);
    sqlite3_bind_int(r->part, 5, length < plain_length);
    if (dictionary > 0) sqlite3_bind_int64(r->part, 6, dictionary); else sqlite3_bind_null(r->part, 6);
    sqlite3_bind_int64(r->part, 7, (int64_t)plain_length);
    sqlite3_bind_blob(r->part, 8, packed, (int)length, SQLITE_STATIC);
    run(r, r->part);
}

static void insert_call(rows *r, trace *t, const span *s) {
    uint8_t id[8];
    put_big_endian(id, s->slice.span_id);
    sqlite3_bind_int64(r->call, 1, t->number << 24 | t->calls++);
    sqlite3_bind_int64(r->call, 2, s->start);
    sqlite3_bind_int64(r->call, 3, s->end - s->start);
    sqlite3_bind_blob(r->call, 4, id, sizeof id, SQLITE_STATIC);
    sqlite3_bind_int64(r->call, 5, s->tokens_input);
    sqlite3_bind_int64(r->call, 6, s->tokens_output);
    sqlite3_bind_int64(r->call, 7, s->tokens_input * 2500000 + s->tokens_output * 10000000);
    sqlite3_bind_int64(r->call, 8, (int64_t)s->slice.span_id);
    sqlite3_bind_int64(r->call, 9, (int64_t)t->high);
    sqlite3_bind_int64(r->call, 10, (int64_t)t->low);
    sqlite3_bind_int(r->call, 11, s->is_failed);
    run(r, r->call);
}

static void insert_root(rows *r, const trace *t, const span *s) {
    /* As many bytes as the attributes of such a root take as JSON. */
    static const char attributes[] =
        "{\"gen_ai.operation.name\":\"invoke_agent\",\"gen_ai.agent.name\":\"planner\",\"gen_ai.agent.id\":"
        "\"asst_0123456789abcdef\",\"gen_ai.conversation.id\":\"conv_0123456789abcdef\",\"user.id\":\"user-01234\"}";
    uint8_t id[8];
    put_big_endian(id, s->slice.span_id);
    sqlite3_bind_int64(r->root, 1, t->number);
    sqlite3_bind_blob(r->root, 2, id, sizeof id, SQLITE_STATIC);
    sqlite3_bind_text(r->root, 3, attributes, sizeof attributes - 1, SQLITE_STATIC);
    run(r, r->root);
}

void insert_trace(rows *r, const grouping *g, trace *t) {
    int64_t start = INT64_MAX, end = 0, spans = 0, errors = 0, input = 0, output = 0, calls = t->calls;
    const span *root = t->parts == 1 ? &g->spans[t->first] : NULL;
    for (int i = t->first; i >= 0; i = g->spans[i].next) {
        const span *s = &g->spans[i];
        if (s->start < start) start = s->start;
        if (s->end > end) end = s->end;
        if (s->is_root) root = s;
        if (s->is_call) insert_call(r, t, s);
        spans++;
        errors += s->is_failed;
        input += s->tokens_input;
        output += s->tokens_output;
    }
    uint8_t id[16];
    put_big_endian(put_big_endian(id, t->high), t->low);
    int is_new = !t->saved;
    sqlite3_stmt *row = is_new ? r->add_trace : r->change_trace;
    sqlite3_bind_int64(row, 1, t->number);
    if (is_new) sqlite3_bind_blob(row, 2, id, sizeof id, SQLITE_STATIC);
    if (is_new) sqlite3_bind_int64(row, 3, start);
    sqlite3_bind_int64(row, 4, end - start);
    sqlite3_bind_int64(row, 5, spans);
    sqlite3_bind_int64(row, 6, errors);
    sqlite3_bind_int64(row, 7, t->calls - calls);
    sqlite3_bind_int64(row, 8, input);
    sqlite3_bind_int64(row, 9, output);
    sqlite3_bind_int64(row, 10, input * 2500000 + output * 10000000);
    if (is_new) sqlite3_bind_int64(row, 11, (int64_t)t->high);
    if (is_new) sqlite3_bind_int64(row, 12, (int64_t)t->low);
    if (is_new) sqlite3_bind_int64(row, 13, start / 1000000000);
    run(r, row);
    t->saved = 1;
    if (root != NULL) insert_root(r, t, root);
}

void begin(rows *r) { run(r, r->begin); }

void commit(rows *r, int64_t next_number) {
    sqlite3_bind_int64(r->counter, 1, next_number);
    run(r, r->counter);
    run(r, r->commit);
}

void checkpoint(rows *r) {
    if (r->log_pages < CHECKPOINT_PAGES) return;
    sqlite3_wal_checkpoint_v2(r->checkpointing, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    r->log_pages = 0;
}
