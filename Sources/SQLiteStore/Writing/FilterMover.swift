// FilterMover.swift - moves the filters of old buckets from memory into the file, in slices.

import TraceStore

/// Moves one group of filters at a time: some hundred rows in each transaction.
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
        guard let (number, filters) = group ?? directory.fullGroup() else { return }
        group = (number, filters)
        let insert = try connection.statement("INSERT OR REPLACE INTO trace_filter_groups(row_id, bits) VALUES(?, ?)")
        let end = min(written + Self.slice, filters[0].blocks)
        for block in written..<end {
            insert.bind(1, FilterGroup.key(group: number, block: block))
            insert.bind(2, blob: FilterGroup.row(block: block, of: filters))
            try insert.run()
        }
        written = end
        guard end == filters[0].blocks else { return }
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
        directory.didMoveGroup()
        self = FilterMover()
    }

    mutating func rollback() {
        written = savedWritten
        isWhole = false
    }
}
