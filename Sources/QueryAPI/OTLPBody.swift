// OTLPBody.swift - a whole trace as OTLP/JSON, streamed.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// A `TracesData` document in OTLP/JSON: spans that follow each other share their resource and scope.
struct OTLPBody: Sendable {
    var slices: SpanSlices

    /// The spans as they lie in the store, so that those of one request stand together.
    static func ordered(_ outlines: [SpanOutline]) -> [SpanOutline] {
        outlines.sorted { ($0.part, $0.index) < ($1.part, $1.index) }
    }

    /// Writes the body; an error ends it early, which the client sees as a body cut off.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        var slices = slices
        var chunks = JSONChunks(Array("{\"resourceSpans\":[".utf8))
        let renderer = try SpanRenderer(detail: .full)
        var groups = OTLPGroups()
        while let slice = try await slices.next() {
            for entry in slice {
                guard let stored = entry.stored else { continue }
                try groups.begin(stored, with: renderer, in: &chunks.json)
                try renderer.appendOTLP(span: stored.bytes, to: &chunks.json)
                try await chunks.flushIfEnough(to: &writer)
            }
        }
        groups.end(in: &chunks.json)
        chunks.json.append(raw: "]}")
        try await chunks.finish(to: &writer)
    }
}

/// The `ResourceSpans` and `ScopeSpans` objects that are open.
struct OTLPGroups {
    private var resource: SpanEnvelope?
    private var scope: SpanEnvelope?

    /// Makes the place for a span: after the one before, or in new objects when its resource or scope is another.
    mutating func begin(_ span: StoredSpan, with renderer: borrowing SpanRenderer, in json: inout [UInt8]) throws {
        let sameResource = resource.map { Self.areEqual($0, span.resource) } ?? false
        let sameScope = sameResource && (scope.map { Self.areEqual($0, span.scope) } ?? false)
        guard !sameScope else { return json.append(raw: ",") }
        if !sameResource {
            if resource != nil { json.append(raw: "]}]},") }
            json.append(raw: "{")
            try renderer.appendOTLP(resource: span.resource, to: &json)
            json.append(raw: "\"scopeSpans\":[{")
        } else {
            json.append(raw: "]},{")
        }
        try renderer.appendOTLP(scope: span.scope, to: &json)
        json.append(raw: "\"spans\":[")
        resource = span.resource
        scope = span.scope
    }

    /// Closes what is open.
    mutating func end(in json: inout [UInt8]) {
        if resource != nil { json.append(raw: "]}]}") }
        resource = nil
        scope = nil
    }

    private static func areEqual(_ left: SpanEnvelope, _ right: SpanEnvelope) -> Bool {
        left.fingerprint == right.fingerprint && left.bytes == right.bytes
    }
}
