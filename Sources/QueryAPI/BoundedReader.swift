// BoundedReader.swift - a reader whose every call ends in time.

import TraceModel
import TraceStore

/// A `TraceReader` whose calls are cancelled, and fail, when they take longer than the deadline.
///
/// The store has to give up when its task is cancelled, which is also what happens when the client goes away.
struct BoundedReader: Sendable {
    let reader: any TraceReader
    private let watch: ReadWatch

    init(reader: any TraceReader, deadline: Duration, clock: any Clock<Duration>) {
        self.reader = reader
        watch = ReadWatch(deadline: deadline, clock: clock)
    }

    func traces(matching query: TraceQuery) async throws -> TracePage {
        try await bounded { reader throws(StoreError) in try await reader.traces(matching: query) }
    }

    func calls(matching query: CallQuery) async throws -> CallPage {
        try await bounded { reader throws(StoreError) in try await reader.calls(matching: query) }
    }

    func stats(matching query: StatsQuery) async throws -> StatsPage {
        try await bounded { reader throws(StoreError) in try await reader.stats(matching: query) }
    }

    func owners(matching query: OwnerQuery) async throws -> OwnerPage {
        try await bounded { reader throws(StoreError) in try await reader.owners(matching: query) }
    }

    func facets(matching query: FacetQuery) async throws -> FacetPage {
        try await bounded { reader throws(StoreError) in try await reader.facets(matching: query) }
    }

    func prompts(matching query: PromptQuery) async throws -> PromptPage {
        try await bounded { reader throws(StoreError) in try await reader.prompts(matching: query) }
    }

    func summaries(of id: TraceID, in scope: ProjectScope) async throws -> [TraceSummary] {
        try await bounded { reader throws(StoreError) in try await reader.summaries(of: id, in: scope) }
    }

    func trace(_ number: Int64) async throws -> OpenedTrace {
        try await bounded { reader throws(StoreError) in
            try await reader.trace(number, keeping: SpanSlices.mostKeptBytes)
        }
    }

    func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws -> [StoredSpan] {
        try await bounded { reader throws(StoreError) in try await reader.spans(outlines, of: number) }
    }

    func records(of outlines: ArraySlice<SpanOutline>, in number: Int64, maxBytes: Int) async throws -> StoredRecords? {
        try await bounded { reader throws(StoreError) -> RecordAnswer in
            RecordAnswer(records: try await reader.records(of: outlines, in: number, maxBytes: maxBytes))
        }.records
    }

    /// The bytes of one span of an opened trace; nil when it is gone meanwhile.
    func span(_ outline: SpanOutline, of trace: OpenedTrace) async throws -> StoredSpan? {
        guard let stored = trace.stored else { return try await spans([outline], of: trace.number).first }
        return stored(outline)
    }

    /// The log records that carry the content of one span of an opened trace.
    func records(of outline: SpanOutline, of trace: OpenedTrace) async throws -> [[UInt8]] {
        guard trace.mayHaveRecords else { return [] }
        let found = try await records(of: [outline], in: trace.number, maxBytes: SpanSlices.mostBytes)
        return found?.records[outline.spanID] ?? []
    }

    /// An optional of its own, beside that which stands for a deadline.
    private struct RecordAnswer: Sendable {
        var records: StoredRecords?
    }

    private func bounded<Result: Sendable>(
        _ call: @escaping @Sendable (any TraceReader) async throws(StoreError) -> Result
    ) async throws -> Result {
        guard let result = try await watch.run({ [reader] in try await call(reader) }) else {
            let limit = "\(watch.deadline.components.seconds) s"
            throw APIError(reason: .storageUnavailable, message: "query took longer than \(limit)")
        }
        return result
    }
}
