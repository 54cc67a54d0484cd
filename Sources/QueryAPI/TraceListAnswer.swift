// TraceListAnswer.swift - GET /v1/traces.

import Hummingbird
import OTLPCodec
import TraceStore

/// Answers a list of traces: one page, in memory.
struct TraceListAnswer: Sendable {
    let reader: BoundedReader

    func response(to request: TraceRequest) async throws -> Response {
        let query = try TraceQuery(request.parameters, scope: request.scope)
        let page = try await reader.traces(matching: query)
        var json: [UInt8] = []
        json.append(raw: "{\"data\":[")
        for (index, row) in page.rows.enumerated() {
            if index > 0 { json.append(raw: ",") }
            row.appendRow(to: &json)
        }
        json.append(raw: "],")
        var pagination = Pagination(limit: query.limit, next: page.next.map(query.cursor), total: page.total)
        pagination.isCounted = query.isCounted
        pagination.isPartial = page.isPartial
        pagination.lag = page.lag
        pagination.append(to: &json)
        json.append(raw: "}")
        return Response(json: json)
    }
}
