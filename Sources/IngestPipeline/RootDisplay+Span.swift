// RootDisplay+Span.swift - how a decoded span is shown where it stands for its trace.

import COTLP
import OTLPCodec
import TraceModel

extension RootDisplay {
    /// Bytes at which names are cut.
    private static let nameLimit = 1024
    /// Bytes at which attribute values are cut.
    private static let valueLimit = 256

    /// Makes a display of a decoded span.
    init(_ span: UnsafePointer<OTLPSpan>, _ facts: SpanFacts) {
        var json: [UInt8] = []
        json.reserveCapacity(512)
        let cut = AttributeJSON.append(
            span.pointee.attributes,
            count: span.pointee.n_attributes,
            cuttingAt: Self.valueLimit,
            to: &json
        )
        let name = UnsafeBufferPointer(start: span.pointee.name.data, count: span.pointee.name.len)
        self.init(
            spanID: facts.spanID,
            fingerprint: facts.fingerprint,
            name: Self.text(name, cutAt: Self.nameLimit),
            attributes: json,
            truncated: cut
        )
    }

    /// Reads UTF-8, cut without splitting a scalar.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>, cutAt limit: Int) -> String {
        var end = min(limit, bytes.count)
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
