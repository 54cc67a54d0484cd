// TraceReader.swift - the reading half of the store contract.

public import TraceModel

/// Reads what a `TraceWriter` stored.
///
/// A read sees every write that returned before it began.
public protocol TraceReader: Sendable {
    /// One page of traces.
    ///
    /// Pages neither repeat nor skip traces while new ones arrive; a trace whose sort value moves between two pages
    /// may appear again.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func traces(matching query: TraceQuery) async throws(StoreError) -> TracePage

    /// One page of calls of models, the newest start first, then by trace and span from the greatest down.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func calls(matching query: CallQuery) async throws(StoreError) -> CallPage

    /// Statistics of calls of models.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer, `tooLarge` when there are more calls than can be
    ///   looked at in time.
    func stats(matching query: StatsQuery) async throws(StoreError) -> StatsPage

    /// One page of sessions or users, those with the newest matching trace first.
    ///
    /// Pages neither repeat nor skip rows while new traces arrive; what a late span moves back may appear again.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func owners(matching query: OwnerQuery) async throws(StoreError) -> OwnerPage

    /// The values that calls of models have, and how often.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer, `tooLarge` when there are more calls than can be
    ///   looked at in time.
    func facets(matching query: FacetQuery) async throws(StoreError) -> FacetPage

    /// The prompts that were sent most often, or at the greatest cost.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer, `tooLarge` when there are more calls or prompts
    ///   than can be looked at.
    func prompts(matching query: PromptQuery) async throws(StoreError) -> PromptPage

    /// The summaries of a trace id: one for each project that has it, newest stored first; empty when there is none.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func summaries(of id: TraceID, in scope: ProjectScope) async throws(StoreError) -> [TraceSummary]

    /// Every span of a trace, the winning versions only, ordered by start, parents before children on ties; and the bytes
    /// of the spans when they are at hand then and no more than asked for.
    ///
    /// - Parameters:
    ///   - number: From a `TraceSummary` of this store.
    ///   - mostBytes: What the spans may take in memory, as they are stored before compression.
    /// - Returns: No outlines when the trace is gone.
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace

    /// The bytes of some spans of a trace, in the order asked for.
    ///
    /// Spans that are gone meanwhile are left out. Ask in slices: everything asked for is in memory at once.
    ///
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func spans(_ outlines: ArraySlice<SpanOutline>, of number: Int64) async throws(StoreError) -> [StoredSpan]

    /// The log records that carry the content of some spans of a trace.
    ///
    /// - Parameters:
    ///   - outlines: The spans, not empty; from `trace(_:keeping:)`.
    ///   - number: The trace.
    ///   - maxBytes: What the records of several spans may come to, about. Where there are more, those of the last spans
    ///     are left out, and `covered` says so. Of one span alone at most 16 times as much is read.
    /// - Returns: Nil when the trace has no such records at all.
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    func records(
        of outlines: ArraySlice<SpanOutline>,
        in number: Int64,
        maxBytes: Int
    ) async throws(StoreError) -> StoredRecords?

    /// Why the store cannot write now; nil when it can.
    func unreadiness() async -> StoreError?
}
