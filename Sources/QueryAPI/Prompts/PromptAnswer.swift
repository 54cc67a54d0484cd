// PromptAnswer.swift - GET /v1/prompts.

import Foundation
import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Answers which prompts are sent again and again.
struct PromptAnswer: Sendable {
    let reader: BoundedReader

    func response(to request: TraceRequest) async throws -> Response {
        let query = try PromptQuery(request.parameters, scope: request.scope)
        let page = try await reader.prompts(matching: query)
        let period = Self.period(of: query.calls)
        var json: [UInt8] = []
        json.append(raw: "{\"data\":[")
        for (place, row) in page.rows.enumerated() {
            if place > 0 { json.append(raw: ",") }
            let example = try await PromptExample.read(row, reader)
            row.append(example, in: period, to: &json)
        }
        json.append(raw: "]")
        json.append(member: "search_lag_parts") { $0.appendJSON(page.lag) }
        json.append(raw: "}")
        return Response(json: json)
    }

    /// How long the period is, which ends now at the latest; 0 where it has no beginning.
    private static func period(of query: CallQuery) -> Int64 {
        guard let start = query.startsFrom else { return 0 }
        let now = Int64(Date().timeIntervalSince1970) * 1_000_000_000
        // No call starts before the epoch, and a time may be as far from it as fits.
        return max(0, max(0, min(query.startsBefore ?? now, now)) - max(0, start))
    }
}

extension PromptQuery {
    /// Every parameter of `GET /v1/prompts`.
    static let parameters = CallQuery.periodParameters.union(["limit", "min_count", "sort"])

    /// Reads and checks every parameter.
    init(_ parameters: QueryParameters, scope: ProjectScope) throws(APIError) {
        self.init()
        try parameters.allowOnly(Self.parameters)
        calls = try CallQuery(ofPeriod: parameters, scope: scope)
        sort = try parameters.choice("sort") ?? .count
        limit = Int(try parameters.integer("limit", in: 1...100) ?? 20)
        minCount = try parameters.integer("min_count", in: 1...Int64.max) ?? 2
    }
}

extension PromptUse {
    /// Appends the row as an object.
    fileprivate func append(_ example: PromptExample, in period: Int64, to json: inout [UInt8]) {
        json.append(raw: "{\"prompt_hash\":")
        json.appendJSON(example.hash?.hexText)
        json.append(member: "count") { $0.appendJSON(count) }
        json.append(member: "cost") { $0.appendJSON(cost) }
        json.append(member: "tokens_input") { $0.appendJSON(tokensInput) }
        json.append(member: "tokens_output") { $0.appendJSON(tokensOutput) }
        json.append(member: "model") { $0.appendJSON(model) }
        json.append(member: "first_time") { $0.appendJSON(time: firstTime) }
        json.append(member: "last_time") { $0.appendJSON(time: lastTime) }
        json.append(member: "cost_per_month") { $0.appendJSON(CostPerMonth.cost(cost, in: period)) }
        json.append(member: "example_request_id") { json in
            json.appendJSON(CallID(traceID: exampleTrace, spanID: exampleSpan).text)
        }
        json.append(member: "input_text") { $0.appendJSON(example.input) }
        json.append(raw: "}")
    }
}
