// TraceQuery+URL.swift - the query of a URL as conditions on traces.

import OTLPCodec
import TraceModel
import TraceStore

extension TraceQuery {
    private enum Order: String, CaseIterable {
        case asc
        case desc
    }

    private static let parameters: Set<String> = [
        "count", "cursor", "end_time", "has_warning", "limit", "max_cost", "max_latency_ms", "min_cost",
        "min_latency_ms",
        "model", "order",
        "project", "provider", "service", "session_id", "sort", "start_time", "status", "user_id", "view", "warning",
    ]

    /// Reads and checks every parameter of `GET /v1/traces`.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        self.scope = scope
        limit = Int(try parameters.integer("limit", in: 1...100) ?? 50)
        sort = try parameters.choice("sort") ?? .startTime
        let order: Order? = try parameters.choice("order")
        ascending = order == .asc
        startsFrom = try parameters.time("start_time")
        endsBefore = try parameters.time("end_time")
        model = parameters["model"]
        minDuration = try parameters.milliseconds("min_latency_ms")
        maxDuration = try parameters.milliseconds("max_latency_ms")
        minCost = try parameters.money("min_cost")
        maxCost = try parameters.money("max_cost")
        status = try parameters.choice("status")
        service = parameters["service"]
        provider = parameters["provider"]
        session = parameters["session_id"]
        user = parameters["user_id"]
        warning = try Self.warning(parameters)
        let counts: Truth? = try parameters.choice("count")
        isCounted = counts == .true
        if let text = parameters["cursor"] { after = try position(of: text) }
    }

    private static func warning(_ parameters: QueryParameters) throws(APIError) -> WarningFilter? {
        if let name = parameters["warning"] {
            guard parameters["has_warning"] == nil else {
                throw .invalid("warning", "'warning' and 'has_warning' exclude each other")
            }
            if name == TraceSummary.missingParentWarning {
                return WarningFilter(marks: [], includesMissingParents: true)
            }
            guard let mark = SpanMarks(warning: name) else {
                let names = SpanMarks.warningNames + [TraceSummary.missingParentWarning]
                throw .invalid("warning", "'warning' is one of \(names.joined(separator: ", "))")
            }
            return WarningFilter(marks: mark, includesMissingParents: false)
        }
        let choice: Truth? = try parameters.choice("has_warning")
        return choice.map {
            WarningFilter(marks: .allWarnings, includesMissingParents: true, isNegated: $0 == .false)
        }
    }

    private enum Truth: String, CaseIterable {
        case `true`
        case `false`
    }

    /// The word for the page after this position.
    func cursor(for position: TracePosition) -> String {
        PageCursor(kind: .traces, value: position.value, number: position.number, filters: filterHash).text
    }

    private func position(of text: String) throws(APIError) -> TracePosition {
        let cursor = try PageCursor(text, kind: .traces)
        guard cursor.filters == filterHash else {
            throw .invalid("cursor", "the cursor belongs to other filters or another order; start without a cursor")
        }
        return TracePosition(value: cursor.value, number: cursor.number)
    }

    /// Covers everything but the limit, which may change from page to page.
    private var filterHash: UInt64 {
        let project: String? = if case .only(let name) = scope { name } else { nil }
        return PageCursor.hash([
            project, sort.rawValue, ascending ? "asc" : "desc", startsFrom.map(String.init),
            endsBefore.map(String.init),
            model, minDuration.map(String.init), maxDuration.map(String.init), minCost?.decimal, maxCost?.decimal,
            status?.rawValue, service, provider, session, user,
            warning.map { "\($0.marks.rawValue) \($0.includesMissingParents) \($0.isNegated)" },
        ])
    }
}
