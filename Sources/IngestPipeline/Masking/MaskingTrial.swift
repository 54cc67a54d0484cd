// MaskingTrial.swift - what would be stored of a request, for people who write rules.

import OTLPCodec
import TraceModel

/// What would be stored of a request, and what the rules did to it.
///
/// Nothing is stored.
public struct MaskingTrial: Sendable {
    /// The spans as OTLP/JSON.
    public let json: [UInt8]
    /// One line for each rule, for the content switch and for what was refused; holds no content.
    public let summary: [String]

    /// The largest request that is tried, in bytes.
    public static let maxBytes = 1 << 30

    /// Tries rules on a request.
    ///
    /// - Parameters:
    ///   - request: An OTLP export request in JSON or protobuf, plain or gzip.
    ///   - rules: Of the configuration.
    ///   - keepsContent: Whether content is stored.
    /// - Throws: `OTLPCodecError` when the request cannot be read, `RedactionError` when a rule cannot be used.
    public init(_ request: [UInt8], rules: [RedactionRule], keepsContent: Bool) throws {
        let decoded = try ExportRequestDecoder().decode(Self.message(request), project: nil)
        let sent = decoded.batch
        var lines: [String] = []
        var result = MaskedBatch(batch: sent)
        if let masking = try SpanMasking(rules: rules, keepsContent: keepsContent) {
            let trial = masking.trial(of: sent)
            result = trial.masked
            for (place, rule) in rules.enumerated() {
                lines.append("\(rule.label(at: place)): changed \(trial.changes[place])")
            }
            if !keepsContent { lines.append("content off: changed \(trial.contentRemoved)") }
        } else {
            lines.append("no rules, and content is kept: everything is stored as it is sent")
        }
        lines.append("\(result.changed) of \(sent.spans.count) spans changed")
        lines += [decoded.rejected.message, result.refused.message].filter { !$0.isEmpty }
        summary = lines
        json = try Self.json(of: result.batch)
    }

    /// The protobuf bytes of a request in any form.
    private static func message(_ request: [UInt8]) throws(OTLPCodecError) -> BatchStorage {
        let sent = BatchStorage(copying: request)
        defer { withExtendedLifetime(sent) {} }
        let storage = request.starts(with: [0x1F, 0x8B]) ? try Gunzip.inflate(sent.bytes, limit: maxBytes) : sent
        defer { withExtendedLifetime(storage) {} }
        // A protobuf request begins with a line feed, and never with a brace.
        let first = storage.bytes.first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) })
        guard first == UInt8(ascii: "{"), storage.bytes.last(where: { $0 > 0x20 }) == UInt8(ascii: "}") else {
            return storage
        }
        return try JSONTranscoder.transcode(storage.bytes, limit: maxBytes)
    }

    /// A `TracesData` document; spans of one resource and scope stand together.
    private static func json(of batch: SpanBatch) throws(OTLPCodecError) -> [UInt8] {
        let renderer = try SpanRenderer(detail: .full)
        let order = batch.spans.indices.sorted { left, right in
            let (left, right) = (batch.spans[left], batch.spans[right])
            return (left.resource, left.scope) < (right.resource, right.scope)
        }
        var json = Array("{\"resourceSpans\":[".utf8)
        var last: SpanSlice?
        for place in order {
            let slice = batch.spans[place]
            if last?.resource != slice.resource {
                json += Array((last == nil ? "{" : "]}]},{").utf8)
                try renderer.appendOTLP(resource: batch.resources[Int(slice.resource)], to: &json)
                json += Array("\"scopeSpans\":[{".utf8)
                try renderer.appendOTLP(scope: batch.scopes[Int(slice.scope)], to: &json)
                json += Array("\"spans\":[".utf8)
            } else if last?.scope != slice.scope {
                json += Array("]},{".utf8)
                try renderer.appendOTLP(scope: batch.scopes[Int(slice.scope)], to: &json)
                json += Array("\"spans\":[".utf8)
            } else {
                json += Array(",".utf8)
            }
            try renderer.appendOTLP(span: batch.bytes(of: slice), to: &json)
            last = slice
        }
        json += Array((last == nil ? "]}" : "]}]}]}").utf8)
        return json
    }
}
