-- Schema 3 of a Skein database. docs/database.md describes every table.
-- Times are nanoseconds since the Unix epoch; money is in 10^-12 USD; null means unknown.

CREATE TABLE meta(
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

-- Names that rows refer to by a small number.
CREATE TABLE projects(project_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE services(service_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE providers(provider_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE models(model_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- The prices that costs were computed with, each as a JSON object.
CREATE TABLE prices(price_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE operations(operation_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- Who may send and read. Where a row is, nobody may without a key; a key that is revoked keeps its row.
CREATE TABLE keys(
    key_id TEXT PRIMARY KEY,            -- the part of the key that may be shown
    name TEXT NOT NULL,
    project_id INTEGER NOT NULL,
    scopes TEXT NOT NULL,               -- of ingest, read, admin; separated by spaces
    hash BLOB NOT NULL,                 -- SHA-256 of the whole key
    created_at INTEGER NOT NULL,        -- seconds since the Unix epoch
    revoked_at INTEGER
) WITHOUT ROWID;

-- A ResourceSpans (ScopeSpans) message without its scope_spans (spans), once for each content.
CREATE TABLE resources(resource_id INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX resources_by_fingerprint ON resources(fingerprint);
CREATE TABLE scopes(scope_id INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX scopes_by_fingerprint ON scopes(fingerprint);

-- The zstd dictionaries that parts were compressed with; trained from a project's own spans, or shipped (no project).
CREATE TABLE dictionaries(
    dictionary_id INTEGER PRIMARY KEY,
    project_id INTEGER,
    created_at INTEGER NOT NULL,        -- seconds since the Unix epoch
    bytes BLOB NOT NULL
);

-- One narrow row for each trace: what lists filter, sort and sum.
CREATE TABLE traces(
    trace_no INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    trace_id BLOB NOT NULL,
    start_ns INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    span_count INTEGER NOT NULL,
    error_count INTEGER NOT NULL,
    status INTEGER NOT NULL,            -- 0 ok, 1 error
    marks INTEGER NOT NULL,             -- what is odd about the spans, bits
    missing_parents INTEGER NOT NULL,
    complete INTEGER NOT NULL,          -- 1: the root is there and no parent is missing
    service_id INTEGER,
    model_id INTEGER,                   -- the main model
    model_bits INTEGER NOT NULL,        -- bit (model_id mod 64) for each model of an own call
    calls INTEGER NOT NULL,             -- own calls
    call_errors INTEGER NOT NULL,
    calls_with_cost INTEGER NOT NULL,
    tokens_input INTEGER,
    tokens_output INTEGER,
    tokens_cache_read INTEGER,
    tokens_cache_write INTEGER,
    tokens_reasoning INTEGER,
    tokens_embedding INTEGER,
    cost INTEGER,
    ttft_ns INTEGER,
    has_llm INTEGER NOT NULL,           -- 1: at least one span is a call or carries usage
    session_hash INTEGER,
    user_hash INTEGER,
    stored_at INTEGER NOT NULL          -- when its newest span was stored, seconds since the Unix epoch
);
CREATE INDEX traces_by_start ON traces(project_id, start_ns);

-- What a list shows of a trace besides.
CREATE TABLE roots(
    trace_no INTEGER PRIMARY KEY,
    span_id BLOB NOT NULL,
    provisional INTEGER NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,           -- JSON object, values over 256 B cut
    truncated TEXT,                     -- JSON array of the keys whose values were cut
    session TEXT,
    user TEXT
);

-- The spans: what one request brought for one trace. part_id = trace_no << 24 | number of the part.
CREATE TABLE parts(
    part_id INTEGER PRIMARY KEY,
    span_count INTEGER NOT NULL,
    span_ids BLOB NOT NULL,             -- 8 bytes each
    runs BLOB NOT NULL,                 -- varints: resource_id, scope_id, number of spans; repeated
    encoding INTEGER NOT NULL,          -- 0 plain, 1 zstd
    dictionary_id INTEGER,
    plain_length INTEGER NOT NULL,
    payload BLOB NOT NULL,              -- each span: varint length, then the OTLP Span message as received
    kind INTEGER NOT NULL DEFAULT 0     -- 0 spans; 1 log records that carry the content of the spans they name
);
CREATE INDEX parts_of_logs ON parts(part_id) WHERE kind = 1;

-- One row for each span that is an LLM call or carries usage. call_id = trace_no << 24 | number of the call.
CREATE TABLE calls(
    call_id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    created_ns INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    span_id BLOB NOT NULL,
    role INTEGER NOT NULL,
    status INTEGER NOT NULL,            -- 0 unset, 1 ok, 2 error
    counted INTEGER NOT NULL,           -- 0 own, 1 aggregate, 2 duplicate
    counted_rule INTEGER NOT NULL,
    operation_id INTEGER,
    provider_id INTEGER,
    model_id INTEGER,
    request_model_id INTEGER,
    tokens_input INTEGER,
    tokens_output INTEGER,
    tokens_cache_read INTEGER,
    tokens_cache_write INTEGER,
    tokens_reasoning INTEGER,
    cost INTEGER,
    cost_reported INTEGER,
    ttft_ns INTEGER,
    streaming INTEGER,
    error_type TEXT,
    response_hash INTEGER,
    session_hash INTEGER,
    user_hash INTEGER,
    cost_computed INTEGER,              -- by the price table; cost is the reported one, else this
    price_id INTEGER,                   -- what cost_computed was computed with
    cost_charged INTEGER,               -- cost_computed as it was on arrival, where a reprice changed it
    request_hash INTEGER,
    labels TEXT                         -- tags, and the attributes source and tenant, each between two U+001F
);

-- Traces with calls that other traces show too: hash is a response_hash or request_hash.
CREATE TABLE linked_traces(
    trace_no INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    rank INTEGER NOT NULL,              -- statistics count the call of the trace with the least
    PRIMARY KEY(trace_no, hash)
) WITHOUT ROWID;
CREATE INDEX linked_traces_by_hash ON linked_traces(hash, project_id, rank);

-- trace_id -> trace_no of full buckets of 131,072 traces; the newest bucket is kept in memory.
CREATE TABLE trace_index(
    bucket INTEGER NOT NULL,
    trace_id BLOB NOT NULL,
    project_id INTEGER NOT NULL,
    trace_no INTEGER NOT NULL,
    PRIMARY KEY(bucket, trace_id, project_id)
) WITHOUT ROWID;

-- A Bloom filter over the trace ids of each full bucket, for the newest of them.
CREATE TABLE trace_filters(bucket INTEGER PRIMARY KEY, bits BLOB NOT NULL);

-- The filters of 60 older buckets at a time: row_id = group << 16 | block, bits = that block of all their filters.
CREATE TABLE trace_filter_groups(row_id INTEGER PRIMARY KEY, bits BLOB NOT NULL);
