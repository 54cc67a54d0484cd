// SpanRenderer.swift - stored bytes to JSON, span by span.

public import TraceModel

/// Turns encoded spans into JSON, one at a time, and keeps what spans share.
///
/// The bytes must have passed the scanner, as all stored ones have. Not `Sendable`: one renderer serves one answer.
public struct SpanRenderer: ~Copyable {
    private let decoder: SpanDecoder
    private let detail: SpanDetail
    private let content: SpanJSON.Content?
    private var resources = EnvelopeCache()
    private var scopes = EnvelopeCache()

    /// Makes a renderer.
    ///
    /// - Parameters:
    ///   - detail: How much of a span the query form shows; OTLP/JSON is always whole.
    ///   - content: Appends the content of a span shown in full; nil for none.
    /// - Throws: `OTLPCodecError` with code `overloaded` when there is no memory for it.
    public init(detail: SpanDetail, content: SpanJSON.Content? = nil) throws(OTLPCodecError) {
        decoder = try SpanDecoder()
        self.detail = detail
        self.content = content
    }

    /// Appends the members of a span in the query form, without the braces around them.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no span.
    public mutating func appendMembers(
        of span: UnsafeRawBufferPointer,
        at place: SpanPlace,
        resource: SpanEnvelope,
        scope: SpanEnvelope,
        to json: inout [UInt8]
    ) throws(OTLPCodecError) {
        try decoder.withSpan(span) { span in
            SpanJSON.appendMembers(of: span, at: place, detail: detail, content: content, to: &json)
        }
        json.append(raw: ",\"resource\":{")
        if !resources.append(resource, to: &json) {
            let start = json.count
            try withBytes(of: resource) { bytes throws(OTLPCodecError) in
                try decoder.withResourceSpans(bytes) { SpanJSON.appendMembers(of: $0, detail: detail, to: &json) }
            }
            resources.keep(json[start...], for: resource)
        }
        json.append(raw: "},\"scope\":{")
        if !scopes.append(scope, to: &json) {
            let start = json.count
            try withBytes(of: scope) { bytes throws(OTLPCodecError) in
                try decoder.withScopeSpans(bytes) { SpanJSON.appendMembers(of: $0, detail: detail, to: &json) }
            }
            scopes.keep(json[start...], for: scope)
        }
        json.append(raw: "}")
    }

    /// Appends a span as an OTLP/JSON `Span` object.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no span.
    public func appendOTLP(span: UnsafeRawBufferPointer, to json: inout [UInt8]) throws(OTLPCodecError) {
        try decoder.withSpan(span) { OTLPJSON.append($0, to: &json) }
    }

    /// Appends a log record as an OTLP/JSON `LogRecord` object.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no log record.
    public func appendOTLP(record: [UInt8], to json: inout [UInt8]) throws(OTLPCodecError) {
        let result = record.withUnsafeBytes { bytes -> Result<Void, OTLPCodecError> in
            Result { () throws(OTLPCodecError) in
                try decoder.withLogRecord(bytes) { OTLPJSON.append($0, to: &json) }
            }
        }
        try result.get()
    }

    /// Appends the members of an OTLP/JSON `ResourceSpans` object but `scopeSpans`, each with a comma after it.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no such message.
    public func appendOTLP(resource: SpanEnvelope, to json: inout [UInt8]) throws(OTLPCodecError) {
        try withBytes(of: resource) { bytes throws(OTLPCodecError) in
            try decoder.withResourceSpans(bytes) { OTLPJSON.appendMembers(of: $0, to: &json) }
        }
    }

    /// Appends the members of an OTLP/JSON `ScopeSpans` object but `spans`, each with a comma after it.
    ///
    /// - Throws: `OTLPCodecError` with code `invalid` when the bytes are no such message.
    public func appendOTLP(scope: SpanEnvelope, to json: inout [UInt8]) throws(OTLPCodecError) {
        try withBytes(of: scope) { bytes throws(OTLPCodecError) in
            try decoder.withScopeSpans(bytes) { OTLPJSON.appendMembers(of: $0, to: &json) }
        }
    }

    private func withBytes(
        of envelope: SpanEnvelope,
        _ body: (UnsafeRawBufferPointer) throws(OTLPCodecError) -> Void
    ) throws(OTLPCodecError) {
        var failure: OTLPCodecError?
        envelope.bytes.withUnsafeBytes { bytes in
            do throws(OTLPCodecError) { try body(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// The JSON of the resources or scopes that came last: the spans of a trace share few.
private struct EnvelopeCache {
    private static let most = 16
    private static let longest = 65_536
    private var entries: [UInt64: (envelope: [UInt8], json: [UInt8])] = [:]

    /// Appends what is kept for the envelope; false when nothing is.
    func append(_ envelope: SpanEnvelope, to json: inout [UInt8]) -> Bool {
        guard let entry = entries[envelope.fingerprint], entry.envelope == envelope.bytes else { return false }
        json.append(contentsOf: entry.json)
        return true
    }

    mutating func keep(_ json: ArraySlice<UInt8>, for envelope: SpanEnvelope) {
        guard json.count <= Self.longest, envelope.bytes.count <= Self.longest else { return }
        if entries.count >= Self.most { entries.removeAll(keepingCapacity: true) }
        entries[envelope.fingerprint] = (envelope.bytes, Array(json))
    }
}
