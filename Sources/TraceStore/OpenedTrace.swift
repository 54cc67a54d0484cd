// OpenedTrace.swift - a trace as it is read first.

/// Every span of a trace in the order in which it is shown, with the bytes of all of them where they are few.
public struct OpenedTrace: Sendable {
    /// Its number in the store.
    public let number: Int64
    /// The spans; empty when the trace is gone.
    public var outlines: [SpanOutline]
    /// Finds the bytes of a span, of the same moment; nil where they are too many, so that they are to be read in slices.
    public var stored: (@Sendable (SpanOutline) -> StoredSpan?)?
    /// Whether log records may be kept with its spans.
    public var mayHaveRecords: Bool

    /// Makes an opened trace.
    public init(
        _ number: Int64,
        outlines: [SpanOutline],
        stored: (@Sendable (SpanOutline) -> StoredSpan?)? = nil,
        mayHaveRecords: Bool = true
    ) {
        self.number = number
        self.outlines = outlines
        self.stored = stored
        self.mayHaveRecords = mayHaveRecords
    }
}

extension TraceReader {
    /// The spans of a trace without their bytes, see `trace(_:keeping:)`.
    ///
    /// - Parameter number: From a `TraceSummary` of this store.
    /// - Returns: Empty when the trace is gone.
    /// - Throws: `StoreError`, `unavailable` when the store cannot answer.
    public func outlines(of number: Int64) async throws(StoreError) -> [SpanOutline] {
        try await trace(number, keeping: 0).outlines
    }
}
