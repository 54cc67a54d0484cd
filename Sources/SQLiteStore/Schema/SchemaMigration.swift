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
