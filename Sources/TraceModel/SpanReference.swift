// SpanReference.swift - a span of any trace.

/// A span of any trace.
public struct SpanReference: Sendable, Hashable {
    /// The trace.
    public var traceID: TraceID
    /// The span.
    public var spanID: SpanID

    /// Makes a reference.
    public init(traceID: TraceID, spanID: SpanID) {
        self.traceID = traceID
        self.spanID = spanID
    }
}
