// CallQuery+URL.swift - the query of a URL as conditions on calls.

import TraceModel
import TraceStore

extension CallQuery {
    private enum Counted: String, CaseIterable {
        case own
        case all
    }

    /// The parameters that lists of traces do not have: one of them chooses the view of calls.
    static let ownParameters: Set<String> = ["counted", "end_date", "model_id", "offset", "source", "start_date"]
    /// The parameters that both views have where the path alone does not say which one is meant.
    static let sharedParameters: Set<String> = ["cursor", "limit", "project", "status", "view"]
    /// Every parameter of the view of calls.
    static let parameters = RecordFilter.parameters.union(ownParameters).union(sharedParameters).union([
        "count", "end_time", "order", "sort", "start_time",
    ])

    /// Reads and checks every parameter of the view of calls.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        filter = try RecordFilter(parameters, scope: scope)
        limit = Int(try parameters.integer("limit", in: 1...1000) ?? 100)
        offset = Int(clamping: try parameters.integer("offset", in: 0...Int64.max) ?? 0)
        filter.startsFrom = try Self.time("start_date", "start_time", parameters)
        filter.startsBefore = try Self.time("end_date", "end_time", parameters)
        sort = try parameters.choice("sort") ?? .startTime
        let order: SortOrder? = try parameters.choice("order")
        ascending = order == .asc
        source = parameters["source"]
        exactModel = parameters["model_id"]
        status = try parameters.choice("status")
        let counted: Counted? = try parameters.choice("counted")
        includesUncounted = counted == .all
        isCounted = try parameters.truth("count") ?? true
        if let text = parameters["cursor"] {
            guard parameters["offset"] == nil else {
                throw .invalid("offset", "'offset' and 'cursor' exclude each other")
            }
            after = try position(of: text)
        }
    }

    /// A time that has two names.
    private static func time(_ name: String, _ other: String, _ parameters: QueryParameters) throws(APIError) -> Int64?
    {
        guard parameters[name] == nil || parameters[other] == nil else {
            throw .invalid(other, "'\(name)' and '\(other)' mean the same; give one of them")
        }
        return try parameters.time(parameters[name] == nil ? other : name)
    }

    /// The word for the page after this position.
    func cursor(for position: CallPosition) -> String {
        CallCursor(position: position, filters: filterHash).text
    }

    private func position(of text: String) throws(APIError) -> CallPosition {
        let cursor = try CallCursor(text)
        guard cursor.filters == filterHash else {
            throw .invalid("cursor", "the cursor belongs to other filters or another order; start without a cursor")
        }
        return cursor.position
    }

    /// Covers everything but limit and offset, which may change from page to page.
    private var filterHash: UInt64 {
        PageCursor.hash(
            filter.conditions + [
                sort.rawValue, ascending ? "asc" : "desc", source, exactModel, status?.rawValue,
                includesUncounted ? "all" : "own",
            ]
        )
    }
}

extension CallQuery {
    /// The parameters of what sums up the calls of a period.
    static let periodParameters = RecordFilter.parameters.union(["from", "status", "to"])

    /// Reads the calls of a period, for what has no pages and may take longer than one.
    init(ofPeriod parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        filter = try RecordFilter(parameters, scope: scope)
        self.startsFrom = try parameters.time("from")
        self.startsBefore = try parameters.time("to")
        self.status = try parameters.choice("status")
        patience = .seconds(6)
    }
}
