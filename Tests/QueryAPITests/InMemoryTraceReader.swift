// InMemoryTraceReader.swift - a store in memory that can be told to fail, and that remembers what it was asked.

import TraceModel
import TraceStore

/// A `TraceReader` over values. Pages by start time only; filters are recorded, not applied.
actor InMemoryTraceReader: TraceReader {
    private var summaries: [TraceSummary] = []
    private var spans: [Int64: [StoredSpan]] = [:]
    private var failure: StoreError?
    private var spanReadsBeforeFailure = Int.max
    private var hangs = false

    /// Every query so far.
    private(set) var queries: [TraceQuery] = []
    /// Every query for calls so far.
    private(set) var statsQueries: [StatsQuery] = []
    var statsPage = StatsPage(rows: [])
    private(set) var callQueries: [CallQuery] = []
    /// What queries for calls get.
    var callPage = CallPage(rows: [], total: 0)
    /// How many spans, and how many of their bytes, each read asked for.
    private(set) var slices: [(spans: Int, bytes: Int)] = []

    /// Stores a trace; later ones count as stored later.
    func add(_ trace: SampleTrace) {
        summaries.append(trace.summary)
        spans[trace.summary.number] = trace.spans
    }

    /// Forgets a span without touching the outlines that were handed out.
    func lose(_ id: SpanID, of number: Int64) {
        lost.insert(id)
    }
    private var lost: Set<SpanID> = []

    /// Makes every call fail, or every read of spans after the first `reads`.
    func fail(with error: StoreError, afterSpanReads reads: Int? = nil) {
        if let reads { spanReadsBeforeFailure = reads } else { spanReadsBeforeFailure = 0 }
        failure = error
        failsEverywhere = reads == nil
    }
    private var failsEverywhere = false

    /// Makes every call wait until it is cancelled.
    func hang() {
        hangs = true
    }

    func traces(matching query: TraceQuery) async throws(StoreError) -> TracePage {
        try await obstruct()
        queries.append(query)
        let all = summaries.sorted { ($0.start, $0.number) > ($1.start, $1.number) }
        let rest = all.filter { row in
            if case .only(let name) = query.scope, row.project != name { return false }
            guard let after = query.after else { return true }
            return (row.start, row.number) < (after.value, after.number)
        }
        let rows = Array(rest.prefix(query.limit))
        let next = rest.count > rows.count ? rows.last.map { TracePosition(value: $0.start, number: $0.number) } : nil
        return TracePage(rows: rows, next: next)
    }

    func calls(matching query: CallQuery) async throws(StoreError) -> CallPage {
        try await obstruct()
        callQueries.append(query)
        return callPage
    }

    func stats(matching query: StatsQuery) async throws(StoreError) -> StatsPage {
        try await obstruct()
        statsQueries.append(query)
        return statsPage
    }

    func owners(matching query: OwnerQuery) async throws(StoreError) -> OwnerPage {
        try await obstruct()
        return OwnerPage(rows: [])
    }

    func facets(matching query: FacetQuery) async throws(StoreError) -> FacetPage {
        try await obstruct()
        return FacetPage(values: query.fields.map { _ in [] })
    }

    func prompts(matching query: PromptQuery) async throws(StoreError) -> PromptPage {
        try await obstruct()
        return PromptPage(rows: [])
    }

    func summaries(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [TraceSummary] {
        try await obstruct()
        return summaries.reversed().filter { row in
            if case .only(let name) = scope, row.project != name { return false }
            return row.traceID == id
        }
    }

    /// Gives the bytes of the spans, no more of them than are asked for, with the outlines.
    func keepSpans() {
        keepsSpans = true
    }
    private var keepsSpans = false

    func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace {
        try await obstruct()
        let all = spans[number, default: []]
        var trace = OpenedTrace(number, outlines: all.map(\.outline))
        guard keepsSpans else { return trace }
        if all.reduce(0, { $0 + $1.bytes.count }) <= mostBytes {
            trace.stored = { outline in all.first { $0.outline.spanID == outline.spanID } }
        }
        trace.mayHaveRecords = recordsOfSpan[number] != nil
        return trace
    }

    func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws(StoreError) -> [StoredSpan] {
        try await obstruct()
        if slices.count >= spanReadsBeforeFailure, let failure { throw failure }
        slices.append((outlines.count, outlines.reduce(0) { $0 + $1.length }))
        var stored: [SpanID: StoredSpan] = [:]
        for span in spans[number, default: []] { stored[span.outline.spanID] = span }
        return outlines.filter { !lost.contains($0.spanID) }.compactMap { stored[$0.spanID] }
    }

    /// Keeps log records with a span.
    func keep(_ records: [[UInt8]], with span: SpanID, of number: Int64) {
        recordsOfSpan[number, default: [:]][span] = records
    }
    private var recordsOfSpan: [Int64: [SpanID: [[UInt8]]]] = [:]
    /// How often log records were asked for.
    private(set) var recordReads = 0

    func records(
        of outlines: ArraySlice<SpanOutline>,
        in number: Int64,
        maxBytes: Int
    ) async throws(StoreError) -> StoredRecords? {
        recordReads += 1
        guard let all = recordsOfSpan[number] else { return nil }
        var covered = 0
        var found: [SpanID: [[UInt8]]] = [:]
        var bytes = 0
        for outline in outlines {
            bytes += all[outline.spanID, default: []].reduce(0) { $0 + $1.count }
            if bytes > maxBytes, covered > 0 { break }
            found[outline.spanID] = all[outline.spanID]
            covered += 1
        }
        return StoredRecords(covered: covered, records: found)
    }

    func unreadiness() async -> StoreError? { nil }

    private func obstruct() async throws(StoreError) {
        if failsEverywhere, let failure { throw failure }
        guard hangs else { return }
        // Nothing is ever yielded; the loop ends when the task is cancelled.
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }
}
