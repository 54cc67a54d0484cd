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
    private static let parameters = ownParameters.union(["limit", "project", "status", "view"])

    /// Reads and checks every parameter of the view of calls.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        self.scope = scope
        limit = Int(try parameters.integer("limit", in: 1...1000) ?? 100)
        offset = Int(clamping: try parameters.integer("offset", in: 0...Int64.max) ?? 0)
        startsFrom = try parameters.time("start_date")
        startsBefore = try parameters.time("end_date")
        source = parameters["source"]
        model = parameters["model_id"]
        status = try parameters.choice("status")
        let counted: Counted? = try parameters.choice("counted")
        includesUncounted = counted == .all
    }
}
