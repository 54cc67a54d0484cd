// TextMatches.swift - the documents that have the words of a query.

import GRDB
import TraceStore

/// The documents that have the words of a query: all of them when they are few, else asked for where they are needed.
enum TextMatches {
    /// The keys of all of them, see `TextKey`.
    case few([Int64])
    /// Many: which of them there are in a range of keys has to be asked.
    case many(TextSearch, tables: Set<Int64>)

    /// So many are few.
    private static let few = 20_000
    /// And so many for a list by start: the newest zones then have a page of them, and each match costs its share of time.
    private static let fewByStart = 2_000

    /// Looks a query up; `byStart` for a page of a list that is sorted by start.
    static func find(_ query: TextQuery, _ db: Database, byStart: Bool = false) throws -> TextMatches {
        let limit = byStart ? fewByStart : few
        let search = TextSearch(query)
        let tables = try TextSearch.tables(db)
        var found: [Int64] = []
        for table in tables.reversed() {
            let keys = Int64(0)..<Int64.max
            found += try search.matches(db, table: table, in: keys, limit: limit - found.count + 1)
            if found.count > limit { return .many(search, tables: Set(tables)) }
        }
        return .few(found)
    }

    /// The keys of the documents in a range that belongs to one table.
    static func keys(
        _ db: Database,
        _ search: TextSearch,
        _ tables: Set<Int64>,
        in range: Range<Int64>,
        limit: Int
    ) throws -> [Int64] {
        let table = TextKey.table(of: range.lowerBound)
        guard tables.contains(table) else { return [] }
        return try search.matches(db, table: table, in: range, limit: limit)
    }
}
