// FacetAnswer.swift - GET /v1/facets.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Answers which values there are.
struct FacetAnswer: Sendable {
    let reader: BoundedReader

    func response(to request: TraceRequest) async throws -> Response {
        let query = try FacetQuery(request.parameters, scope: request.scope)
        let page = try await reader.facets(matching: query)
        var json: [UInt8] = []
        json.append(raw: "{\"data\":{")
        for (place, (field, values)) in zip(query.fields, page.values).enumerated() {
            if place > 0 { json.append(raw: ",") }
            json.appendJSON(field.rawValue)
            json.append(raw: ":")
            json.append(list: values) { value, json in
                json.append(raw: "{\"value\":")
                json.appendJSON(value.value)
                json.append(member: "calls") { $0.appendJSON(value.calls) }
                json.append(member: "traces") { $0.appendJSON(value.traces) }
                json.append(raw: "}")
            }
        }
        json.append(raw: "}")
        json.append(member: "truncated") { $0.appendJSON(page.isTruncated) }
        if let lag = page.lag { json.append(member: "search_lag_parts") { $0.appendJSON(lag) } }
        json.append(raw: "}")
        return Response(json: json)
    }
}

extension FacetQuery {
    /// Every parameter of `GET /v1/facets`.
    static let parameters = CallQuery.periodParameters.union(["fields"])

    /// Reads and checks every parameter.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        calls = try CallQuery(ofPeriod: parameters, scope: scope)
        if let text = parameters["fields"] { fields = try Self.fields(text) }
        guard fields.contains(.tool) else { return }
        let known: Set<String> = ["fields", "from", "project", "service", "to"]
        if let other = parameters.given.first(where: { !known.contains($0) }) {
            throw .invalid(
                other,
                "tools are filtered by from, to, project and service alone; leave 'tool' out of 'fields'"
            )
        }
    }

    private static func fields(_ text: String) throws(APIError) -> [FacetField] {
        var found: [FacetField] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let field = FacetField(rawValue: String(word)), !found.contains(field) else {
                let words = FacetField.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("fields", "'fields' is one or more of \(words), each once, with commas between")
            }
            found.append(field)
        }
        return found
    }
}
