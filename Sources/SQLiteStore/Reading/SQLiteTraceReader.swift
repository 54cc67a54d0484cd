// SQLiteTraceReader.swift - the reading half of the contract.

import Foundation
import GRDB
import NIOConcurrencyHelpers
import TraceAssembly
import TraceModel
import TraceStore

/// Reads traces through a small pool of read-only connections.
struct SQLiteTraceReader: Sendable {
    let pool: DatabasePool
    let directory: TraceDirectory
    let loader: TraceLoader
    let backlog: Backlog
    let memory: IdleMemory

    /// Parts that are stored and not looked through yet, so that neither text nor tools nor prompts find them.
    func textLag() -> Int { backlog.count }

    func traces(matching query: TraceQuery) async throws(StoreError) -> TracePage {
        var page = try await read { db in try TraceListing(query: query, loader: loader).page(db) }
        if query.text != nil { page.lag = textLag() }
        return page
    }

    func calls(matching query: CallQuery) async throws(StoreError) -> CallPage {
        var page = try await read { db in try CallListing(query: query, loader: loader).page(db) }
        if query.text != nil { page.lag = textLag() }
        return page
    }

    func stats(matching query: StatsQuery) async throws(StoreError) -> StatsPage {
        var page = try await read { db in try StatsListing(query: query, loader: loader).page(db) }
        if query.calls.text != nil || query.groupBy.contains(.tool) { page.lag = textLag() }
        return page
    }

    func owners(matching query: OwnerQuery) async throws(StoreError) -> OwnerPage {
        var page = try await read { db in try OwnerListing(query: query, loader: loader).page(db) }
        if query.traces.text != nil { page.lag = textLag() }
        return page
    }

    func facets(matching query: FacetQuery) async throws(StoreError) -> FacetPage {
        var page = try await read { db in try FacetListing(query: query, loader: loader).page(db) }
        if query.calls.text != nil || query.fields.contains(.tool) { page.lag = textLag() }
        return page
    }

    func prompts(matching query: PromptQuery) async throws(StoreError) -> PromptPage {
        var page = try await read { db in try PromptListing(query: query, loader: loader).page(db) }
        page.lag = textLag()
        return page
    }

    func summaries(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [TraceSummary] {
        try directory.wait()
        let candidates = directory.candidates(for: id)
        return try await read { db in
            let numbers = try sealedNumbers(of: id, candidates, db).union(candidates.locations.map(\.number))
            let rows = try numbers.compactMap { try SummaryRows.fetch(db, number: $0) }
            // A number of a transaction that failed may belong to another trace by now.
            return rows.filter { $0.summary.traceID == id }
                .filter { scope == .all || scope == .only($0.summary.project) }
                .sorted { ($0.storedAt, $0.summary.number) > ($1.storedAt, $1.summary.number) }
                .map(\.summary)
        }
    }

    /// The numbers that full buckets have for a trace id; what they stand for may be gone.
    func sealedNumbers(of id: TraceID, _ candidates: TraceDirectory.Candidates, _ db: Database) throws -> Set<Int64> {
        var numbers: Set<Int64> = []
        var buckets = candidates.buckets
        for (group, row) in candidates.groups {
            let bits = try Data.fetchOne(db.cachedStatement(sql: FilterGroup.rowSQL), arguments: [row])
            buckets += bits?.withUnsafeBytes { FilterGroup.buckets(of: group, mayContaining: id, row: $0) } ?? []
        }
        for bucket in buckets {
            let sql = "SELECT trace_no FROM trace_index WHERE bucket=? AND trace_id=?"
            numbers.formUnion(try Int64.fetchAll(db.cachedStatement(sql: sql), arguments: [bucket, Data(id.bytes)]))
        }
        return numbers
    }

    func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace {
        try await blocking { isCancelled in
            var batches = KeptBatches(mostBytes: mostBytes)
            let found = try loader.load(
                number,
                keepingVersions: true,
                batches: &batches,
                isCancelled: isCancelled
            )
            guard let loaded = found else {
                return OpenedTrace(number, outlines: [], mayHaveRecords: false)
            }
            let linked = try pool.read { try LinkedCalls.fetch($0, of: number) }
            return OpenedTrace(
                number,
                outlines: Outlining.outlines(of: loaded, linked: linked),
                stored: batches.stored,
                mayHaveRecords: loaded.recordCount > 0
            )
        }
    }

    func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws(StoreError) -> [StoredSpan] {
        try await read { db in
            guard let identity = try TraceIdentity.fetch(db, number) else { return [] }
            var batches: [UInt32: SpanBatch] = [:]
            let references = ReaderReferences(db: db)
            // In their order, so that a frame of several is inflated once.
            for part in Set(outlines.map(\.part)).sorted() {
                batches[part] = try loader.batch(db, PartKey.key(number, part), identity, references: references)
            }
            return outlines.compactMap { outline in
                batches[outline.part]?.stored(outline)
            }
        }
    }

    func records(
        of outlines: ArraySlice<SpanOutline>,
        in number: Int64,
        maxBytes: Int
    ) async throws(StoreError) -> StoredRecords? {
        guard !outlines.isEmpty else { return nil }
        return try await blocking { isCancelled in
            try RecordLoader(loader: loader).load(outlines, of: number, maxBytes: maxBytes, isCancelled: isCancelled)
        }
    }

    /// Reads in one short transaction; interrupted when the caller's task is cancelled.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        memory.note()
        do {
            return try await pool.read(body)
        } catch {
            throw StoreError(reading: error)
        }
    }

    /// Runs something that blocks, away from the threads that requests wait for.
    ///
    /// It is told when the caller's task is cancelled, and is expected to end soon then.
    func blocking<Value: Sendable>(
        _ body: @escaping @Sendable (_ isCancelled: () -> Bool) throws -> Value
    ) async throws(StoreError) -> Value {
        memory.note()
        let flag = NIOLockedValueBox(false)
        let result: Result<Value, StoreError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    do {
                        continuation.resume(returning: .success(try body { flag.withLockedValue { $0 } }))
                    } catch {
                        continuation.resume(returning: .failure(StoreError(reading: error)))
                    }
                }
            }
        } onCancel: {
            flag.withLockedValue { $0 = true }
        }
        return try result.get()
    }
}
