// TraceDirectory.swift - trace id -> trace number, whatever the size of the store.

import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// Finds traces by id.
///
/// The newest numbers are looked up in memory, full buckets in `trace_index` behind Bloom filters.
///
/// The writer changes it, readers ask it; a number may belong to a transaction that is not committed yet, so a reader
/// that finds no row takes it as "not there".
final class TraceDirectory: Sendable {
    /// Trace numbers of one bucket: number / bucketSize is the bucket.
    let bucketSize: Int64

    private struct State {
        var map = TraceMap()
        /// Sealed buckets from old to new, with their filters.
        var filters: [(bucket: Int64, filter: BloomFilter)] = []
    }

    private let state = NIOLockedValueBox(State())

    init(bucketSize: Int64) {
        self.bucketSize = bucketSize
    }

    /// The answer to a look-up: what memory knows, and which sealed buckets have to be asked.
    struct Candidates {
        var locations: [TraceLocation]
        /// New to old.
        var buckets: [Int64]
    }

    func candidates(for id: TraceID) -> Candidates {
        state.withLockedValue { state in
            Candidates(
                locations: state.map.locations(of: id),
                buckets: state.filters.reversed().filter { $0.filter.mayContain(id) }.map(\.bucket)
            )
        }
    }

    /// The writer's look-up: the number in memory, else the buckets to ask.
    func find(_ id: TraceID, project: Int64) -> (number: Int64?, buckets: [Int64]) {
        state.withLockedValue { state in
            if let number = state.map.number(of: id, project: project) { return (number, []) }
            guard !state.filters.isEmpty else { return (nil, []) }
            return (nil, state.filters.reversed().filter { $0.filter.mayContain(id) }.map(\.bucket))
        }
    }

    func insert(_ id: TraceID, project: Int64, number: Int64) {
        state.withLockedValue { $0.map.insert(id, project: project, number: number) }
    }

    func remove(_ id: TraceID, project: Int64) {
        state.withLockedValue { $0.map.remove(id, project: project) }
    }

    /// The entries of a full bucket in the order of `trace_index`.
    func entries(of bucket: Int64) -> [(id: TraceID, location: TraceLocation)] {
        let range = bucket * bucketSize..<(bucket + 1) * bucketSize
        // A copy of the map is only a reference until the writer's next insert, and that is the caller.
        return state.withLockedValue { $0.map }.sorted(in: range)
    }

    /// From now on the bucket is asked in `trace_index`, and memory forgets it.
    func seal(_ bucket: Int64, filter: BloomFilter) {
        state.withLockedValue { state in
            state.filters.append((bucket, filter))
            state.map.removeAll(below: (bucket + 1) * bucketSize)
        }
    }

    /// Fills the directory from the database at start.
    ///
    /// - Returns: The first bucket that is not sealed.
    /// - Throws: `StoreError` when the database cannot be read.
    func load(from connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let open = try connection.integer("SELECT value FROM meta WHERE key='sealed_up_to'") ?? 0
        var fresh = State()
        let filters = try SQLiteStatement(
            connection,
            "SELECT bucket, bits FROM trace_filters WHERE bucket < ? ORDER BY bucket"
        )
        filters.bind(1, open)
        while try filters.step() {
            guard let filter = BloomFilter(bytes: filters.blob(1)) else {
                throw StoreError(code: .unavailable, message: "the database is damaged: a row of trace_filters")
            }
            fresh.filters.append((filters.integer(0), filter))
        }
        let rows = try SQLiteStatement(
            connection,
            "SELECT trace_no, project_id, trace_id FROM traces WHERE trace_no >= ?"
        )
        rows.bind(1, open * bucketSize)
        while try rows.step() {
            guard let id = TraceID(bytes: rows.blob(2)) else { continue }
            fresh.map.insert(id, project: rows.integer(1), number: rows.integer(0))
        }
        let loaded = fresh
        state.withLockedValue { $0 = loaded }
        return open
    }
}
