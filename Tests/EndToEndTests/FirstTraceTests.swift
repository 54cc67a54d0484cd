// FirstTraceTests.swift - the main job from outside: export, list, open, restart.

import Foundation
import TestSupport
import Testing
import TraceModel

struct FirstTraceTests {
    /// The worked example of the list (T-14), as OTLP/JSON.
    private static let example = """
        {"resourceSpans":[{"scopeSpans":[{"spans":[
        {"traceId":"4BF92F3577B34DA6A3CE929D0E0E4736","spanId":"00F067AA0BA902B7","name":"user-query","kind":2,
         "startTimeUnixNano":"1705314600000000000","endTimeUnixNano":"1705314601234000000",
         "attributes":[{"key":"user_id","value":{"stringValue":"user-123"}}]},
        {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b8","parentSpanId":"00f067aa0ba902b7",
         "name":"retrieve","startTimeUnixNano":1705314600100000000,"endTimeUnixNano":1705314600200000000},
        {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b9","parentSpanId":"00f067aa0ba902b7",
         "name":"llm","kind":3,"startTimeUnixNano":"1705314600300000000","endTimeUnixNano":"1705314601200000000",
         "attributes":[{"key":"llm.vendor","value":{"stringValue":"openai"}},
          {"key":"llm.model","value":{"stringValue":"gpt-4"}},{"key":"llm.tokens.input","value":{"intValue":"150"}},
          {"key":"llm.tokens.output","value":{"intValue":200}},{"key":"llm.cost","value":{"doubleValue":0.0135}}]}
        ]}]}]}
        """

    @Test func `the worked example comes out exactly`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let json = [("Content-Type", "application/json")]
            let posted = try await server.send(.POST, "/v1/traces", headers: json, body: Data(Self.example.utf8))
            #expect(posted.status == 200)
            #expect(posted.text == "{}")
            let answer = try await server.send(.GET, "/v1/traces")
            let list = try answer.object()
            let row = try #require((list["data"] as? [[String: Any]])?.first)
            #expect(row["trace_id"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
            #expect(row["start_time"] as? String == "2024-01-15T10:30:00.000Z")
            #expect(row["end_time"] as? String == "2024-01-15T10:30:01.234Z")
            #expect(row["duration_ms"] as? Int == 1234)
            #expect(row["span_count"] as? Int == 3)
            #expect(row["status"] as? String == "ok")
            let root = try #require(row["root_span"] as? [String: Any])
            #expect(root["name"] as? String == "user-query")
            #expect((root["attributes"] as? [String: String]) == ["user_id": "user-123"])
            let llm = try #require(row["llm_summary"] as? [String: Any])
            #expect(llm["model"] as? String == "gpt-4")
            #expect(llm["tokens_input"] as? Int == 150)
            #expect(llm["tokens_output"] as? Int == 200)
            #expect(answer.text.contains(#""cost":0.0135"#))
            let page = try #require(list["pagination"] as? [String: Any])
            #expect(page["limit"] as? Int == 50)
            #expect(page["has_more"] as? Bool == false)
            #expect(page["next_cursor"] is NSNull)
        }
    }

    @Test func `what was acknowledged is there after a restart, and late spans join`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let type = [("Content-Type", "application/x-protobuf")]
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            let body = Data(SampleSpan.request([SampleSpan(trace: 1, id: 2, parent: 1, name: "child")]))
            let answer = try await server.send(.POST, "/v1/traces", headers: type, body: body)
            #expect(answer.status == 200)
        }
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            let body = Data(SampleSpan.request([SampleSpan(trace: 1, id: 1, name: "root")]))
            let answer = try await server.send(.POST, "/v1/traces", headers: type, body: body)
            #expect(answer.status == 200)
            let row = try #require(try await server.rows().first)
            #expect(row["span_count"] as? Int == 2)
            #expect((row["root_span"] as? [String: Any])?["name"] as? String == "root")
        }
    }

    @Test func `a view as OTLP goes in again and nothing is new`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let spans = [
                SampleSpan(trace: 5, id: 1, name: "root").with(("a", "text"), ("n", 5), ("d", 0.5)),
                SampleSpan(trace: 5, id: 2, parent: 1),
            ]
            let body = Data(SampleSpan.request(spans))
            _ = try await server.send(
                .POST,
                "/v1/traces",
                headers: [("Content-Type", "application/x-protobuf")],
                body: body
            )
            let path = "/v1/traces/\(spans[0].trace.hex)"
            let otlp = try await server.send(.GET, path + "?view=otlp")
            #expect(otlp.status == 200)
            let again = try await server.send(
                .POST,
                "/v1/traces",
                headers: [("Content-Type", "application/json"), ("X-Skein-Project", "copy")],
                body: otlp.body
            )
            #expect(again.text == "{}")
            let first = try #require(try await server.data(path + "?project=default") as? [String: Any])
            let copy = try #require(try await server.data(path + "?project=copy") as? [String: Any])
            let spansOf = { (trace: [String: Any]) in trace["spans"] as? NSArray }
            #expect(spansOf(first) == spansOf(copy))
        }
    }

    @Test func `health and readiness answer`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let json = [("Content-Type", "application/json")]
            let health = try await server.send(.GET, "/health")
            let ready = try await server.send(.GET, "/ready")
            let nothing = try await server.send(.GET, "/nothing")
            let logs = try await server.send(.POST, "/v1/logs", headers: json, body: Data("{}".utf8))
            let put = try await server.send(.PUT, "/v1/traces")
            let statuses: [Int] = [health.status, ready.status, nothing.status, put.status]
            let expected: [Int] = [200, 200, 404, 405]
            #expect(statuses == expected)
            #expect(logs.text == "{}")
        }
    }
}
