// BatchWriter+Analysis.swift - the transactions of the indexer and of a new round of indexing.

import TraceModel
import TraceStore

extension BatchWriter {
    /// Writes what was found in some parts.
    ///
    /// - Throws: `StoreError`; nothing is written then.
    func write(_ slice: AnalysedSlice) throws(StoreError) {
        try transaction { () throws(StoreError) in try analysis.write(slice.parts, in: connection) }
    }

    /// Takes the text index out of use, so that another one is begun.
    ///
    /// - Throws: `StoreError`; nothing is changed then.
    func retireTexts() throws(StoreError) {
        analysis.forgetTable()
        try transaction { () throws(StoreError) in
            for name in try TextTables.names(TextTables.listSQL, connection) {
                guard let number = TextTables.number(of: name) else { continue }
                try TextTables.retire(number, in: connection)
            }
        }
        try sweeper.refresh(connection)
    }

    /// Forgets what was found in the next parts, and lets them be looked through again.
    ///
    /// - Parameters:
    ///   - part: The parts after this one, to the end of a trace.
    ///   - end: And before this one.
    ///   - limit: So many parts, about.
    /// - Returns: How many they were; the last of them, nil when there are no more.
    /// - Throws: `StoreError`; nothing is changed then.
    func pendAgain(after part: Int64, before end: Int64 = .max, limit: Int) throws(StoreError) -> (
        parts: Int, last: Int64?
    ) {
        var result: (parts: Int, last: Int64?) = (0, nil)
        try transaction { () throws(StoreError) in
            let search = try connection.statement(
                """
                SELECT max(part_id), count(*) FROM
                    (SELECT part_id FROM parts WHERE part_id > ? AND part_id < ? ORDER BY part_id LIMIT ?)
                """
            )
            search.bind(1, part)
            search.bind(2, end)
            search.bind(3, limit)
            guard try search.step(), !search.isNull(0) else { return search.reset() }
            let last = search.integer(0)
            result = (Int(search.integer(1)), last)
            search.reset()
            for sql in [
                "DELETE FROM attributes WHERE part_id > ?1 AND part_id <= ?2",
                "DELETE FROM prompts WHERE call_id >= (?1 + 1) >> 24 << 24 AND call_id < ((?2 >> 24) + 1) << 24",
                "DELETE FROM tool_runs WHERE trace_no >= (?1 + 1) >> 24 AND trace_no <= ?2 >> 24",
                "INSERT OR IGNORE INTO pending(part_id) SELECT part_id FROM parts WHERE part_id > ?1 AND part_id <= ?2",
            ] {
                let statement = try connection.statement(sql)
                statement.bind(1, part)
                statement.bind(2, last)
                try statement.run()
            }
            pendingAdded += connection.changes
        }
        return result
    }
}
