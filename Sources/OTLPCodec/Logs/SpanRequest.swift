// SpanRequest.swift - an export request of spans that were made here.

public import TraceModel

/// An `ExportTraceServiceRequest` (OTLP 1.x) that is put together span by span.
public struct SpanRequest: Sendable {
    private var request = MessageBytes()
    private var spans = MessageBytes()
    private var resource: SpanEnvelope?
    private var scope: SpanEnvelope?
    private var place: (resource: UInt32, scope: UInt32)?

    /// Makes a request without spans.
    public init() {}

    /// Bytes so far, about.
    public var byteCount: Int { request.bytes.count + spans.bytes.count }

    /// Adds an encoded span that came below a resource and a scope of a batch.
    ///
    /// - Parameters:
    ///   - span: The encoded `Span`.
    ///   - slice: Which resource and scope.
    ///   - batch: Has them; envelopes of logs have the same encoding.
    public mutating func add(_ span: [UInt8], at slice: SpanSlice, of batch: SpanBatch) {
        if place?.resource != slice.resource || place?.scope != slice.scope {
            endRun()
            place = (slice.resource, slice.scope)
            resource = batch.resources[Int(slice.resource)]
            scope = batch.scopes[Int(slice.scope)]
        }
        spans.sized(2, span)
    }

    /// Gives the request away and starts an empty one.
    ///
    /// - Returns: The encoded message.
    public mutating func take() -> BatchStorage {
        endRun()
        place = nil
        return BatchStorage(copying: request.take())
    }

    /// Writes the `ResourceSpans` around the spans that follow each other below one resource and scope.
    private mutating func endRun() {
        let run = spans.take()
        guard !run.isEmpty, let resource, let scope else { return }
        request.message(1) { resourceSpans in
            resourceSpans.encoded(resource.bytes)
            resourceSpans.message(2) { scopeSpans in
                scopeSpans.encoded(scope.bytes)
                scopeSpans.encoded(run)
            }
        }
    }
}
