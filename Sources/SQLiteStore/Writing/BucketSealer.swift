// BucketSealer.swift - moves full buckets of the trace index from memory into the file, in slices.

import TraceModel
import TraceStore

/// Seals one bucket at a time: its entries go into `trace_index` in sorted order, some thousand in each transaction.
struct BucketSealer {
    /// Entries written in one transaction.
    private static let slice = 4096

    private var open: Int64
    private let bucketSize: Int64
    private var entries: [(id: TraceID, location: TraceLocation)]?
    private var written = 0
    private var savedWritten = 0
    private var sealed: BloomFilter?

    init(open: Int64, bucketSize: Int64) {
        self.open = open
        self.bucketSize = bucketSize
    }

    /// Whether the oldest unsealed bucket is full.
    func isDue(next: Int64) -> Bool {
        next >= (open + 1) * bucketSize
    }

    /// Writes the next slice in the open transaction.
    mutating func advance(_ connection: SQLiteConnection, _ directory: TraceDirectory, next: Int64) throws(StoreError) {
        guard isDue(next: next) else { return }
        let all = entries ?? directory.entries(of: open)
        entries = all
        let insert = try connection.statement(
            "INSERT OR IGNORE INTO trace_index(bucket, trace_id, project_id, trace_no) VALUES(?, ?, ?, ?)"
        )
        let end = min(written + Self.slice, all.count)
        for entry in all[written..<end] {
            insert.bind(1, open)
            insert.bind(2, id: entry.id)
            insert.bind(3, entry.location.project)
            insert.bind(4, entry.location.number)
            try insert.run()
        }
        written = end
        guard end == all.count else { return }
        var filter = BloomFilter(count: Int(bucketSize))
        for entry in all { filter.insert(entry.id) }
        let save = try connection.statement("INSERT OR REPLACE INTO trace_filters(bucket, bits) VALUES(?, ?)")
        save.bind(1, open)
        save.bind(2, blob: filter.bytes)
        try save.run()
        let mark = try connection.statement("INSERT OR REPLACE INTO meta(key, value) VALUES('sealed_up_to', ?)")
        mark.bind(1, open + 1)
        try mark.run()
        sealed = filter
    }

    mutating func commit(_ directory: TraceDirectory) {
        savedWritten = written
        guard let filter = sealed else { return }
        directory.seal(open, filter: filter)
        open += 1
        self = BucketSealer(open: open, bucketSize: bucketSize)
    }

    mutating func rollback() {
        written = savedWritten
        sealed = nil
        // Taken from a directory that the failed transaction had changed, until a slice of it is in the file.
        if savedWritten == 0 { entries = nil }
    }
}

extension TraceDirectory {
    /// Looks a trace up in sealed buckets, the newest first.
    func sealedNumber(
        of id: TraceID,
        project: Int64,
        _ sealed: Candidates,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Int64? {
        if let number = try sealedNumber(of: id, project: project, buckets: sealed.buckets, connection) {
            return number
        }
        for (group, row) in sealed.groups {
            let buckets = try groupedBuckets(of: id, group: group, row: row, connection)
            if let number = try sealedNumber(of: id, project: project, buckets: buckets, connection) { return number }
        }
        return nil
    }

    private func groupedBuckets(
        of id: TraceID,
        group: Int64,
        row: Int64,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> [Int64] {
        let search = try connection.statement(FilterGroup.rowSQL)
        defer { search.reset() }
        search.bind(1, row)
        guard try search.step() else { return [] }
        return FilterGroup.buckets(of: group, mayContaining: id, row: search.blob(0))
    }

    private func sealedNumber(
        of id: TraceID,
        project: Int64,
        buckets: [Int64],
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Int64? {
        guard !buckets.isEmpty else { return nil }
        let search = try connection.statement(
            """
            SELECT i.trace_no FROM trace_index i
            JOIN traces t ON t.trace_no=i.trace_no AND t.trace_id=i.trace_id AND t.project_id=i.project_id
            WHERE i.bucket=? AND i.trace_id=? AND i.project_id=?
            """
        )
        defer { search.reset() }
        for bucket in buckets {
            search.bind(1, bucket)
            search.bind(2, id: id)
            search.bind(3, project)
            if try search.step() { return search.integer(0) }
            search.reset()
        }
        return nil
    }
}
