// CallViewTests.swift - the view of calls from outside: one row for each call of a provider's model.

import CollectorServer
import Foundation
import Testing

struct CallViewTests {
    private static let trace = "5bf92f3577b34da6a3ce929d0e0e4736"

    /// Three calls: a good one, one that timed out with an agent around it, and an embedding.
    private static let export = #"""
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
        {"traceId":"5bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba90201","name":"agent",
         "startTimeUnixNano":"1768473000000000000","endTimeUnixNano":"1768473002000000000","attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},
          {"key":"gen_ai.usage.input_tokens","value":{"intValue":"150"}},
          {"key":"gen_ai.usage.output_tokens","value":{"intValue":"200"}}]},
        {"traceId":"5bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba90202","parentSpanId":"00f067aa0ba90201","name":"chat",
         "startTimeUnixNano":"1768473000100000000","endTimeUnixNano":"1768473000712300000","attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
          {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
          {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o-mini"}},
          {"key":"gen_ai.usage.input_tokens","value":{"intValue":"150"}},
          {"key":"gen_ai.usage.output_tokens","value":{"intValue":"200"}},
          {"key":"gen_ai.usage.cost","value":{"doubleValue":0.0135}},
          {"key":"session.id","value":{"stringValue":"s-1"}},
          {"key":"user.id","value":{"stringValue":"u-1"}},
          {"key":"langfuse.trace.tags","value":{"arrayValue":{"values":[{"stringValue":"beta"},{"stringValue":"eu"}]}}},
          {"key":"langfuse.trace.metadata.feature","value":{"stringValue":"search"}},
          {"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"first\"}]},{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"What is <b>the</b> weather?\"}]}]"}},
          {"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Sunny.\"}]}]"}}]},
        {"traceId":"5bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba90203","parentSpanId":"00f067aa0ba90201","name":"chat",
         "startTimeUnixNano":"1768473001000000000","endTimeUnixNano":"1768473001500000000","status":{"code":2},"attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
          {"key":"gen_ai.request.model","value":{"stringValue":"claude-sonnet-4-5"}},
          {"key":"error.type","value":{"stringValue":"APITimeoutError"}},
          {"key":"tenant","value":{"stringValue":"acme"}}]},
        {"traceId":"5bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba90204","parentSpanId":"00f067aa0ba90201","name":"embed",
         "startTimeUnixNano":"1768473001600000000","endTimeUnixNano":"1768473001601000000","attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"embeddings"}},
          {"key":"gen_ai.request.model","value":{"stringValue":"in-house"}},
          {"key":"gen_ai.usage.input_tokens","value":{"intValue":"9"}}]}
        ]}]}]}
        """#

    private static func withServer(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let type = [("Content-Type", "application/json")]
            let posted = try await server.send(.POST, "/v1/traces", headers: type, body: Data(Self.export.utf8))
            #expect(posted.status == 200)
            try await body(server)
        }
    }

    private static func ids(_ server: LiveServer, _ query: String) async throws -> [String] {
        let answer = try await server.send(.GET, "/v1/calls?\(query)")
        #expect(answer.status == 200, "\(query): \(answer.text)")
        let rows = try #require(try answer.object()["traces"] as? [[String: Any]])
        return rows.compactMap { ($0["request_id"] as? String).map { String($0.suffix(1)) } }
    }

    @Test func `a list has one row for each call, the newest first`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let answer = try await server.send(.GET, "/v1/calls").object()
            #expect(answer["total"] as? Int == 3)
            #expect(answer["has_more"] as? Bool == false)
            let rows = try #require(answer["traces"] as? [[String: Any]])
            #expect(rows.map { $0["status"] as? String } == ["success", "timeout", "success"])
            let row = try #require(rows.last)
            #expect(
                Set(row.keys)
                    == [
                        "request_id", "model", "provider", "tokens_in", "tokens_out", "cost_usd", "latency_ms",
                        "status",
                        "created_at",
                    ]
            )
            #expect(row["request_id"] as? String == "t_\(Self.trace)00f067aa0ba90202")
            #expect(row["model"] as? String == "gpt-4o-mini")
            #expect(row["provider"] as? String == "openai")
            #expect(row["tokens_in"] as? Int == 150 && row["tokens_out"] as? Int == 200)
            #expect(row["cost_usd"] as? Double == 0.0135)
            #expect(row["latency_ms"] as? Double == 612.3)
            #expect(row["created_at"] as? String == "2026-01-15T10:30:00Z")
            #expect(rows[0]["cost_usd"] is NSNull && rows[0]["tokens_out"] is NSNull)
            // The same under /v1/traces when a parameter or the view says so.
            for query in ["view=calls", "offset=0", "view=calls&limit=100", "end_date=2027-01-01"] {
                let same = try await server.send(.GET, "/v1/traces?\(query)").object()
                #expect(same as NSDictionary == answer as NSDictionary, "\(query)")
            }
            #expect(try await server.rows("/v1/traces").count == 1)
        }
    }

    @Test(
        arguments: [
            ("limit=2", ["4", "3"]), ("limit=2&offset=2", ["2"]), ("offset=9", []), ("model_id=gpt-4o-mini", ["2"]),
            ("model_id=gpt-4o", []), ("status=success", ["4", "2"]), ("status=timeout", ["3"]), ("status=error", []),
            ("source=shop", ["4", "3", "2"]), ("source=beta", ["2"]), ("source=acme", ["3"]), ("source=bet", []),
            ("start_date=2026-01-15T10:30:01Z", ["4", "3"]), ("end_date=2026-01-15T10:30:01Z", ["2"]),
            ("start_date=2026-01-15T10:30:00.1Z&end_date=2026-01-15T10:30:01.6Z", ["3", "2"]),
            ("counted=all", ["4", "3", "2"]), ("project=default", ["4", "3", "2"]), ("project=other", []),
        ] as [(String, [String])]
    )
    func `filters, limit and offset choose rows`(_ query: String, _ expected: [String]) async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            #expect(try await Self.ids(server, query) == expected)
        }
    }

    @Test(arguments: [
        "/v1/traces?source=shop", "/v1/traces?start_date=2026-01-15", "/v1/traces?view=calls", "/v1/calls?source=shop",
    ])
    func `pages of calls follow each other by the cursor, at both paths`(_ path: String) async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            var ids: [String] = []
            var next = ""
            for _ in 1...3 {
                let answer = try await server.send(.GET, "\(path)&limit=1\(next)")
                #expect(answer.status == 200, "\(answer.text)")
                let page = try answer.object()
                let rows = try #require(page["traces"] as? [[String: Any]])
                ids += rows.compactMap { ($0["request_id"] as? String).map { String($0.suffix(1)) } }
                next = (page["next_cursor"] as? String).map { "&cursor=\($0)" } ?? ""
            }
            #expect(ids == ["4", "3", "2"])
            #expect(next == "")
        }
    }

    @Test func `a call has its texts and metadata`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            for path in ["calls", "traces"] {
                let call = try await server.send(.GET, "/v1/\(path)/t_\(Self.trace)00f067aa0ba90202").object()
                #expect(call["input_text"] as? String == "What is <b>the</b> weather?")
                #expect(call["output_text"] as? String == "Sunny.")
                #expect(call["latency_ms"] as? Double == 612.3)
                #expect(call["counted"] as? String == "own")
                let metadata = try #require(call["metadata"] as? NSDictionary)
                #expect(
                    metadata
                        == ["user_id": "u-1", "session_id": "s-1", "tags": ["beta", "eu"], "feature": "search"]
                        as NSDictionary
                )
            }
            let failed = try await server.send(.GET, "/v1/calls/t_\(Self.trace)00f067aa0ba90203").object()
            #expect(failed["status"] as? String == "timeout")
            #expect(failed["input_text"] == nil && failed["output_text"] == nil)
        }
    }

    @Test(arguments: [
        ("/v1/calls/t_af91", 404, "trace_not_found"), ("/v1/traces/t_af91", 404, "trace_not_found"),
        ("/v1/calls/t_5bf92f3577b34da6a3ce929d0e0e473600f067aa0ba90201", 404, "trace_not_found"),
        ("/v1/calls?limit=0", 400, "invalid_request"), ("/v1/calls?limit=1001", 400, "invalid_request"),
        ("/v1/calls?offset=-1", 400, "invalid_request"), ("/v1/calls?start_date=yesterday", 400, "invalid_request"),
        ("/v1/calls?status=ok", 400, "invalid_request"), ("/v1/traces?model=a&model_id=b", 400, "invalid_request"),
        ("/v1/traces?view=traces&offset=1", 400, "invalid_request"), ("/v1/calls?cursor=a", 400, "invalid_request"),
        ("/v1/calls?view=traces", 400, "invalid_request"), ("/v1/traces?view=tree", 400, "invalid_request"),
    ])
    func `what cannot be answered is a clear error`(_ path: String, _ status: Int, _ code: String) async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let answer = try await server.send(.GET, path)
            #expect(answer.status == status)
            #expect(((try answer.object())["error"] as? [String: Any])?["code"] as? String == code)
        }
    }

    @Test func `without content a call has its numbers and no texts`() async throws {
        try await LiveServer.run { config in
            config.keepsContent = false
        } _: { (server: LiveServer) async throws -> Void in
            let type = [("Content-Type", "application/json")]
            _ = try await server.send(.POST, "/v1/traces", headers: type, body: Data(Self.export.utf8))
            let call = try await server.send(.GET, "/v1/calls/t_\(Self.trace)00f067aa0ba90202").object()
            #expect(call["tokens_in"] as? Int == 150)
            #expect(call["input_text"] == nil && call["output_text"] == nil)
        }
    }
}
