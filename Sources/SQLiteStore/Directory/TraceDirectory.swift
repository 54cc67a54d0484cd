// TraceDirectory.swift - trace id -> trace number, whatever the size of the store.

import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// Finds traces by id.
///
/// The newest numbers are looked up in memory, full buckets in `trace_index` behind Bloom filters. The filters of the
/// newest full buckets are in memory too; those of older ones lie in the file in groups, so that memory does not grow with
/// the store.
///
/// The writer changes it, readers ask it; a number may belong to a transaction that is not committed yet, so a reader
/// that finds no row takes it as "not there".
final class TraceDirectory: Sendable {
    /// Trace numbers of one bucket: number / bucketSize is the bucket.
    let bucketSize: Int64

    private struct State {
        var map = TraceMap()
        /// Sealed buckets from old to new.
        var sealed: [Int64] = []
        /// Their filters.
        var filters: ContiguousArray<BloomFilter> = []
        /// The blocks of each group whose filters are in the file, from the first; 0 for one that is gone.
        var groups: [Int] = []
    }

    private let state = NIOLockedValueBox(State())
    /// What fills it; nil when that is the caller's.
    private let loading = NIOLockedValueBox<DirectoryLoad?>(nil)

    init(bucketSize: Int64) {
        self.bucketSize = bucketSize
    }

    /// Makes one that is being filled from a database, on a thread of its own.
    convenience init(bucketSize: Int64, loadingFrom path: String) {
        self.init(bucketSize: bucketSize)
        loading.withLockedValue { $0 = DirectoryLoad(self, path: path) }
    }

    /// Waits until it is filled; before that nothing may be looked for or added.
    ///
    /// - Throws: `StoreError` when the database could not be read.
    func wait() throws(StoreError) {
        try loading.withLockedValue { $0 }?.finish()
    }

    /// The answer to a look-up: what memory knows, and what has to be asked in the file.
    struct Candidates {
        var locations: [TraceLocation]
        /// Full buckets that may have it, new to old.
        var buckets: [Int64]
        /// The rows of `trace_filter_groups` that say which older buckets may have it, new to old.
        var groups: [(group: Int64, row: Int64)]
    }

    func candidates(for id: TraceID) -> Candidates {
        state.withLockedValue { state in candidates(state, id, locations: state.map.locations(of: id)) }
    }

    /// The writer's look-up: the number in memory, else where to ask, unless it `isAbsent` there.
    func find(_ id: TraceID, project: Int64, isAbsent: Bool) -> (number: Int64?, sealed: Candidates?) {
        state.withLockedValue { state in
            if let number = state.map.number(of: id, project: project) { return (number, nil) }
            guard !isAbsent, !(state.filters.isEmpty && state.groups.isEmpty) else { return (nil, nil) }
            return (nil, candidates(state, id, locations: []))
        }
    }

    private func candidates(_ state: State, _ id: TraceID, locations: [TraceLocation]) -> Candidates {
        Candidates(
            locations: locations,
            buckets: BloomFilter.places(of: id, in: state.filters).map { state.sealed[$0] },
            groups: state.groups.indices.reversed().compactMap { index in
                let (group, blocks) = (Int64(index), state.groups[index])
                guard blocks > 0 else { return nil }
                return (group, FilterGroup.key(group: group, block: BloomFilter.block(of: id, in: blocks)))
            }
        )
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
            state.sealed.append(bucket)
            state.filters.append(filter)
            state.map.removeAll(below: (bucket + 1) * bucketSize)
        }
    }

    /// The oldest group whose filters are all there and still in memory; nil when none is.
    func fullGroup() -> (group: Int64, filters: [BloomFilter])? {
        state.withLockedValue { state in
            guard state.filters.count >= Int(FilterGroup.size) else { return nil }
            return (Int64(state.groups.count), Array(state.filters.prefix(Int(FilterGroup.size))))
        }
    }

    /// From now on the oldest group is asked in `trace_filter_groups`, and memory forgets its filters.
    func didMoveGroup(blocks: Int) {
        state.withLockedValue { state in
            state.sealed.removeFirst(Int(FilterGroup.size))
            state.filters.removeFirst(Int(FilterGroup.size))
            state.groups.append(blocks)
        }
    }

    /// The first bucket that is not sealed.
    static func openBucket(_ connection: SQLiteConnection) throws(StoreError) -> Int64 {
        try connection.integer("SELECT value FROM meta WHERE key='sealed_up_to'") ?? 0
    }

    /// Fills the directory from the database at start.
    ///
    /// - Throws: `StoreError` when the database cannot be read.
    func load(from connection: SQLiteConnection) throws(StoreError) {
        let open = try Self.openBucket(connection)
        var fresh = State()
        let groups = try connection.integer("SELECT value FROM meta WHERE key='filter_groups'") ?? 0
        for group in 0..<groups { fresh.groups.append(try FilterGroup.blocks(of: group, connection)) }
        let filters = try SQLiteStatement(
            connection,
            "SELECT bucket, bits FROM trace_filters WHERE bucket >= ? AND bucket < ? ORDER BY bucket"
        )
        filters.bind(1, groups * FilterGroup.size)
        filters.bind(2, open)
        while try filters.step() {
            guard let stored = BloomFilter(bytes: filters.blob(1)) else {
                throw StoreError(code: .unavailable, message: "the database is damaged: a row of trace_filters")
            }
            fresh.sealed.append(filters.integer(0))
            fresh.filters.append(stored)
        }
        let rows = try SQLiteStatement(
            connection,
            "SELECT trace_no, project_id, trace_id FROM traces WHERE trace_no >= ?"
        )
        rows.bind(1, open * bucketSize)
        let next = try connection.integer("SELECT value FROM meta WHERE key='next_trace_no'") ?? 0
        // For twice what is there: growing later copies it all.
        let capacity = min(max(next - open * bucketSize, 0) * 2, bucketSize)
        fresh.map = TraceMap(base: open * bucketSize, capacity: Int(capacity))
        var found: [(TraceID, TraceLocation)] = []
        found.reserveCapacity(1024)
        while try rows.step() {
            guard let id = TraceID(bytes: rows.blob(2)) else { continue }
            found.append((id, TraceLocation(project: rows.integer(1), number: rows.integer(0))))
            if found.count == found.capacity { fresh.map.insert(&found) }
        }
        fresh.map.insert(&found)
        let loaded = fresh
        state.withLockedValue { $0 = loaded }
    }
}
