// SessionTests.swift - sessions, users, facets and prompts from outside.

import CollectorServer
import Foundation
import Testing

struct SessionTests {
    /// A chat of two traces in session `chat/1 ä`, one trace of another session, one without.
    private static func export() -> Data {
        func span(_ trace: Int, _ id: Int, parent: Int?, _ name: String, at second: Int, _ attributes: [String: Any])
            -> [String: Any]
        {
            var span: [String: Any] = [
                "traceId": "5bf92f3577b34da6a3ce929d0e0e000\(trace)", "spanId": "00f067aa0ba9020\(id)", "name": name,
                "startTimeUnixNano": "\(1_768_473_000 + second)000000000",
                "endTimeUnixNano": "\(1_768_473_001 + second)500000000",
                "attributes": attributes.map { key, value in
                    let typed: [String: Any] =
                        switch value {
                        case let text as String: ["stringValue": text]
                        case let number as Int: ["intValue": "\(number)"]
                        default: ["doubleValue": value]
                        }
                    return ["key": key, "value": typed] as [String: Any]
                },
            ]
            if let parent { span["parentSpanId"] = "00f067aa0ba9020\(parent)" }
            return span
        }
        func call(_ question: String, _ answer: String) -> [String: Any] {
            func text(_ role: String, _ text: String) -> String {
                "[{\"role\":\"\(role)\",\"parts\":[{\"type\":\"text\",\"content\":\"\(text)\"}]}]"
            }
            return [
                "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5, "gen_ai.usage.cost": 0.07,
                "gen_ai.input.messages": text("user", question), "gen_ai.output.messages": text("assistant", answer),
            ]
        }
        let session: [String: Any] = ["session.id": "chat/1 ä", "user.id": "ann"]
        let spans = [
            span(1, 1, parent: nil, "turn", at: 0, session),
            span(1, 2, parent: 1, "chat", at: 0, call("Which tool?", "The search.")),
            span(1, 3, parent: 1, "chat", at: 1, call("What did it find?", "Rain.")),
            span(2, 4, parent: nil, "turn", at: 60, session),
            span(2, 5, parent: 4, "chat", at: 60, call("And tomorrow?", "Sun.")),
            span(
                3,
                6,
                parent: nil,
                "chat",
                at: 30,
                call("And tomorrow?", "Sun.").merging(["session.id": "other"]) { $1 }
            ),
            span(4, 7, parent: nil, "job", at: 90, ["input.value": "{}"]),
        ]
        let resource: [String: Any] = [
            "attributes": [["key": "service.name", "value": ["stringValue": "shop"]]]
        ]
        let body: [String: Any] = ["resourceSpans": [["resource": resource, "scopeSpans": [["spans": spans]]]]]
        // The same in every run, and valid.
        return (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
    }

    private static func withServer(_ body: @escaping @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let type = [("Content-Type", "application/json")]
            let posted = try await server.send(.POST, "/v1/traces", headers: type, body: export())
            #expect(posted.status == 200)
            try await body(server)
        }
    }

    private static func rows(_ server: LiveServer, _ path: String) async throws -> [[String: Any]] {
        let answer = try await server.send(.GET, path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return try #require(try answer.object()["data"] as? [[String: Any]])
    }

    @Test func `sessions are listed with totals, the newest first, and paged`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let rows = try await Self.rows(server, "/v1/sessions")
            #expect(rows.map { $0["session_id"] as? String } == ["chat/1 ä", "other"])
            let first = try #require(rows.first)
            #expect(first["project"] as? String == "default")
            #expect(first["user_id"] as? String == "ann")
            #expect(first["first_time"] as? String == "2026-01-15T10:30:00.000Z")
            #expect(first["last_time"] as? String == "2026-01-15T10:31:01.500Z")
            #expect(first["traces"] as? Int == 2)
            #expect(first["calls"] as? Int == 3)
            #expect(first["errors"] as? Int == 0)
            #expect(first["tokens_input"] as? Int == 30)
            #expect(first["tokens_output"] as? Int == 15)
            #expect(first["cost"] as? Double == 0.21)
            #expect(rows[1]["user_id"] is NSNull)
            let page = try await server.send(.GET, "/v1/sessions?limit=1").object()
            let pagination = try #require(page["pagination"] as? [String: Any])
            #expect(pagination["has_more"] as? Bool == true)
            let cursor = try #require(pagination["next_cursor"] as? String)
            let next = try await Self.rows(server, "/v1/sessions?limit=1&cursor=\(cursor)")
            #expect(next.map { $0["session_id"] as? String } == ["other"])
            #expect(try await server.send(.GET, "/v1/sessions?status=ok&cursor=\(cursor)").status == 400)
            #expect(try await server.send(.GET, "/v1/users?cursor=\(cursor)").status == 400)
            #expect(try await server.send(.GET, "/v1/sessions?sort=cost").status == 400)
            #expect(try await server.send(.POST, "/v1/sessions").status == 405)
        }
    }

    @Test func `a session shows its traces in order and what was said`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let path = "/v1/sessions/chat%2F1%20%C3%A4"
            let answer = try await server.send(.GET, path)
            #expect(answer.status == 200, "\(answer.text)")
            let data = try #require(try answer.object()["data"] as? [String: Any])
            #expect(data["session_id"] as? String == "chat/1 ä")
            #expect(data["trace_count"] as? Int == 2)
            #expect(data["cost"] as? Double == 0.21)
            let traces = try #require(data["traces"] as? [[String: Any]])
            let ids = ["5bf92f3577b34da6a3ce929d0e0e0001", "5bf92f3577b34da6a3ce929d0e0e0002"]
            #expect(traces.map { $0["trace_id"] as? String } == ids)
            let turns = try #require(data["conversation"] as? [[String: Any]])
            #expect(turns.map { $0["trace_id"] as? String } == ids)
            #expect(turns.map { $0["input_text"] as? String } == ["Which tool?", "And tomorrow?"])
            #expect(turns.map { $0["output_text"] as? String } == ["Rain.", "Sun."])
            #expect(turns[0]["model"] as? String == "gpt-4o-mini")
            #expect(turns[0]["cost"] as? Double == 0.14)
            #expect(turns[0]["duration_ms"] as? Double == 2500)
            #expect(turns[0]["status"] as? String == "ok")
            let page = try await server.send(.GET, path + "?limit=1").object()
            let cursor = try #require((page["pagination"] as? [String: Any])?["next_cursor"] as? String)
            let next = try await server.send(.GET, path + "?limit=1&cursor=\(cursor)").object()
            let rest = (next["data"] as? [String: Any])?["traces"] as? [[String: Any]]
            #expect(rest?.map { $0["trace_id"] as? String } == [ids[1]])
            #expect((next["pagination"] as? [String: Any])?["has_more"] as? Bool == false)
            #expect(try await server.send(.GET, "/v1/sessions/other?cursor=\(cursor)").status == 400)
            let missing = try await server.send(.GET, "/v1/sessions/nobody")
            #expect(missing.status == 404)
            #expect(missing.text.contains("\"not_found\""))
            #expect(try await server.send(.PUT, path).status == 405)
        }
    }

    @Test func `sessions of two projects with one name are two`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let headers = [("Content-Type", "application/json"), ("X-Skein-Project", "second")]
            #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: Self.export()).status == 200)
            #expect(try await Self.rows(server, "/v1/sessions").count == 4)
            #expect(try await Self.rows(server, "/v1/sessions?project=second").count == 2)
            let answer = try await server.send(.GET, "/v1/sessions/other").object()
            let data = try #require(answer["data"] as? [String: Any])
            #expect(data["trace_count"] as? Int == 1)
            let projects = [data["project"] as? String, (data["also_in_projects"] as? [String])?.first]
            #expect(Set(projects) == ["default", "second"])
            let one = try await server.send(.GET, "/v1/sessions/other?project=default").object()
            #expect((one["data"] as? [String: Any])?["also_in_projects"] == nil)
        }
    }

    @Test func `users have sessions, and facets have counts`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let users = try await Self.rows(server, "/v1/users")
            #expect(users.map { $0["user_id"] as? String } == ["ann"])
            #expect(users.first?["sessions"] as? Int == 1)
            #expect(users.first?["traces"] as? Int == 2)
            let answer = try await server.send(.GET, "/v1/facets").object()
            let data = try #require(answer["data"] as? [String: [[String: Any]]])
            #expect(Set(data.keys) == ["model", "provider", "service", "project", "operation", "status"])
            #expect(data["model"]?.first?["value"] as? String == "gpt-4o-mini")
            #expect(data["model"]?.first?["calls"] as? Int == 4)
            #expect(data["model"]?.first?["traces"] as? Int == 3)
            #expect(data["status"]?.map { $0["value"] as? String } == ["success"])
            #expect(answer["truncated"] as? Bool == false)
            let some = try await server.send(.GET, "/v1/facets?fields=tool,service&from=2026-01-01").object()
            #expect(((some["data"] as? [String: Any])?["tool"] as? [Any])?.isEmpty == true)
            #expect(some["search_lag_parts"] is Int)
            #expect(try await server.send(.GET, "/v1/facets?fields=colour").status == 400)
            #expect(try await server.send(.GET, "/v1/facets?fields=tool&model=m").status == 400)
            #expect(try await server.send(.POST, "/v1/facets").status == 405)
            #expect(try await server.send(.POST, "/v1/users").status == 405)
        }
    }

    @Test func `prompts that are sent again are ranked, and a call tells of its own`() async throws {
        try await Self.withServer { (server: LiveServer) async throws -> Void in
            let deadline = ContinuousClock.now + .seconds(60)
            var answer = try await server.send(.GET, "/v1/prompts").object()
            while answer["search_lag_parts"] as? Int != 0, ContinuousClock.now < deadline {
                await Task.yield()
                answer = try await server.send(.GET, "/v1/prompts").object()
            }
            #expect((answer["data"] as? [[String: Any]])?.count == 1)
            let rows = try await Self.rows(server, "/v1/prompts?from=2026-01-10&to=2026-01-20&sort=cost")
            let row = try #require(rows.first)
            #expect(row["count"] as? Int == 2)
            #expect(row["cost"] as? Double == 0.14)
            // Ten days to thirty.
            #expect(row["cost_per_month"] as? Double == 0.42)
            #expect(row["tokens_input"] as? Int == 20)
            #expect(row["model"] as? String == "gpt-4o-mini")
            #expect(row["input_text"] as? String == "And tomorrow?")
            #expect(row["first_time"] as? String == "2026-01-15T10:30:30.000Z")
            let hash = try #require(row["prompt_hash"] as? String)
            #expect(hash.count == 64)
            let id = try #require(row["example_request_id"] as? String)
            let call = try await server.send(.GET, "/v1/calls/\(id)").object()
            #expect(call["prompt_hash"] as? String == hash)
            let last = "t_5bf92f3577b34da6a3ce929d0e0e000200f067aa0ba90205"
            let same = try await server.send(.GET, "/v1/calls/\(last)").object()["same_prompt"] as? [String: Any]
            #expect(same?["calls_this_week"] as? Int == 2)
            #expect(same?["cost_per_month"] as? Double == 0.6)
            #expect(try await Self.rows(server, "/v1/prompts?min_count=3").isEmpty)
            #expect(try await Self.rows(server, "/v1/prompts?min_count=1").count == 3)
            #expect(try await server.send(.GET, "/v1/prompts?sort=age").status == 400)
            #expect(try await server.send(.POST, "/v1/prompts").status == 405)
        }
    }
}
