// LiveQuery.swift - the filters of a live stream.

import HTTPTypes
import TraceModel
import TraceStore

extension TraceQuery {
    /// What belongs to a list and to nothing that goes on.
    private static let ofLists = ["count", "cursor", "limit", "order", "sort", "view"]
    private static let lastID = "last_event_id"

    /// Reads and checks every parameter of `GET /v1/live`: the filters of `GET /v1/traces`, and where to go on.
    init(live parameters: QueryParameters, headers: HTTPFields, grant: AccessGrant) throws(APIError) {
        for name in Self.ofLists where parameters[name] != nil {
            throw .invalid(name, "'\(name)' is for lists; /v1/live has the filters of /v1/traces and '\(Self.lastID)'")
        }
        let scope = try ProjectScope(headers: headers, parameters: parameters, grant: grant)
        try self.init(parameters.without([Self.lastID]), scope: scope)
    }

    /// Whether every trace matches.
    var isUnfiltered: Bool {
        var plain = TraceQuery()
        plain.limit = limit
        plain.numbers = numbers
        return self == plain
    }
}
