// ExportAnswer.swift - GET /v1/export.

import HTTPTypes
import Hummingbird
import TraceModel
import TraceStore

/// Answers everything that matches a filter, however much it is, as a stream.
///
/// Pages follow each other by keyset, each in a short read of its own; the client's speed bounds what is in memory.
struct ExportAnswer: Sendable {
    let reader: BoundedReader
    let memory: any MemorySource

    /// The form of an export.
    private enum Format: String, CaseIterable {
        case jsonl
        case csv
        case otlp
    }

    private enum View: String, CaseIterable {
        case traces
        case calls
    }

    /// What stands for a page of a list, and has no meaning here.
    private static let pageParameters: Set<String> = ["count", "cursor", "limit", "offset"]

    /// Answers a request; what can be noticed before the first byte is an error with a status.
    func response(to request: TraceRequest) async throws -> Response {
        let parameters = request.parameters
        for name in Self.pageParameters.sorted() where parameters[name] != nil {
            throw APIError.invalid(name, "'\(name)' has no meaning here: an export has no pages, it gives everything")
        }
        let wanted: Format? = try parameters.choice("format")
        let named: View? = try parameters.choice("view")
        let view = named ?? (parameters.contains(anyOf: CallQuery.ownParameters) ? .calls : .traces)
        // Of traces the form that loses nothing, unless another is asked for.
        let format = wanted ?? (view == .calls ? .jsonl : .otlp)
        let filters = parameters.without(["format", "view"])
        switch (view, format) {
        case (.calls, .otlp):
            throw APIError.invalid("format", "'otlp' holds whole traces; calls come as jsonl or csv")
        case (.calls, .csv): return try await calls(CallCSV.self, filters, request)
        case (.calls, .jsonl): return try await calls(CallLines.self, filters, request)
        case (.traces, .csv): return try await traces(filters, request, as: .csv) { _ in TraceCSV() }
        case (.traces, .jsonl): return try await traces(filters, request, as: .lines) { TraceLines(reader: $0) }
        case (.traces, .otlp): return try await traces(filters, request, as: .lines) { OTLPLines(reader: $0) }
        }
    }

    private func traces(
        _ filters: QueryParameters,
        _ request: TraceRequest,
        as type: ExportType,
        _ form: @escaping @Sendable (BoundedReader) throws -> any TraceExport
    ) async throws -> Response {
        var query = try TraceQuery(filters, scope: request.scope)
        // The oldest first, so that an import gives traces with the same start the same order.
        if query.sort == .startTime, filters["order"] == nil { query.ascending = true }
        let lease = ExportLease(memory.lease())
        try await lease.begin()
        let pages = try await TracePages(query, reader: reader)
        let body = TraceExportBody(pages: pages, form: try form(reader), lease: lease)
        return .streamed(request.logger, headers: type.headers(for: "traces")) { writer in
            try await body.write(to: &writer)
        }
    }

    private func calls<Form: CallExport>(
        _ form: Form.Type,
        _ filters: QueryParameters,
        _ request: TraceRequest
    ) async throws -> Response {
        let query = try CallQuery(filters, scope: request.scope)
        let lease = ExportLease(memory.lease())
        try await lease.begin()
        let pages = try await CallPages(query, reader: reader)
        return .streamed(request.logger, headers: form.type.headers(for: "calls")) { writer in
            defer { lease.end() }
            var pages = pages
            var chunks = JSONChunks(form.head)
            while let page = try await pages.next() {
                for row in page { form.append(row, isCounted: !query.includesUncounted, to: &chunks.json) }
                try await chunks.flushIfEnough(to: &writer)
            }
            try await chunks.finish(to: &writer)
        }
    }
}

/// Traces one after the other, as they are read.
///
/// In parts that are not inlined: the optimiser of Swift 6.3 fails on the whole.
private struct TraceExportBody: Sendable {
    let pages: TracePages
    let form: any TraceExport
    let lease: ExportLease

    @inline(never)
    func write(to writer: inout any ResponseBodyWriter) async throws {
        defer { lease.end() }
        var pages = pages
        var chunks = JSONChunks(form.head)
        while let page = try await pages.next() {
            for summary in page { try await append(summary, to: &chunks, writer: &writer) }
        }
        try await chunks.finish(to: &writer)
    }

    @inline(never)
    private func append(
        _ summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws {
        let bytes = form.bytes(for: summary)
        try await lease.take(bytes)
        try await form.append(summary, to: &chunks, writer: &writer)
        try await chunks.flushIfEnough(to: &writer)
        lease.giveBack(bytes)
    }
}

/// How traces are written.
protocol TraceExport: Sendable {
    /// What stands before the first.
    var head: [UInt8] { get }
    /// What a trace takes in memory beyond that of every export, about.
    func bytes(for summary: TraceSummary) -> Int
    /// Appends a trace; one that is gone meanwhile is left out.
    func append(
        _ summary: TraceSummary,
        to chunks: inout JSONChunks,
        writer: inout any ResponseBodyWriter
    ) async throws
}

/// How calls are written.
protocol CallExport: Sendable {
    /// What the answer is.
    static var type: ExportType { get }
    /// What stands before the first.
    static var head: [UInt8] { get }
    /// Appends a call.
    static func append(_ row: CallRow, isCounted: Bool, to text: inout [UInt8])
}

/// The media types of exports.
enum ExportType {
    case lines
    case csv

    /// The headers of an answer; a browser stores it under a name.
    func headers(for view: String) -> HTTPFields {
        switch self {
        case .lines:
            [.contentType: "application/x-ndjson", .contentDisposition: "attachment; filename=\"\(view).jsonl\""]
        case .csv:
            [
                .contentType: "text/csv; charset=utf-8; header=present",
                .contentDisposition: "attachment; filename=\"\(view).csv\"",
            ]
        }
    }
}
