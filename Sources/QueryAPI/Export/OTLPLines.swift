// OTLPLines.swift - traces as OTLP/JSON lines.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Spans exactly as received, one `{"resourceSpans":[...]}` document a line, and the log records kept with them in
/// `{"resourceLogs":[...]}` lines: the form of the OpenTelemetry Collector's file exporter.
///
/// A line holds spans of one trace; a large trace takes several. The member `skein` names the project, so that an import
/// puts it back there whatever its resources say; other readers of OTLP ignore it.
struct OTLPLines: TraceExport {
    /// A line ends when it has so many bytes.
    static let bytesOfLine = 1 << 20

    let reader: BoundedReader
    let head: [UInt8] = []

    func bytes(for summary: TraceSummary) -> Int {
        summary.spanCount * TraceLines.bytesOfSpan
    }

    func append(
        _ summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws {
        let trace = try await reader.trace(summary.number)
        let outlines = OTLPBody.ordered(trace.outlines)
        guard !outlines.isEmpty else { return }
        // Log records have lines of their own; a summary reads none.
        let slices = try await SpanSlices(
            of: outlines,
            in: trace,
            reader: reader,
            showing: .summary
        )
        try await appendSpans(slices, of: summary, to: &chunks, writer: &writer)
        guard trace.mayHaveRecords else { return }
        try await appendRecords(outlines, of: summary, to: &chunks, writer: &writer)
    }

    private func appendSpans(
        _ slices: SpanSlices,
        of summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws {
        let renderer = try SpanRenderer(detail: .full)
        var slices = slices
        var groups = OTLPGroups()
        var line = ExportLine(begin: "{\"resourceSpans\":[", end: "],\"skein\":", project: summary.project)
        while let slice = try await slices.next() {
            for entry in slice {
                guard let stored = entry.stored else { continue }
                line.begin(in: &chunks.json)
                let before = chunks.json.count
                try groups.begin(stored, with: renderer, in: &chunks.json)
                try renderer.appendOTLP(span: stored.bytes, to: &chunks.json)
                line.bytes += chunks.json.count - before
                if line.bytes >= Self.bytesOfLine {
                    groups.end(in: &chunks.json)
                    line.end(in: &chunks.json)
                }
                try await chunks.flushIfEnough(to: &writer)
            }
        }
        groups.end(in: &chunks.json)
        line.end(in: &chunks.json)
    }

    private func appendRecords(
        _ outlines: [SpanOutline],
        of summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws {
        let renderer = try SpanRenderer(detail: .full)
        var line = ExportLine(
            begin: "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[",
            end: "]}]}],\"skein\":",
            project: summary.project
        )
        var rest = outlines[...]
        while !rest.isEmpty {
            let slice = rest.prefix(SpanSlices.mostSpans)
            let found = try await reader.records(of: slice, in: summary.number, maxBytes: SpanSlices.mostBytes)
            guard let found else { break }
            for outline in slice.prefix(found.covered) {
                for record in found.records[outline.spanID] ?? [] {
                    line.begin(in: &chunks.json)
                    let before = chunks.json.count
                    if line.bytes > 0 { chunks.json.append(raw: ",") }
                    try renderer.appendOTLP(record: record, to: &chunks.json)
                    line.bytes += chunks.json.count - before
                    if line.bytes >= Self.bytesOfLine { line.end(in: &chunks.json) }
                    try await chunks.flushIfEnough(to: &writer)
                }
            }
            rest = rest.dropFirst(max(found.covered, 1))
        }
        line.end(in: &chunks.json)
    }
}

/// The beginning and end of a line, which stand only around something.
private struct ExportLine {
    let begin: StaticString
    let end: StaticString
    let project: String
    /// Bytes of what the line holds so far.
    var bytes = 0
    private var isOpen = false

    init(begin: StaticString, end: StaticString, project: String) {
        self.begin = begin
        self.end = end
        self.project = project
    }

    mutating func begin(in json: inout [UInt8]) {
        guard !isOpen else { return }
        json.append(raw: begin)
        isOpen = true
    }

    mutating func end(in json: inout [UInt8]) {
        guard isOpen else { return }
        json.append(raw: end)
        json.append(raw: "{\"project\":")
        json.appendJSON(project)
        json.append(raw: "}}\n")
        isOpen = false
        bytes = 0
    }
}
