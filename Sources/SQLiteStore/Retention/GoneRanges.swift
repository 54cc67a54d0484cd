// GoneRanges.swift - what is kept for ranges of traces, once all of them are gone.

import Foundation
import TraceStore

extension BatchWriter {
    private static var rowsAtOnce: Int { 2_000 }

    /// Removes some of what is kept for ranges of traces that are all gone: entries of the trace index, filters, zones,
    /// text; a slice in one transaction.
    ///
    /// - Returns: Whether there was anything to remove.
    /// - Throws: `StoreError`; nothing is removed then.
    func removeGoneRanges() throws(StoreError) -> Bool {
        let oldest = try connection.integer("SELECT trace_no FROM traces ORDER BY trace_no LIMIT 1")
        let next = try connection.integer("SELECT value FROM meta WHERE key='next_trace_no'")
        guard let least = oldest ?? next else { return false }
        let bucket = least / directory.bucketSize
        // Without any trace the last range has nothing to keep either.
        if try removeText(below: TextKey.table(ofTrace: least) + (oldest == nil ? 1 : 0)) { return true }
        return try transaction { () throws(StoreError) in
            if try removeIndexEntries(below: bucket) { return true }
            if try removeFilters(below: bucket / FilterGroup.size) { return true }
            try connection.execute(
                "DELETE FROM zones WHERE zone < \(least >> 10); DELETE FROM zone_filters WHERE zone < \(least >> 10)"
            )
            return false
        }
    }

    private func removeIndexEntries(below bucket: Int64) throws(StoreError) -> Bool {
        guard let oldest = try connection.integer("SELECT bucket FROM trace_index ORDER BY bucket LIMIT 1"),
            oldest < bucket
        else { return false }
        let search = try connection.statement(
            "SELECT trace_id FROM trace_index WHERE bucket=? ORDER BY trace_id LIMIT 1 OFFSET \(Self.rowsAtOnce)"
        )
        search.bind(1, oldest)
        let end = try search.step() ? [UInt8](search.blob(0)) : nil
        search.reset()
        let bound = end == nil ? "" : " AND trace_id <= ?"
        let delete = try connection.statement("DELETE FROM trace_index WHERE bucket=?\(bound)")
        delete.bind(1, oldest)
        if let end { delete.bind(2, blob: end) }
        try delete.run()
        return true
    }

    private func removeFilters(below group: Int64) throws(StoreError) -> Bool {
        guard
            let oldest = try connection.integer("SELECT row_id FROM trace_filter_groups ORDER BY row_id LIMIT 1"),
            oldest >> 16 < group
        else { return false }
        try connection.execute("DELETE FROM trace_filter_groups WHERE row_id < \(min(oldest + 512, group << 16))")
        return true
    }

    /// The text of a range is one table, which is taken out of use as a whole, and then removed in slices.
    private func removeText(below range: Int64) throws(StoreError) -> Bool {
        let tables = try TextTables.names(TextTables.listSQL, connection).compactMap { TextTables.number(of: $0) }
        guard let gone = tables.first(where: { $0 < range }) else { return false }
        analysis.forgetTable()
        try transaction { () throws(StoreError) in
            try TextTables.retire(gone, in: connection)
            try RemovalMark.write("\(StaleTexts.prefix)\(gone)", nil, connection)
        }
        try sweeper.refresh(connection)
        return true
    }
}
