// SchemaMigration.swift - from the schema of an older version to this one's.

import TraceStore

/// The steps from one schema version to the next.
///
/// A step is never changed once it was released; `Assets/schema.sql` is where they all lead.
enum SchemaMigration {
    /// SQL by the version that it leads to.
    private static let steps: [Int64: String] = [
        2: """
        CREATE TABLE keys(
            key_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            project_id INTEGER NOT NULL,
            scopes TEXT NOT NULL,
            hash BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) WITHOUT ROWID;
        ALTER TABLE calls ADD COLUMN cost_computed INTEGER;
        """,
        3: """
        CREATE TABLE trace_filter_groups(row_id INTEGER PRIMARY KEY, bits BLOB NOT NULL);
        CREATE TABLE prices(price_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        ALTER TABLE calls ADD COLUMN price_id INTEGER;
        ALTER TABLE calls ADD COLUMN cost_charged INTEGER;
        ALTER TABLE calls ADD COLUMN request_hash INTEGER;
        ALTER TABLE calls ADD COLUMN labels TEXT;
        CREATE TABLE linked_traces(
            trace_no INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            project_id INTEGER NOT NULL,
            rank INTEGER NOT NULL,
            PRIMARY KEY(trace_no, hash)
        ) WITHOUT ROWID;
        CREATE INDEX linked_traces_by_hash ON linked_traces(hash, project_id, rank);
        ALTER TABLE parts ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX parts_of_logs ON parts(part_id) WHERE kind = 1;
        """,
        4: """
        ALTER TABLE projects ADD COLUMN part_bytes INTEGER NOT NULL DEFAULT 0;
        UPDATE projects SET part_bytes = (
            SELECT ifnull(sum(length(p.payload)), 0) FROM parts p JOIN traces t ON t.trace_no = p.part_id >> 24
            WHERE t.project_id = projects.project_id
        );
        CREATE TABLE tools(tool_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        ALTER TABLE traces ADD COLUMN provider_bits INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE traces ADD COLUMN operation_bits INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE traces ADD COLUMN error_bits INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE traces ADD COLUMN shape_id INTEGER;
        ALTER TABLE traces ADD COLUMN content INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN service_id INTEGER;
        ALTER TABLE calls ADD COLUMN outcome INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN counts INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE zones(
            zone INTEGER PRIMARY KEY,
            start_min INTEGER NOT NULL,
            start_max INTEGER NOT NULL,
            duration_min INTEGER NOT NULL,
            duration_max INTEGER NOT NULL,
            cost_min INTEGER NOT NULL,
            cost_max INTEGER NOT NULL,
            tokens_min INTEGER NOT NULL,
            tokens_max INTEGER NOT NULL,
            projects INTEGER NOT NULL,
            services INTEGER NOT NULL,
            models INTEGER NOT NULL,
            providers INTEGER NOT NULL,
            operations INTEGER NOT NULL,
            errors INTEGER NOT NULL,
            marks INTEGER NOT NULL,
            states INTEGER NOT NULL,
            call_start_min INTEGER NOT NULL,
            call_start_max INTEGER NOT NULL,
            call_duration_min INTEGER NOT NULL,
            call_duration_max INTEGER NOT NULL,
            call_cost_min INTEGER NOT NULL,
            call_cost_max INTEGER NOT NULL,
            call_tokens_min INTEGER NOT NULL,
            call_tokens_max INTEGER NOT NULL,
            call_services INTEGER NOT NULL,
            outcomes INTEGER NOT NULL
        );
        CREATE TABLE zone_filters(zone INTEGER PRIMARY KEY, bits BLOB NOT NULL);
        CREATE TABLE rollup_combos(
            combo_id INTEGER PRIMARY KEY,
            project_id INTEGER NOT NULL,
            service_id INTEGER NOT NULL,
            provider_id INTEGER NOT NULL,
            model_id INTEGER NOT NULL,
            operation_id INTEGER NOT NULL,
            role INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            UNIQUE(project_id, service_id, provider_id, model_id, operation_id, role, outcome)
        );
        CREATE TABLE rollups_by_hour(
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
        CREATE TABLE trace_shapes(shape_id INTEGER PRIMARY KEY, combos BLOB NOT NULL UNIQUE);
        CREATE TABLE tallies_by_hour(tally_id INTEGER PRIMARY KEY, traces INTEGER NOT NULL);
        CREATE TABLE tallies_by_day(tally_id INTEGER PRIMARY KEY, traces INTEGER NOT NULL);
        CREATE TABLE pending(part_id INTEGER PRIMARY KEY);
        CREATE TABLE attributes(part_id INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
        CREATE TABLE prompts(call_id INTEGER PRIMARY KEY, hash INTEGER NOT NULL);
        CREATE TABLE tool_runs(
            trace_no INTEGER NOT NULL,
            span_id BLOB NOT NULL,
            tool_id INTEGER NOT NULL,
            project_id INTEGER NOT NULL,
            start_ns INTEGER NOT NULL,
            duration_ns INTEGER NOT NULL,
            status INTEGER NOT NULL,
            PRIMARY KEY(trace_no, span_id)
        ) WITHOUT ROWID;
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
        INSERT INTO pending(part_id) SELECT part_id FROM parts;
        INSERT INTO meta(key, value) VALUES('derived_from', 0);
        """,
        // Nothing to change: from here on parts may be encoded in ways that earlier versions cannot read.
        5: "",
        6: "CREATE INDEX traces_failed ON traces(project_id, start_ns) WHERE status = 1 OR error_bits <> 0;",
        // Nothing to change: from here on filters of full buckets may be larger than earlier versions take them to be.
        7: "",
    ]

    /// Takes a database to a version, all steps or none.
    ///
    /// - Throws: `StoreError` when the file cannot be written.
    static func migrate(_ connection: SQLiteConnection, from version: Int64, to target: Int64) throws(StoreError) {
        let sql = (version + 1...target).compactMap { steps[$0] }.joined(separator: "\n")
        do throws(StoreError) {
            try connection.execute("BEGIN IMMEDIATE;\n\(sql)\nPRAGMA user_version=\(target);\nCOMMIT;")
        } catch {
            // Nothing is open when the first statement failed.
            try? connection.execute("ROLLBACK")
            throw error
        }
    }
}
