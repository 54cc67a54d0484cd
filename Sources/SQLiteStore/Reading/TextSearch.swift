// TextSearch.swift - looks words up in the text index.

import GRDB
import TraceStore

/// Finds the documents that have all words of a query, see `TextKey`.
///
/// A hit counts only if the row of its call or trace is still there: nothing is deleted from the index.
struct TextSearch {
    private let expression: String

    /// Prepares a search.
    init(_ query: TextQuery) {
        expression = query.expression
    }

    /// The numbers of the tables that there are, ascending.
    static func tables(_ db: Database) throws -> [Int64] {
        try String.fetchAll(db, sql: TextTables.listSQL).compactMap { TextTables.number(of: $0) }.sorted()
    }

    /// The keys of documents in one table, the greatest first.
    ///
    /// - Parameters:
    ///   - db: Reads.
    ///   - table: A number from `tables`.
    ///   - keys: The documents that are looked at, see `TextKey.keys(ofTraces:)`.
    ///   - limit: So many at most.
    /// - Returns: Row ids; `TextKey` says of what.
    /// - Throws: What SQLite says; also when the table is gone, as after a reindex has begun.
    func matches(_ db: Database, table: Int64, in keys: Range<Int64>, limit: Int) throws -> [Int64] {
        guard !keys.isEmpty else { return [] }
        let name = TextTables.name(table)
        let sql = """
            SELECT rowid FROM \(name) WHERE \(name) MATCH ? AND rowid >= ? AND rowid <= ?
            ORDER BY rowid DESC LIMIT ?
            """
        return try Int64.fetchAll(
            db.cachedStatement(sql: sql),
            arguments: [expression, keys.lowerBound, keys.upperBound - 1, limit]
        )
    }
}
