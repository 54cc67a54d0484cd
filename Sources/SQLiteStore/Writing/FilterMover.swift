// FilterMover.swift - moves the filters of old buckets from memory into the file, in slices.

import TraceModel
import TraceStore

/// Moves one group of filters at a time: some hundred rows in each transaction.
///
/// Filters that an earlier version made smaller are made again before, one in each transaction.
struct FilterMover {
    /// Rows written in one transaction: 2 MB.
    private static let slice = 512

    private var group: (group: Int64, filters: [BloomFilter])?
    private var written = 0
    private var savedWritten = 0
    private var isWhole = false

    /// Whether a group waits to be moved.
    func isDue(_ directory: TraceDirectory) -> Bool {
        group != nil || directory.fullGroup() != nil
    }

    /// Writes the next slice in the open transaction.
    mutating func advance(_ connection: SQLiteConnection, _ directory: TraceDirectory) throws(StoreError) {
        guard let (number, found) = group ?? directory.fullGroup() else { return }
        var filters = found
        let blocks = BloomFilter.blocks(for: Int(directory.bucketSize))
        if let small = filters.firstIndex(where: { $0.blocks != blocks }) {
            filters[small] = try Self.filter(
                of: number * FilterGroup.size + Int64(small),
                size: directory.bucketSize,
                connection
            )
            group = (number, filters)
            return
        }
        group = (number, filters)
        let insert = try connection.statement("INSERT OR REPLACE INTO trace_filter_groups(row_id, bits) VALUES(?, ?)")
        let end = min(written + Self.slice, blocks)
        for block in written..<end {
            insert.bind(1, FilterGroup.key(group: number, block: block))
            insert.bind(2, blob: FilterGroup.row(block: block, of: filters))
            try insert.run()
        }
        written = end
        guard end == blocks else { return }
        let drop = try connection.statement("DELETE FROM trace_filters WHERE bucket < ?")
        drop.bind(1, (number + 1) * FilterGroup.size)
        try drop.run()
        let mark = try connection.statement("INSERT OR REPLACE INTO meta(key, value) VALUES('filter_groups', ?)")
        mark.bind(1, number + 1)
        try mark.run()
        isWhole = true
    }

    mutating func commit(_ directory: TraceDirectory) {
        savedWritten = written
        guard isWhole else { return }
        directory.didMoveGroup(blocks: written)
        self = FilterMover()
    }

    mutating func rollback() {
        written = savedWritten
        isWhole = false
        // Filters made again may be of rows that the failed transaction had changed.
        if savedWritten == 0 { group = nil }
    }

    /// A filter of what the index has of a bucket.
    private static func filter(
        of bucket: Int64,
        size: Int64,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> BloomFilter {
        var filter = BloomFilter(count: Int(size))
        let rows = try connection.statement("SELECT trace_id FROM trace_index WHERE bucket=?")
        defer { rows.reset() }
        rows.bind(1, bucket)
        while try rows.step() {
            if let id = TraceID(bytes: rows.blob(0)) { filter.insert(id) }
        }
        return filter
    }
}
