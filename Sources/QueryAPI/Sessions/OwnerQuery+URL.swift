// OwnerQuery+URL.swift - the query of a URL as conditions on the traces of sessions or users.

import TraceModel
import TraceStore

extension OwnerQuery {
    /// Every parameter of `GET /v1/sessions` and `GET /v1/users`.
    static let parameters = RecordFilter.parameters.union(["cursor", "end_time", "limit", "start_time", "status"])

    /// Reads and checks every parameter.
    init(_ owner: TraceOwner, _ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init(owner)
        try parameters.allowOnly(Self.parameters)
        traces.filter = try RecordFilter(parameters, scope: scope)
        traces.limit = Int(try parameters.integer("limit", in: 1...100) ?? 50)
        traces.startsFrom = try parameters.time("start_time")
        traces.endsBefore = try parameters.time("end_time")
        traces.status = try parameters.choice("status")
        if let text = parameters["cursor"] { after = try position(of: text) }
    }

    /// The word for the page after this position.
    func cursor(for position: OwnerPosition) -> String {
        OwnerCursor(owner: owner, position: position, filters: filterHash).text
    }

    private func position(of text: String) throws(APIError) -> OwnerPosition {
        let cursor = try OwnerCursor(text, owner: owner)
        guard cursor.filters == filterHash else {
            throw .invalid("cursor", "the cursor belongs to other filters; start without a cursor")
        }
        return cursor.position
    }

    /// Covers everything but the limit, which may change from page to page.
    private var filterHash: UInt64 {
        PageCursor.hash(
            traces.filter.conditions + [owner.rawValue, traces.endsBefore.map(String.init), traces.status?.rawValue]
        )
    }
}
