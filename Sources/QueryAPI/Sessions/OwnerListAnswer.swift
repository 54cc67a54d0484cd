// OwnerListAnswer.swift - GET /v1/sessions and GET /v1/users.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Answers a list of sessions or users: one page, in memory.
struct OwnerListAnswer: Sendable {
    let reader: BoundedReader
    let owner: TraceOwner

    func response(to request: TraceRequest) async throws -> Response {
        let query = try OwnerQuery(owner, request.parameters, scope: request.scope)
        let page = try await reader.owners(matching: query)
        var json: [UInt8] = []
        json.append(raw: "{\"data\":")
        json.append(list: page.rows) { row, json in
            json.append(raw: "{")
            row.appendMembers(of: owner, to: &json)
            json.append(raw: "}")
        }
        json.append(raw: ",")
        var pagination = Pagination(limit: query.traces.limit, next: page.next.map(query.cursor))
        pagination.isPartial = page.isPartial
        pagination.lag = page.lag
        pagination.append(to: &json)
        json.append(raw: "}")
        return Response(json: json)
    }
}

extension OwnerRow {
    /// Appends the members of a row, without the braces around them.
    ///
    /// - Parameters:
    ///   - owner: Whether it is a session or a user.
    ///   - traces: What the number of traces is called.
    ///   - json: Where to.
    func appendMembers(of owner: TraceOwner, countingTracesAs traces: StaticString = "traces", to json: inout [UInt8]) {
        switch owner {
        case .session: json.append(raw: "\"session_id\":")
        case .user: json.append(raw: "\"user_id\":")
        }
        json.appendJSON(name)
        json.append(member: "project") { $0.appendJSON(project) }
        if owner == .session { json.append(member: "user_id") { $0.appendJSON(user) } }
        json.append(member: "first_time") { $0.appendJSON(time: firstTime) }
        json.append(member: "last_time") { $0.appendJSON(time: lastTime) }
        json.append(member: traces) { $0.appendJSON(self.traces) }
        if owner == .user { json.append(member: "sessions") { $0.appendJSON(sessions) } }
        json.append(member: "calls") { $0.appendJSON(calls) }
        json.append(member: "errors") { $0.appendJSON(errors) }
        json.append(member: "tokens_input") { $0.appendJSON(tokensInput) }
        json.append(member: "tokens_output") { $0.appendJSON(tokensOutput) }
        json.append(member: "cost") { $0.appendJSON(cost) }
    }
}
