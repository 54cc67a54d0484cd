// ShownElsewhereTests.swift - a call that counts by a span without texts, and is told by another one.

import CollectorServer
import Foundation
import Testing

struct ShownElsewhereTests {
    private static let trace = "5bf92f3577b34da6a3ce929d0e0e1001"

    private static func export(scope: String, _ span: [String: Any]) throws -> Data {
        let resource = ["attributes": [["key": "session.id", "value": ["stringValue": "chat"]]]]
        let spans: [String: Any] = ["scope": ["name": scope], "spans": [span]]
        return try JSONSerialization.data(
            withJSONObject: ["resourceSpans": [["resource": resource, "scopeSpans": [spans]]]]
        )
    }

    private static func span(_ id: Int, parent: Int?, _ attributes: [String: String]) -> [String: Any] {
        let usage = [("gen_ai.usage.input_tokens", 10), ("gen_ai.usage.output_tokens", 5)]
        var span: [String: Any] = [
            "traceId": trace, "spanId": "00f067aa0ba9020\(id)", "name": "chat",
            "startTimeUnixNano": "176847300\(id)000000000", "endTimeUnixNano": "176847309\(9 - id)000000000",
            "attributes": attributes.map { ["key": $0.key, "value": ["stringValue": $0.value]] as [String: Any] }
                + usage.map { ["key": $0.0, "value": ["intValue": "\($0.1)"]] },
        ]
        if let parent { span["parentSpanId"] = "00f067aa0ba9020\(parent)" }
        return span
    }

    private static let names = [
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.response.id": "msg_1",
    ]

    private static let texts = [
        "gen_ai.input.messages": #"[{"role":"user","parts":[{"type":"text","content":"Rain?"}]}]"#,
        "gen_ai.output.messages": #"[{"role":"assistant","parts":[{"type":"text","content":"No."}]}]"#,
    ]

    @Test func `a call shows what the span says that repeats it`() async throws {
        let outer = Self.span(1, parent: nil, Self.names.merging(Self.texts) { $1 })
        let inner = Self.span(2, parent: 1, Self.names)
        // The inner span ends first, and is sent first.
        let bodies = [
            try Self.export(scope: "com.anthropic.sdk.python", inner),
            try Self.export(scope: "openinference.instrumentation.anthropic", outer),
        ]
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let type = [("Content-Type", "application/json")]
            for body in bodies {
                #expect(try await server.send(.POST, "/v1/traces", headers: type, body: body).status == 200)
            }
            let calls = try await server.send(.GET, "/v1/calls").object()["traces"] as? [[String: Any]]
            #expect(calls?.count == 1)
            let id = try #require(calls?.first?["request_id"] as? String)
            #expect(id.hasSuffix("00f067aa0ba90202"))
            let call = try await server.send(.GET, "/v1/calls/\(id)").object()
            #expect(call["input_text"] as? String == "Rain?")
            #expect(call["output_text"] as? String == "No.")
            #expect((call["prompt_hash"] as? String)?.count == 64)
            let session = try await server.send(.GET, "/v1/sessions/chat").object()
            let turn = ((session["data"] as? [String: Any])?["conversation"] as? [[String: Any]])?.first
            #expect(turn?["input_text"] as? String == "Rain?")
            #expect(turn?["output_text"] as? String == "No.")
        }
    }
}
