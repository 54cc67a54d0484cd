// RenderingFuzz.swift - spans as JSON, and OTLP/JSON back to spans.

import OTLPCodec
import TraceModel

/// Renders every span in each form.
///
/// OTLP/JSON that comes out goes in again and comes out the same.
enum RenderingFuzz {
    static func check(_ batch: SpanBatch) throws(FuzzFinding) {
        do {
            var full = try SpanRenderer(detail: .full)
            var summary = try SpanRenderer(detail: .summary)
            for (slice, facts) in zip(batch.spans, batch.facts) {
                try JSONCheck.check(members(batch, slice, facts, &full), "span")
                try JSONCheck.check(members(batch, slice, facts, &summary), "span in short")
                let sent = try request(batch, slice, full)
                try JSONCheck.check(sent, "OTLP/JSON")
                try checkReturn(sent, full)
            }
        } catch let error as FuzzFinding {
            throw error
        } catch {
            throw FuzzFinding("what the scanner accepts is not rendered: \(error)")
        }
    }

    private static func members(
        _ batch: SpanBatch,
        _ slice: SpanSlice,
        _ facts: SpanFacts,
        _ renderer: inout SpanRenderer
    ) throws -> [UInt8] {
        var place = SpanPlace(
            spanID: facts.spanID,
            parentID: facts.parentID,
            hasParent: false,
            start: facts.start,
            end: facts.end,
            marks: facts.marks
        )
        if facts.call >= 0 {
            place.call = SpanPlace.Call(record: batch.calls[Int(facts.call)], scope: .own, rule: .ownCall)
        }
        var json = [UInt8(ascii: "{")]
        try renderer.appendMembers(
            of: batch.bytes(of: slice),
            at: place,
            resource: batch.resources[Int(slice.resource)],
            scope: batch.scopes[Int(slice.scope)],
            to: &json
        )
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// A request with this span alone, as OTLP/JSON.
    private static func request(
        _ batch: SpanBatch,
        _ slice: SpanSlice,
        _ renderer: borrowing SpanRenderer
    ) throws -> [UInt8] {
        var json = Array(#"{"resourceSpans":[{"#.utf8)
        try renderer.appendOTLP(resource: batch.resources[Int(slice.resource)], to: &json)
        json += Array(#""scopeSpans":[{"#.utf8)
        try renderer.appendOTLP(scope: batch.scopes[Int(slice.scope)], to: &json)
        json += Array(#""spans":["#.utf8)
        try renderer.appendOTLP(span: batch.bytes(of: slice), to: &json)
        return json + Array("]}]}]}".utf8)
    }

    private static func checkReturn(_ sent: [UInt8], _ renderer: borrowing SpanRenderer) throws {
        let message = try sent.withUnsafeBytes { try JSONTranscoder.transcode($0, limit: 1 << 30) }
        let decoded = try ExportRequestDecoder().decode(message, project: nil)
        try FuzzFinding.unless(
            decoded.batch.spans.count == 1 && decoded.rejected.count == 0,
            "a span that was read is not accepted again: \(decoded.rejected.message)"
        )
        // Indexes into the string table of profiles mean nothing in traces: they come out, but are not taken.
        guard !sent.contains(Array("trindex\":".utf8)) else { return }
        try FuzzFinding.unless(
            try request(decoded.batch, decoded.batch.spans[0], renderer) == sent,
            "a span that went in again came out another"
        )
    }
}
