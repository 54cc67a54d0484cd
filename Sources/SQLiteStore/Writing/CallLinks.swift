// CallLinks.swift - one call that several traces show.

import TraceModel
import TraceStore

/// Finds calls whose response id another trace has too: two instrumentations without common context.
///
/// Remembers the newest calls with an id, 131,072 to 262,144 of them, of which each trace is linked to the first. Belongs
/// to the writer's thread.
struct CallLinks {
    /// Calls in one generation.
    private static let size = 131_072

    /// From keys to trace numbers, newer and older.
    private var young: [Int64: Int64] = [:]
    private var old: [Int64: Int64] = [:]
    /// Of the open transaction.
    private var fresh: [Int64] = []

    /// The key of a response id in a project.
    static func key(_ responseHash: Int64, project: Int64) -> Int64 {
        responseHash &+ project &* 0x1E37_79B9_7F4A_7C15
    }

    /// The response id's hash in a key.
    static func responseHash(_ key: Int64, project: Int64) -> Int64 {
        key &- project &* 0x1E37_79B9_7F4A_7C15
    }

    /// Takes note of a call that counts in its trace, and links the trace to the first one that has the call.
    mutating func note(
        _ responseHash: Int64,
        of trace: Int64,
        project: Int64,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        let key = Self.key(responseHash, project: project)
        guard let first = young[key] ?? old[key] else {
            if young.count >= Self.size {
                old = young
                young = [:]
            }
            if young.isEmpty { young.reserveCapacity(Self.size) }
            young[key] = trace
            fresh.append(key)
            // Committed long ago, unless one transaction brings a great many.
            if fresh.count > Self.size { fresh.removeFirst(Self.size / 2) }
            return
        }
        guard first != trace else { return }
        let insert = try connection.statement("INSERT OR IGNORE INTO linked_traces(trace_no, key) VALUES(?, ?)")
        for number in [first, trace] {
            insert.bind(1, number)
            insert.bind(2, key)
            try insert.run()
        }
    }

    /// Remembers the newest calls of the file.
    mutating func load(from connection: SQLiteConnection) throws(StoreError) {
        let rows = try SQLiteStatement(
            connection,
            """
            SELECT response_hash, project_id, call_id >> 24 FROM calls
            WHERE counted=0 AND response_hash IS NOT NULL ORDER BY call_id DESC LIMIT ?
            """
        )
        rows.bind(1, Self.size)
        while try rows.step() {
            // From new to old: the last one that is written is the first one that came.
            old[Self.key(rows.integer(0), project: rows.integer(1))] = rows.integer(2)
        }
    }

    /// The calls noted since are in the file for good.
    mutating func commit() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The calls noted since are not in the file.
    mutating func rollback() {
        for key in fresh { young[key] = nil }
        fresh.removeAll()
    }
}
