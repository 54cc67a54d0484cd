// RemovalMark.swift - the trace that is being removed in more than one transaction.

import GRDB
import TraceStore

/// A trace that is too large to go at once is first made invisible: its row in `traces` loses its id and start, its row in
/// `roots` goes, and `meta.removing` names it until nothing of it is left.
enum RemovalMark {
    static let key = "removing"
    static let expiringKey = "expiring"

    /// A condition on `c.call_id` that leaves out the calls of that trace; nil when there is none, which is nearly always.
    static func hidingCalls(_ db: Database) throws -> String? {
        let sql = "SELECT value FROM meta WHERE key='\(key)'"
        guard let number = try Int64.fetchOne(db.cachedStatement(sql: sql)) else { return nil }
        return "(c.call_id < \(PartKey.first(of: number)) OR c.call_id >= \(PartKey.end(of: number)))"
    }

    static func read(_ key: String, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        let search = try connection.statement("SELECT value FROM meta WHERE key=?")
        defer { search.reset() }
        search.bind(1, key)
        return try search.step() ? search.integer(0) : nil
    }

    /// Names the trace, or nobody any more.
    static func write(_ key: String, _ number: Int64?, _ connection: SQLiteConnection) throws(StoreError) {
        let change = try connection.statement(
            number == nil ? "DELETE FROM meta WHERE key=?" : "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)"
        )
        change.bind(1, key)
        if let number { change.bind(2, number) }
        try change.run()
    }
}
