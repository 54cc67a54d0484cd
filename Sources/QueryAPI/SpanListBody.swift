// SpanListBody.swift - spans one after the other, streamed.

import Hummingbird
import OTLPCodec
import TraceStore

/// A body of spans in the query form, between a head and a tail.
struct SpanListBody: Sendable {
    var head: [UInt8]
    var slices: SpanSlices
    var tail: [UInt8]
    var detail: SpanDetail

    /// Writes the body; an error ends it early, which the client sees as a body cut off.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        var chunks = JSONChunks([])
        try await append(to: &chunks, writer: &writer)
        try await chunks.finish(to: &writer)
    }

    /// Appends the body to what may have more behind it.
    func append(to chunks: inout JSONChunks, writer: inout any ResponseBodyWriter) async throws {
        var slices = slices
        chunks.json.append(contentsOf: head)
        let records = try ShownRecords()
        var renderer = try SpanRenderer(answering: detail, with: records)
        var isFirst = true
        while let slice = try await slices.next() {
            for entry in slice {
                guard let stored = entry.stored else { continue }
                chunks.json.append(raw: isFirst ? "{" : ",{")
                isFirst = false
                records.current = entry.records
                renderer.appendMembers(of: stored, as: entry.outline, to: &chunks.json)
                chunks.json.append(raw: "}")
                try await chunks.flushIfEnough(to: &writer)
            }
        }
        chunks.json.append(contentsOf: tail)
    }
}

extension SpanRenderer {
    /// Appends a stored span; one whose bytes cannot be decoded is shown with what is known without them.
    mutating func appendMembers(of stored: StoredSpan, as outline: SpanOutline, to json: inout [UInt8]) {
        let start = json.count
        do {
            try appendMembers(
                of: stored.bytes,
                at: outline.place,
                resource: stored.resource,
                scope: stored.scope,
                to: &json
            )
        } catch {
            json.removeSubrange(start...)
            outline.appendStub("unreadable", to: &json)
        }
    }
}

extension SpanOutline {
    /// Appends the members of a span that has no bytes to show, and why.
    func appendStub(_ warning: String, to json: inout [UInt8]) {
        SpanJSON.appendIdentity(of: place, to: &json)
        json.append(raw: ",\"name\":\"\",\"kind\":\"unspecified\",\"status\":{\"code\":\"UNSET\"},\"attributes\":{}")
        SpanJSON.appendWarnings(place.warnings + [warning], to: &json)
    }
}
