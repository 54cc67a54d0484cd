// TraceQuery+URL.swift - the query of a URL as conditions on traces.

import TraceModel
import TraceStore

/// Whether small values come first.
enum SortOrder: String, CaseIterable {
    case asc
    case desc
}

extension TraceQuery {
    /// Every parameter of `GET /v1/traces`.
    static let parameters = RecordFilter.parameters.union([
        "count", "cursor", "end_time", "limit", "order", "sort", "start_time", "status", "view",
    ])

    /// Reads and checks every parameter of `GET /v1/traces`.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        filter = try RecordFilter(parameters, scope: scope)
        limit = Int(try parameters.integer("limit", in: 1...100) ?? 50)
        sort = try parameters.choice("sort") ?? .startTime
        let order: SortOrder? = try parameters.choice("order")
        ascending = order == .asc
        filter.startsFrom = try parameters.time("start_time")
        endsBefore = try parameters.time("end_time")
        status = try parameters.choice("status")
        isCounted = try parameters.truth("count") ?? false
        if let text = parameters["cursor"] { after = try position(of: text) }
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
        PageCursor.hash(
            filter.conditions
                + [sort.rawValue, ascending ? "asc" : "desc", endsBefore.map(String.init), status?.rawValue]
        )
    }
}
