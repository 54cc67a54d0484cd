// SampleTrace.swift - traces for the tests of the query API.

import TraceModel
import TraceStore

/// A trace with its spans, as a store would hand it out.
struct SampleTrace: Sendable {
    /// 10:30:00 on 15 January 2024.
    static let morning: Int64 = 1_705_314_600_000_000_000
    static let id = "0af7651916cd43dd8448eb211c80319c"

    var summary: TraceSummary
    var spans: [StoredSpan] = []

    init(number: Int64, id: String = SampleTrace.id, project: String = "default", start: Int64 = SampleTrace.morning) {
        let root = RootSpan(spanID: SpanID(1), name: "root", attributes: [], truncated: [], isProvisional: false)
        let traceID = TraceID(hex: id) ?? TraceID(high: 0, low: UInt64(number))
        summary = TraceSummary(
            number: number,
            project: project,
            traceID: traceID,
            start: start,
            end: start + 1_234_000_000,
            root: root
        )
        summary.isComplete = true
    }

    /// Adds a span that starts `spans.count` milliseconds after the trace.
    mutating func add(
        _ id: UInt64,
        under parent: UInt64 = 0,
        hasParent: Bool? = nil,
        attribute: String = "",
        resource: String = "api",
        scope: String = "lib",
        part: UInt32 = 0,
        call: StoredCall? = nil
    ) {
        let start = summary.start + Int64(spans.count) * 1_000_000
        var bytes: [UInt8] = []
        bytes += field(1, summary.traceID.bytes)
        bytes += field(2, withUnsafeBytes(of: id.bigEndian) { Array($0) })
        bytes += field(5, Array("span-\(id)".utf8))
        bytes += field(9, keyValue("note", attribute))
        let outline = SpanOutline(
            spanID: SpanID(id),
            parentID: SpanID(parent),
            hasParent: hasParent ?? (parent != 0),
            start: start,
            end: start + 1_000_000,
            marks: [],
            length: bytes.count,
            part: part,
            index: spans.count,
            call: call
        )
        let resourceBytes = field(1, field(1, keyValue("service.name", resource)))
        let scopeBytes = field(1, field(1, Array(scope.utf8)))
        spans.append(
            StoredSpan(
                outline: outline,
                storage: BatchStorage(copying: bytes),
                range: 0..<bytes.count,
                resource: SpanEnvelope(bytes: resourceBytes, fingerprint: UInt64(resource.utf8.count)),
                scope: SpanEnvelope(bytes: scopeBytes, fingerprint: UInt64(scope.utf8.count))
            )
        )
        summary.spanCount = spans.count
    }
}

private func keyValue(_ key: String, _ value: String) -> [UInt8] {
    field(1, Array(key.utf8)) + field(2, field(1, Array(value.utf8)))
}

private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = bytes.count
    while rest >= 0x80 {
        length.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
    }
    return [number << 3 | 2] + length + [UInt8(rest)] + bytes
}
