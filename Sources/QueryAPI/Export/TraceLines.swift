// TraceLines.swift - traces as JSON lines.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// One trace a line, as `GET /v1/traces/:trace_id` shows it under `data`, with all of its spans.
struct TraceLines: TraceExport {
    let reader: BoundedReader
    let head: [UInt8] = []

    /// What a trace takes for each span, about: its place, its call.
    static let bytesOfSpan = 400

    func bytes(for summary: TraceSummary) -> Int {
        summary.spanCount * Self.bytesOfSpan
    }

    func append(
        _ summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws {
        let trace = try await reader.trace(summary.number)
        guard !trace.outlines.isEmpty else { return }
        var head: [UInt8] = []
        head.append(raw: "{")
        summary.appendDetail(alsoIn: [], to: &head)
        head.append(raw: ",\"spans\":[")
        let body = SpanListBody(
            head: head,
            slices: try await SpanSlices(
                of: trace.outlines,
                in: trace,
                reader: reader,
                showing: .full
            ),
            tail: Array("]}\n".utf8),
            detail: .full
        )
        try await body.append(to: &chunks, writer: &writer)
    }
}
