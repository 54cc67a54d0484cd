-- Schema 4 of a Skein database. docs/database.md describes every table.
-- Times are nanoseconds since the Unix epoch; money is in 10^-12 USD; null means unknown.

CREATE TABLE meta(
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

-- Names that rows refer to by a small number.
CREATE TABLE projects(
    project_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    part_bytes INTEGER NOT NULL DEFAULT 0  -- of its stored payloads
);
CREATE TABLE services(service_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE providers(provider_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE models(model_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- The prices that costs were computed with, each as a JSON object.
CREATE TABLE prices(price_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE operations(operation_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE tools(tool_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

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
    stored_at INTEGER NOT NULL,         -- when its newest span was stored, seconds since the Unix epoch
    provider_bits INTEGER NOT NULL DEFAULT 0,   -- as model_bits, of providers
    operation_bits INTEGER NOT NULL DEFAULT 0,  -- as model_bits, of operations
    error_bits INTEGER NOT NULL DEFAULT 0,      -- bit (hash mod 64) for each error type of a call
    shape_id INTEGER,                   -- how it counts in statistics
    content INTEGER NOT NULL DEFAULT 0  -- 1: its content has expired
);
CREATE INDEX traces_by_start ON traces(project_id, start_ns);
CREATE INDEX traces_failed ON traces(project_id, start_ns) WHERE status = 1 OR error_bits <> 0;

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
    encoding INTEGER NOT NULL,          -- 0 plain, 1 zstd, 2 zstd of several parts, 3 in the frame of an earlier part
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
    labels TEXT,                        -- tags, and the attributes source and tenant, each between two U+001F
    service_id INTEGER,                 -- of the span itself
    outcome INTEGER NOT NULL DEFAULT 0, -- 0 success, 1 error, 2 timeout
    counts INTEGER NOT NULL DEFAULT 0   -- 1: statistics count it: own, and no other trace counts it before
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

-- What lists skip by: bounds and sets over the traces zone << 10 up to (zone + 1) << 10. Never too narrow; may be wider
-- than the traces that are there. Sets are bits: number mod 64.
CREATE TABLE zones(
    zone INTEGER PRIMARY KEY,
    start_min INTEGER NOT NULL,
    start_max INTEGER NOT NULL,
    duration_min INTEGER NOT NULL,
    duration_max INTEGER NOT NULL,
    cost_min INTEGER NOT NULL,          -- -1 stands for unknown, also of tokens
    cost_max INTEGER NOT NULL,
    tokens_min INTEGER NOT NULL,
    tokens_max INTEGER NOT NULL,
    projects INTEGER NOT NULL,
    services INTEGER NOT NULL,
    models INTEGER NOT NULL,
    providers INTEGER NOT NULL,
    operations INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    marks INTEGER NOT NULL,             -- of all traces together; bit 32: a parent is missing
    states INTEGER NOT NULL,            -- bit 0: a trace that is ok, 1: one that failed, 2: one with nothing odd
    call_start_min INTEGER NOT NULL,    -- of calls, here and below
    call_start_max INTEGER NOT NULL,
    call_duration_min INTEGER NOT NULL,
    call_duration_max INTEGER NOT NULL,
    call_cost_min INTEGER NOT NULL,
    call_cost_max INTEGER NOT NULL,
    call_tokens_min INTEGER NOT NULL,
    call_tokens_max INTEGER NOT NULL,
    call_services INTEGER NOT NULL,
    outcomes INTEGER NOT NULL           -- bit 0: a call that succeeded, 1: an error, 2: a timeout
);

-- A Bloom filter over the session and user hashes of a zone.
CREATE TABLE zone_filters(zone INTEGER PRIMARY KEY, bits BLOB NOT NULL);

-- Statistics. A combo is what calls are counted by.
CREATE TABLE rollup_combos(
    combo_id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    service_id INTEGER NOT NULL,        -- 0 stands for none, also below
    provider_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    operation_id INTEGER NOT NULL,
    role INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    UNIQUE(project_id, service_id, provider_id, model_id, operation_id, role, outcome)
);

-- rollup_id = hour (or day) since the Unix epoch << 32 | combo_id. Calls that count, by their start.
CREATE TABLE rollups_by_hour(
    rollup_id INTEGER PRIMARY KEY,
    calls INTEGER NOT NULL,
    tokens_input INTEGER NOT NULL,
    tokens_output INTEGER NOT NULL,
    tokens_cache_read INTEGER NOT NULL,
    tokens_cache_write INTEGER NOT NULL,
    tokens_reasoning INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    known BLOB NOT NULL,                -- varints: of how many calls each of the six above is known
    latency BLOB NOT NULL,              -- a histogram, docs/database.md
    ttft BLOB NOT NULL
);
CREATE TABLE rollups_by_day(
    rollup_id INTEGER PRIMARY KEY,
    calls INTEGER NOT NULL,
    tokens_input INTEGER NOT NULL,
    tokens_output INTEGER NOT NULL,
    tokens_cache_read INTEGER NOT NULL,
    tokens_cache_write INTEGER NOT NULL,
    tokens_reasoning INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    known BLOB NOT NULL,
    latency BLOB NOT NULL,
    ttft BLOB NOT NULL
);

-- The set of combos of a trace's calls; a trace without calls has those of its project and service alone.
CREATE TABLE trace_shapes(shape_id INTEGER PRIMARY KEY, combos BLOB NOT NULL UNIQUE);

-- tally_id = hour (or day) since the Unix epoch << 32 | shape_id. Traces by their start.
CREATE TABLE tallies_by_hour(tally_id INTEGER PRIMARY KEY, traces INTEGER NOT NULL);
CREATE TABLE tallies_by_day(tally_id INTEGER PRIMARY KEY, traces INTEGER NOT NULL);

-- Parts that are still to be looked through for what follows.
CREATE TABLE pending(part_id INTEGER PRIMARY KEY);

-- Hashes of what the spans of a part can be found by: attributes and names. docs/database.md has the form.
CREATE TABLE attributes(part_id INTEGER PRIMARY KEY, hashes BLOB NOT NULL);

-- The first eight bytes of the SHA-256 of each call's prompt.
CREATE TABLE prompts(call_id INTEGER PRIMARY KEY, hash INTEGER NOT NULL);

-- Runs of tools.
CREATE TABLE tool_runs(
    trace_no INTEGER NOT NULL,
    span_id BLOB NOT NULL,
    tool_id INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    status INTEGER NOT NULL,            -- 0 unset, 1 ok, 2 error
    PRIMARY KEY(trace_no, span_id)
) WITHOUT ROWID;

-- Plain names and units, for people.
CREATE VIEW v_traces AS
SELECT lower(hex(t.trace_id)) AS trace_id, p.name AS project, r.name AS name,
    strftime('%Y-%m-%dT%H:%M:%fZ', t.start_ns / 1e9, 'unixepoch') AS start_time, t.duration_ns / 1e6 AS duration_ms,
    CASE t.status WHEN 0 THEN 'ok' ELSE 'error' END AS status, s.name AS service, r.session AS session, r.user AS user,
    m.name AS model, t.calls AS calls, t.call_errors AS call_errors, t.span_count AS span_count,
    t.error_count AS error_count, t.tokens_input AS tokens_input, t.tokens_output AS tokens_output,
    t.tokens_cache_read AS tokens_cache_read, t.tokens_cache_write AS tokens_cache_write,
    t.tokens_reasoning AS tokens_reasoning, t.tokens_embedding AS tokens_embedding, t.cost / 1e12 AS cost_usd,
    t.ttft_ns / 1e6 AS time_to_first_token_ms, t.complete AS complete, t.marks AS marks, t.trace_no AS trace_no
FROM traces t JOIN roots r USING(trace_no) JOIN projects p USING(project_id)
LEFT JOIN services s USING(service_id) LEFT JOIN models m USING(model_id);

CREATE VIEW v_calls AS
SELECT 't_' || lower(hex(t.trace_id)) || lower(hex(c.span_id)) AS request_id, lower(hex(t.trace_id)) AS trace_id,
    lower(hex(c.span_id)) AS span_id, p.name AS project, s.name AS service, v.name AS provider, m.name AS model,
    q.name AS request_model, o.name AS operation,
    CASE c.role WHEN 1 THEN 'llm' WHEN 2 THEN 'embedding' WHEN 5 THEN 'reranker' ELSE 'other' END AS kind,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.created_ns / 1e9, 'unixepoch') AS created_at, c.duration_ns / 1e6 AS latency_ms,
    CASE c.outcome WHEN 0 THEN 'success' WHEN 1 THEN 'error' ELSE 'timeout' END AS status, c.error_type AS error_type,
    c.tokens_input AS tokens_input, c.tokens_output AS tokens_output, c.tokens_cache_read AS tokens_cache_read,
    c.tokens_cache_write AS tokens_cache_write, c.tokens_reasoning AS tokens_reasoning, c.cost / 1e12 AS cost_usd,
    c.cost_reported / 1e12 AS cost_reported_usd, c.cost_computed / 1e12 AS cost_computed_usd,
    c.ttft_ns / 1e6 AS time_to_first_token_ms, c.streaming AS streaming,
    CASE c.counted WHEN 0 THEN 'own' WHEN 1 THEN 'aggregate' ELSE 'duplicate' END AS counted,
    c.counts AS counts,
    c.call_id AS call_id, c.call_id >> 24 AS trace_no
FROM calls c JOIN traces t ON t.trace_no = c.call_id >> 24 JOIN projects p ON p.project_id = c.project_id
LEFT JOIN services s ON s.service_id = c.service_id LEFT JOIN providers v USING(provider_id)
LEFT JOIN models m ON m.model_id = c.model_id LEFT JOIN models q ON q.model_id = c.request_model_id
LEFT JOIN operations o USING(operation_id);
