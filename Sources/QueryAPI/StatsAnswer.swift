// StatsAnswer.swift - GET /v1/stats.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Answers questions for statistics.
struct StatsAnswer: Sendable {
    let reader: BoundedReader

    func response(to request: TraceRequest) async throws -> Response {
        let query = try StatsQuery(request.parameters, scope: request.scope)
        let page = try await reader.stats(matching: query)
        var json: [UInt8] = []
        json.append(raw: "{\"data\":")
        json.append(list: page.rows) { row, json in row.append(names: query.groupBy, to: &json) }
        json.append(member: "interval") { $0.appendJSON(query.interval?.rawValue) }
        json.append(member: "group_by") { json in
            json.append(list: query.groupBy) { dimension, json in json.appendJSON(dimension.rawValue) }
        }
        if page.isTruncated { json.append(raw: ",\"truncated\":true") }
        if let lag = page.lag { json.append(member: "search_lag_parts") { $0.appendJSON(lag) } }
        json.append(raw: "}")
        return Response(json: json)
    }
}

extension StatsQuery {
    /// Every parameter of `GET /v1/stats`.
    static let parameters = CallQuery.periodParameters.union(["group_by", "interval", "limit"])

    /// Reads and checks every parameter.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        calls = try CallQuery(ofPeriod: parameters, scope: scope)
        interval = try parameters.choice("interval")
        limit = Int(try parameters.integer("limit", in: 1...10_000) ?? 1000)
        groupBy = try Self.dimensions(parameters["group_by"])
        guard groupBy.contains(.tool) else { return }
        try checkTools(parameters)
    }

    private static func dimensions(_ text: String?) throws(APIError) -> [StatsDimension] {
        var found: [StatsDimension] = []
        for word in (text ?? "").split(separator: ",", omittingEmptySubsequences: text == nil) {
            guard let dimension = StatsDimension(rawValue: String(word)), !found.contains(dimension) else {
                let words = StatsDimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("group_by", "'group_by' is one or more of \(words), each once, with commas between")
            }
            found.append(dimension)
        }
        return found
    }

    /// Runs of tools have no model, tokens or cost.
    private func checkTools(_ parameters: QueryParameters) throws(APIError) {
        let known: Set<String> = ["from", "group_by", "interval", "limit", "project", "service", "to"]
        if let other = parameters.given.first(where: { !known.contains($0) }) {
            throw .invalid(other, "statistics of tools are filtered by from, to, project and service alone")
        }
        let groups: Set<StatsDimension> = [.tool, .project, .service, .status]
        guard groups.isSuperset(of: groupBy) else {
            throw .invalid("group_by", "'tool' goes together with project, service and status")
        }
    }
}

extension StatsRow {
    /// Appends the row as an object.
    func append(names: [StatsDimension], to json: inout [UInt8]) {
        json.append(raw: "{")
        if let start, let end {
            json.append(raw: "\"start_time\":")
            json.appendJSON(time: start)
            json.append(raw: ",\"end_time\":")
            json.appendJSON(time: end)
            json.append(raw: ",")
        }
        json.append(raw: "\"group\":{")
        for (place, name) in names.enumerated() {
            if place > 0 { json.append(raw: ",") }
            json.appendJSON(name.rawValue)
            json.append(raw: ":")
            json.appendJSON(group[place])
        }
        json.append(raw: "}")
        appendFigures(to: &json)
        json.append(raw: "}")
    }

    private func appendFigures(to json: inout [UInt8]) {
        json.append(member: "calls") { $0.appendJSON(calls) }
        json.append(member: "traces") { $0.appendJSON(traces) }
        json.append(member: "errors") { $0.appendJSON(errors) }
        json.append(member: "tokens_input") { $0.appendJSON(tokensInput) }
        json.append(member: "tokens_output") { $0.appendJSON(tokensOutput) }
        json.append(member: "tokens_cache_read") { $0.appendJSON(tokensCacheRead) }
        json.append(member: "tokens_cache_write") { $0.appendJSON(tokensCacheWrite) }
        json.append(member: "tokens_reasoning") { $0.appendJSON(tokensReasoning) }
        json.append(member: "tokens_embedding") { $0.appendJSON(tokensEmbedding) }
        json.append(member: "cost") { $0.appendJSON(cost) }
        json.append(member: "cache_hit_share") { json in
            if let share = cacheHitShare { json.appendJSON(share) } else { json.append(raw: "null") }
        }
        json.append(member: "latency_ms") { Self.append(latency, to: &$0) }
        json.append(member: "time_to_first_token_ms") { Self.append(timeToFirstToken, to: &$0) }
    }

    /// The part of the input that came from a cache.
    private var cacheHitShare: Double? {
        guard let tokensCacheRead, let tokensInput, tokensInput > 0 else { return nil }
        return Double(tokensCacheRead) / Double(tokensInput)
    }

    private static func append(_ percentiles: StatsPercentiles?, to json: inout [UInt8]) {
        guard let percentiles else { return json.append(raw: "null") }
        for (name, value) in [
            ("{\"p50\":", percentiles.p50), (",\"p90\":", percentiles.p90), (",\"p95\":", percentiles.p95),
            (",\"p99\":", percentiles.p99),
        ] {
            json.append(contentsOf: name.utf8)
            json.appendJSON(milliseconds: Int64(value.rounded()))
        }
        json.append(raw: "}")
    }
}
