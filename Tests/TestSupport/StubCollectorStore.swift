// StubCollectorStore.swift - a store that holds nothing.

public import TraceModel
public import TraceStore

/// Holds nothing but keys, takes everything, and remembers whether it was closed.
public actor StubCollectorStore: CollectorStore {
    /// How often it was closed.
    public private(set) var closeCount = 0
    private let reason: StoreError?
    private var held: [AccessKey] = []
    private let onClose: @Sendable () async -> Void

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - unreadiness: Why it cannot write; nil when it can.
    ///   - onClose: Called when it is closed.
    public init(unreadiness: StoreError? = nil, onClose: @escaping @Sendable () async -> Void = {}) {
        reason = unreadiness
        self.onClose = onClose
    }

    /// Takes the batch and forgets it.
    public func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt {
        ConsumeReceipt(stored: batch.spans.count)
    }

    /// An empty page.
    public func traces(matching query: TraceQuery) async throws(StoreError) -> TracePage {
        TracePage(rows: [], next: nil)
    }

    /// Nothing.
    public func summaries(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [TraceSummary] { [] }

    /// Nothing.
    public func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace {
        OpenedTrace(number, outlines: [])
    }

    /// Nothing.
    public func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws(StoreError) -> [StoredSpan] {
        []
    }

    /// An empty page.
    public func calls(matching query: CallQuery) async throws(StoreError) -> CallPage { CallPage(rows: [], total: 0) }

    /// No rows.
    public func stats(matching query: StatsQuery) async throws(StoreError) -> StatsPage { StatsPage(rows: []) }

    /// No rows.
    public func owners(matching query: OwnerQuery) async throws(StoreError) -> OwnerPage { OwnerPage(rows: []) }

    /// No values.
    public func facets(matching query: FacetQuery) async throws(StoreError) -> FacetPage { FacetPage(values: []) }

    /// No rows.
    public func prompts(matching query: PromptQuery) async throws(StoreError) -> PromptPage { PromptPage(rows: []) }

    /// Nothing to do.
    public func reprice(after number: Int64) async throws(StoreError) -> RepriceProgress { RepriceProgress() }

    /// Nothing to do.
    public func reindex(after part: Int64?) async throws(StoreError) -> ReindexProgress { ReindexProgress() }

    /// None.
    public func indexLag() async -> IndexLag { IndexLag() }

    /// Nothing to delete.
    public func removeTraces(of id: TraceID, in scope: ProjectScope, isDryRun: Bool) async throws(StoreError) -> Int {
        0
    }

    /// Nothing to delete.
    public func removeTraces(matching query: TraceQuery) async throws(StoreError) -> RemovalProgress {
        RemovalProgress()
    }

    /// Nothing.
    public func records(
        of outlines: ArraySlice<SpanOutline>,
        in number: Int64,
        maxBytes: Int
    ) async throws(StoreError) -> StoredRecords? { nil }

    /// What it was made with.
    public func unreadiness() async -> StoreError? { reason }

    /// What was added.
    public func keys() async throws(StoreError) -> [AccessKey] { held }

    /// Remembers it.
    public func addKey(_ key: AccessKey) async throws(StoreError) {
        held.append(key)
    }

    /// Marks it.
    public func revokeKey(_ id: String) async throws(StoreError) -> AccessKey? {
        guard let place = held.firstIndex(where: { $0.id == id }) else { return nil }
        held[place].revokedAt = 1
        return held[place]
    }

    /// Counts.
    public func close() async {
        closeCount += 1
        await onClose()
    }
}
