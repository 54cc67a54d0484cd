// BatchWriter+Recompaction.swift - parts that were compressed again take the place of those that are stored.

import TraceModel
import TraceStore

/// Up to which trace parts were compressed again: `meta.recompacted_up_to`.
enum RecompactionMark {
    static let key = "recompacted_up_to"
}

/// A row of `parts` but for its payload.
private struct PartColumns {
    var spanCount: Int64
    var spanIDs: [UInt8]
    var runs: [UInt8]
    var plainLength: Int64
}

extension BatchWriter {
    /// Writes what was compressed again, in one transaction; what has changed since it was read stays as it is.
    ///
    /// The rows are removed and inserted anew: SQLite does not join pages whose rows only become shorter.
    ///
    /// - Returns: The places of the groups that were written.
    /// - Throws: `StoreError`; nothing is changed then.
    func write(_ slice: RecompactedSlice) throws(StoreError) -> [Int] {
        try transaction { () throws(StoreError) in
            var written: [(place: Int, columns: [PartColumns])] = []
            var seen: Set<Int64> = []
            for (place, group) in slice.groups.enumerated() where seen.insert(group.parts[0].key).inserted {
                if let columns = try unchangedColumns(of: group) { written.append((place, columns)) }
            }
            let delete = try connection.statement("DELETE FROM parts WHERE part_id=?")
            for part in written.lazy.flatMap({ slice.groups[$0.place].parts }) {
                delete.bind(1, part.key)
                try delete.run()
            }
            for (place, columns) in written { try insert(slice.groups[place], columns) }
            try RemovalMark.write(RecompactionMark.key, slice.mark, connection)
            if let note = slice.sampled {
                try RemovalMark.write(SampleNote.key(note.project), note.partBytes, connection)
            }
            return written.map(\.place)
        }
    }

    /// The rows of a group; nil when something of it is not what was read.
    private func unchangedColumns(of group: RecompactedGroup) throws(StoreError) -> [PartColumns]? {
        guard let identity = try identity(of: group.trace), identity.content == group.content,
            identity.content != .expiring, removing != group.trace, expiring != group.trace
        else { return nil }
        var found: [PartColumns] = []
        for part in group.parts {
            guard let columns = try unchangedColumns(of: part) else { return nil }
            found.append(columns)
        }
        return found
    }

    private func unchangedColumns(of part: ReadPart) throws(StoreError) -> PartColumns? {
        let search = try connection.statement(
            """
            SELECT encoding, dictionary_id, plain_length, length(payload), span_count, span_ids, runs FROM parts
            WHERE part_id=? AND kind=0
            """
        )
        defer { search.reset() }
        search.bind(1, part.key)
        guard try search.step(), search.integer(0) == part.encoding,
            (search.isNull(1) ? nil : search.integer(1)) == part.dictionary,
            search.integer(2) == part.plainLength, search.integer(3) == part.stored
        else { return nil }
        return PartColumns(
            spanCount: search.integer(4),
            spanIDs: [UInt8](search.blob(5)),
            runs: [UInt8](search.blob(6)),
            plainLength: search.integer(2)
        )
    }

    private func insert(_ group: RecompactedGroup, _ columns: [PartColumns]) throws(StoreError) {
        let insert = try connection.statement(
            "INSERT INTO parts(span_count, \(StoredPart.columns), kind) VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)"
        )
        for (index, row) in columns.enumerated() {
            insert.bind(1, row.spanCount)
            insert.bind(2, group.parts[index].key)
            insert.bind(3, blob: row.spanIDs)
            insert.bind(4, blob: row.runs)
            insert.bind(5, (index == 0 ? PartEncoding.leading : .shared).rawValue)
            insert.bind(6, index == 0 ? group.dictionary : nil)
            insert.bind(7, row.plainLength)
            try insert.run(8, borrowing: group.payload(index))
        }
        try addPartBytes(Int64(group.after - group.before), of: group.project)
    }
}
