// OpenedTrace.swift - a trace as it is read first.

/// Every span of a trace in the order in which it is shown, with the bytes of all of them where they are few.
public struct OpenedTrace: Sendable {
    /// The spans; empty when the trace is gone.
    public var outlines: [SpanOutline]
    /// Finds the bytes of a span, of the same moment; nil where they are too many, so that they are to be read in slices.
    public var stored: (@Sendable (SpanOutline) -> StoredSpan?)?
    /// Whether log records may be kept with its spans.
    public var mayHaveRecords: Bool

    /// Makes an opened trace.
    public init(
        outlines: [SpanOutline],
        stored: (@Sendable (SpanOutline) -> StoredSpan?)? = nil,
        mayHaveRecords: Bool = true
    ) {
        self.outlines = outlines
        self.stored = stored
        self.mayHaveRecords = mayHaveRecords
    }
}

extension TraceReader {
    /// Opens a trace with its outlines alone, as a store does that has nothing else at hand then.
    public func trace(_ number: Int64, keeping mostBytes: Int) async throws(StoreError) -> OpenedTrace {
        OpenedTrace(outlines: try await outlines(of: number))
    }
}
