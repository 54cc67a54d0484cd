// SpanFacts+Span.swift - ids, times and status of a decoded span.

import COTLP
import OTLPCodec
import TraceModel

extension SpanFacts {
    /// Takes what needs no knowledge of LLMs from a decoded span.
    init(_ span: UnsafePointer<OTLPSpan>, slice: SpanSlice, fingerprint: UInt64) {
        var marks: SpanMarks = []
        let start = Self.time(span.pointee.start_time_unix_nano, &marks)
        var end = Self.time(span.pointee.end_time_unix_nano, &marks)
        if start == 0 { marks.insert(.startMissing) }
        if end < start {
            marks.insert(.endBeforeStart)
            end = start
        }
        let parent = Self.parent(span, &marks)
        self.init(
            spanID: slice.spanID,
            parentID: parent,
            start: start,
            end: end,
            fingerprint: fingerprint,
            length: slice.length,
            status: Self.status(span),
            marks: marks
        )
    }

    /// A time of the wire, clamped to what a signed number holds.
    private static func time(_ value: UInt64, _ marks: inout SpanMarks) -> Int64 {
        guard value > UInt64(Int64.max) else { return Int64(value) }
        marks.insert(.timeClamped)
        return .max
    }

    /// The parent (OTLP 1.x, `Span.parent_span_id`: empty for a root; eight zero bytes name no span either).
    private static func parent(_ span: UnsafePointer<OTLPSpan>, _ marks: inout SpanMarks) -> SpanID {
        let id = span.pointee.parent_span_id
        guard id.len == 8, let bytes = id.data else {
            if id.len != 0 { marks.insert(.parentInvalid) }
            return .none
        }
        return SpanID(UInt64(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)))
    }

    /// The status; a number that OTLP does not know counts as not set.
    private static func status(_ span: UnsafePointer<OTLPSpan>) -> SpanStatus {
        guard let status = span.pointee.status else { return .unset }
        return UInt8(exactly: status.pointee.code).flatMap(SpanStatus.init(rawValue:)) ?? .unset
    }
}
