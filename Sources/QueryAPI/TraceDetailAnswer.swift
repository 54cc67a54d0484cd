// TraceDetailAnswer.swift - GET /v1/traces/:trace_id and below.

import HTTPTypes
import Hummingbird
import Logging
import OTLPCodec
import TraceModel
import TraceStore

/// Answers one trace, its spans, or one of them.
struct TraceDetailAnswer: Sendable {
    let reader: BoundedReader
    let memory: any MemorySource

    private enum View: String, CaseIterable {
        case spans
        case tree
        case otlp
    }

    private enum Fields: String, CaseIterable {
        case all
        case summary
    }

    /// What an answer takes for the slice in work, in all its forms.
    private static let bytesOfAnswer = 4 << 20
    /// What an answer takes for each span of the trace, about: its place, its call.
    private static let bytesOfSpan = 400
    /// Most spans in one answer that is not OTLP/JSON.
    private static let mostSpans = 10_000

    /// Answers `GET /v1/traces/:trace_id`.
    func detail(for request: TraceRequest) async throws -> Response {
        let parameters = request.parameters
        let view: View = try parameters.choice("view") ?? .spans
        switch view {
        case .spans: try parameters.allowOnly(["cursor", "fields", "limit", "project", "view"])
        case .tree: try parameters.allowOnly(["fields", "project", "view"])
        case .otlp: try parameters.allowOnly(["project", "view"])
        }
        let detail = try Self.fields(parameters)
        let limit = try Self.limit(parameters, standard: Self.mostSpans)
        let trace = try await find(request)
        let opened = try await open(trace.summary)
        switch view {
        case .spans: return try await page(of: trace, opened, limit: limit, detail: detail)
        case .tree: return try await tree(of: trace, opened, detail: detail)
        case .otlp: return try await otlp(of: trace, opened)
        }
    }

    /// Answers `GET /v1/traces/:trace_id/spans`.
    func spans(for request: TraceRequest) async throws -> Response {
        try request.parameters.allowOnly(["cursor", "fields", "limit", "project"])
        let detail = try Self.fields(request.parameters)
        let limit = try Self.limit(request.parameters, standard: 1000)
        let trace = try await find(request)
        let opened = try await open(trace.summary)
        let page = SpanPage(of: trace.summary, outlines: opened.outlines, limit: limit, after: trace.cursor)
        var tail: [UInt8] = []
        tail.append(raw: "],")
        page.pagination.append(to: &tail)
        tail.append(raw: "}")
        let body = SpanListBody(
            head: Array("{\"data\":[".utf8),
            slices: try await slices(of: page.outlines, in: opened, of: trace, detail),
            tail: tail,
            detail: detail
        )
        return trace.streamed { writer in try await body.write(to: &writer) }
    }

    /// Answers `GET /v1/traces/:trace_id/spans/:span_id`.
    func span(for request: TraceRequest) async throws -> Response {
        try request.parameters.allowOnly(["project"])
        let traceID = try request.trace()
        let spanID = try request.span()
        for summary in try await reader.summaries(of: traceID, in: request.scope) {
            let trace = try await reader.trace(summary.number)
            guard let outline = trace.outlines.first(where: { $0.spanID == spanID }),
                let stored = try await reader.span(outline, of: trace)
            else { continue }
            var json: [UInt8] = []
            json.append(raw: "{\"data\":{")
            let records = try ShownRecords()
            records.current = try await reader.records(of: outline, of: trace)
            var renderer = try SpanRenderer(answering: .full, with: records)
            renderer.appendMembers(of: stored, as: outline, to: &json)
            json.append(raw: "}}")
            return Response(json: json)
        }
        throw APIError.notFound("no span \(spanID.hex) in trace \(traceID.hex)")
    }

    private func page(of trace: Found, _ opened: OpenedTrace, limit: Int, detail: SpanDetail) async throws -> Response {
        let page = SpanPage(of: trace.summary, outlines: opened.outlines, limit: limit, after: trace.cursor)
        var tail: [UInt8] = []
        tail.append(raw: "]}")
        if page.isPart {
            tail.append(raw: ",")
            page.pagination.append(to: &tail)
        }
        tail.append(raw: "}")
        let body = SpanListBody(
            head: trace.head(omitted: 0),
            slices: try await slices(of: page.outlines, in: opened, of: trace, detail),
            tail: tail,
            detail: detail
        )
        return trace.streamed { writer in try await body.write(to: &writer) }
    }

    private func tree(of trace: Found, _ opened: OpenedTrace, detail: SpanDetail) async throws -> Response {
        let plan = TreePlan(opened.outlines, most: Self.mostSpans)
        let body = SpanTreeBody(
            head: trace.head(omitted: plan.omitted),
            slices: try await slices(of: plan.outlines, in: opened, of: trace, detail),
            nodes: plan.nodes,
            tail: Array("]}}".utf8),
            detail: detail
        )
        return trace.streamed { writer in try await body.write(to: &writer) }
    }

    private func otlp(of trace: Found, _ opened: OpenedTrace) async throws -> Response {
        let ordered = OTLPBody.ordered(opened.outlines)
        // Log records are no spans, so that OTLP shows none; a summary reads none.
        let body = OTLPBody(slices: try await slices(of: ordered, in: opened, of: trace, .summary))
        return trace.streamed { writer in try await body.write(to: &writer) }
    }

    private func slices(
        of outlines: [SpanOutline],
        in opened: OpenedTrace,
        of trace: Found,
        _ detail: SpanDetail
    ) async throws -> SpanSlices {
        try await SpanSlices(
            of: outlines,
            in: opened,
            reader: reader,
            showing: detail
        )
    }

    private static func fields(_ parameters: QueryParameters) throws(APIError) -> SpanDetail {
        let fields: Fields? = try parameters.choice("fields")
        return fields == .summary ? .summary : .full
    }

    private static func limit(_ parameters: QueryParameters, standard: Int) throws(APIError) -> Int {
        try parameters.integer("limit", in: 1...Int64(mostSpans)).map { Int($0) } ?? standard
    }
}

extension TraceDetailAnswer {
    /// The trace that a request means: of several projects' the newest, or the one that its cursor was made for.
    private struct Found: Sendable {
        var summary: TraceSummary
        var otherProjects: [String]
        var cursor: PageCursor?
        var logger: Logger
        /// Pays for the answer, and is held by its body.
        var lease: any MemoryLease

        /// An answer that is made while it is sent.
        func streamed(_ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void) -> Response {
            .streamed(logger) { [lease] writer in
                defer { lease.end() }
                try await write(&writer)
            }
        }

        /// The beginning of a detail, up to and with the bracket that opens its spans.
        func head(omitted: Int) -> [UInt8] {
            var json: [UInt8] = []
            json.append(raw: "{\"data\":{")
            summary.appendDetail(alsoIn: otherProjects, to: &json)
            if omitted > 0 {
                json.append(raw: ",\"truncated\":true,\"spans_omitted\":")
                json.appendJSON(omitted)
            }
            json.append(raw: ",\"spans\":[")
            return json
        }
    }

    private func find(_ request: TraceRequest) async throws -> Found {
        let id = try request.trace()
        let cursor = try request.parameters["cursor"].map { try PageCursor($0, kind: .spans) }
        let summaries = try await reader.summaries(of: id, in: request.scope)
        guard !summaries.isEmpty else { throw Self.noSuchTrace(id) }
        let meant = summaries.firstIndex { cursor == nil || cursor?.filters == SpanPage.filters(of: $0) }
        guard let meant else {
            throw APIError.invalid("cursor", "the cursor belongs to another trace; start without a cursor")
        }
        let lease = memory.lease()
        try await lease.grow(by: Self.bytesOfAnswer + summaries[meant].spanCount * Self.bytesOfSpan)
        let others = summaries.indices.filter { $0 != meant }.map { summaries[$0].project }
        return Found(
            summary: summaries[meant],
            otherProjects: others,
            cursor: cursor,
            logger: request.logger,
            lease: lease
        )
    }

    private func open(_ summary: TraceSummary) async throws -> OpenedTrace {
        let trace = try await reader.trace(summary.number)
        guard !trace.outlines.isEmpty else { throw Self.noSuchTrace(summary.traceID) }
        return trace
    }

    private static func noSuchTrace(_ id: TraceID) -> APIError {
        .notFound("no trace \(id.hex)")
    }
}
