// LogTests.swift - logs from outside: content joins its span, calls become spans.

import CollectorServer
import Foundation
import GRPCCore
import TestSupport
import Testing
import TraceModel

@Suite(.timeLimit(.minutes(5)))
struct LogTests {
    /// A way of log records into the collector.
    enum Way: String, CaseIterable {
        case protobuf, json, grpc
    }

    private static func post(_ capture: LogCapture, by way: Way, to server: LiveServer) async throws {
        for body in way == .json ? try capture.json() : capture.bodies {
            if way == .grpc {
                let metadata: Metadata = ["x-skein-project": .string(capture.name)]
                let reply = try await server.call(.exportLogs, Array(body), metadata: metadata)
                #expect(reply.message == [])
                continue
            }
            let type = way == .json ? "application/json" : "application/x-protobuf"
            let headers = [("Content-Type", type), ("X-Skein-Project", capture.name)]
            let answer = try await server.send(.POST, "/v1/logs", headers: headers, body: body)
            #expect(answer.status == 200)
            #expect(answer.text == (way == .json ? "{}" : ""))
        }
    }

    /// Checks that what the records of a capture say stands in the conversation of their spans.
    private static func check(_ capture: LogCapture, on server: LiveServer) async throws {
        for (span, records) in Dictionary(grouping: try capture.records(), by: { "\($0.trace)/spans/\($0.span)" }) {
            let path = "/v1/traces/\(span)?project=\(capture.name)"
            let shown = try #require(try await server.data(path) as? [String: Any])
            // Beside the attributes: neither holds any.
            let holder = try #require(shown["llm"] as? [String: Any] ?? shown["content"] as? [String: Any])
            let output = holder["output_messages"] as? [Any] ?? []
            let text = String(describing: holder)
            for wanted in records.flatMap(\.texts) {
                #expect(text.contains(wanted), "\(wanted) in span \(span)")
            }
            if capture.name.hasPrefix("otel-openai"), records.contains(where: { $0.event == "gen_ai.choice" }) {
                #expect((holder["content_source"] as? [String: Any])?["output"] as? String == "event:gen_ai.choice")
                #expect(output.count == records.count { $0.event == "gen_ai.choice" })
            }
        }
    }

    @Test(arguments: LogCapture.names, Way.allCases)
    func `the content of a capture is in the conversations of its spans, sent before or after them`(
        _ name: String,
        _ way: Way
    ) async throws {
        for logsFirst in [true, false] {
            try await LiveServer.run { (server: LiveServer) async throws -> Void in
                let capture = try LogCapture(name)
                let traces = try Capture(name)
                if logsFirst {
                    try await Self.post(capture, by: way, to: server)
                    #expect(try await server.rows(headers: [("X-Skein-Project", name)]).isEmpty)
                }
                try await traces.post(to: server)
                if !logsFirst { try await Self.post(capture, by: way, to: server) }
                // Once more: each record is shown once.
                try await Self.post(capture, by: way, to: server)
                try await Self.check(capture, on: server)
                let rows = try await server.rows("/v1/traces?limit=100", headers: [("X-Skein-Project", name)])
                #expect(rows.count == traces.traces.count)
            }
        }
    }

    @Test func `there are captures with logs`() {
        #expect(LogCapture.names.count >= 5)
    }

    @Test func `a restart between logs and spans loses nothing`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let name = "otel-openai-v2-content"
        try await LiveServer.run(folder: folder) { server in
            try await Self.post(LogCapture(name), by: .protobuf, to: server)
        }
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            #expect(try await server.rows().isEmpty)
            let record = try #require(try LogCapture(name).records().first)
            #expect(try await server.send(.GET, "/v1/traces/\(record.trace)").status == 404)
            #expect(try await server.send(.GET, "/v1/traces/\(record.trace)/spans/\(record.span)").status == 404)
            try await Capture(name).post(to: server)
        }
        try await LiveServer.run(folder: folder) { server in
            try await Self.check(LogCapture(name), on: server)
        }
    }

    // MARK: calls

    private static let claude = SampleRecord("claude_code.api_request").with(
        ("model", "claude-sonnet-4-5"),
        ("input_tokens", 2),
        ("output_tokens", 300),
        ("cache_read_tokens", 84_562),
        ("cache_creation_tokens", 100),
        ("cost_usd", "0.031415"),
        ("duration_ms", 1500),
        ("request_id", "req_1"),
        ("session.id", "session-1"),
        ("user.id", "user-1")
    )

    private static func send(_ records: [SampleRecord], to server: LiveServer) async throws {
        let body = Data(SampleRecord.request(records, service: "claude-code"))
        let headers = [("Content-Type", "application/x-protobuf")]
        let answer = try await server.send(.POST, "/v1/logs", headers: headers, body: body)
        #expect(answer.status == 200 && answer.body.isEmpty)
    }

    @Test func `requests of Claude Code are one trace of a session, with exact tokens and cost`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            var second = Self.claude.with(("request_id", "req_2"))
            second.time += 2_000_000_000
            var failed = SampleRecord("claude_code.api_error").with(
                ("model", "claude-sonnet-4-5"),
                ("error", "Overloaded"),
                ("status_code", "529"),
                ("request_id", "req_3"),
                ("session.id", "session-1")
            )
            failed.time += 3_000_000_000
            try await Self.send([Self.claude, second, failed], to: server)
            try await Self.send([Self.claude], to: server)
            let rows = try await server.rows()
            #expect(rows.count == 1)
            let summary = try #require(rows[0]["llm_summary"] as? [String: Any])
            #expect(rows[0]["span_count"] as? Int == 3)
            #expect(summary["tokens_input"] as? Int == 2 * 84_664)
            #expect(summary["tokens_output"] as? Int == 600)
            #expect(summary["tokens_cache_read"] as? Int == 2 * 84_562)
            let id = try #require(rows[0]["trace_id"] as? String)
            let text = try await server.send(.GET, "/v1/traces/\(id)").text
            #expect(text.contains(#""cost":0.06283,"#))
            let data = try #require(try await server.data("/v1/traces/\(id)") as? [String: Any])
            let spans = try #require(data["spans"] as? [[String: Any]])
            #expect(spans.allSatisfy { $0["synthesized"] as? Bool == true && $0["warnings"] == nil })
            #expect(spans.map { $0["duration_ms"] as? Double } == [1500, 1500, 0])
            #expect(spans.map { ($0["status"] as? [String: String])?["code"] } == ["UNSET", "UNSET", "ERROR"])
            let found = try await server.rows("/v1/traces?session_id=session-1&user_id=user-1")
            #expect(found.count == 1)
        }
    }

    @Test func `the same request as a real span counts once, and the span counts`() async throws {
        for logsFirst in [true, false] {
            try await LiveServer.run { (server: LiveServer) async throws -> Void in
                var span = SampleSpan(trace: 1, id: 1, name: "claude_code.llm_request", lasting: 1_500_000_000).with(
                    ("model", "claude-sonnet-4-5"),
                    ("input_tokens", 2),
                    ("output_tokens", 300),
                    ("cache_read_tokens", 84_562),
                    ("cache_creation_tokens", 100),
                    ("request_id", "req_1")
                )
                span.start -= 1_500_000_000
                var record = Self.claude
                record.trace = span.trace
                let requests = [record.with(("other", "id")), record]
                var own = record
                own.span = span.id
                if logsFirst { try await Self.send(requests + [own], to: server) }
                let headers = [("Content-Type", "application/x-protobuf")]
                let body = Data(SampleSpan.request([span]))
                #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: body).status == 200)
                if !logsFirst { try await Self.send(requests + [own], to: server) }
                let row = try #require(try await server.rows().first)
                let summary = try #require(row["llm_summary"] as? [String: Any])
                #expect(row["span_count"] as? Int == 2)
                #expect(summary["tokens_input"] as? Int == 84_664)
                #expect(summary["tokens_output"] as? Int == 300)
                #expect(summary["calls"] as? Int == 1)
                let real = try await server.data("/v1/traces/\(span.trace.hex)/spans/\(span.id.hex)")
                let shown = try #require(real as? [String: Any])
                #expect(shown["name"] as? String == "claude_code.llm_request")
                #expect(shown["synthesized"] == nil)
            }
        }
    }

    @Test func `without content records with content are not stored, and calls lose their texts`() async throws {
        try await LiveServer.run(configure: { $0.keepsContent = false }) { (server: LiveServer) async throws -> Void in
            let content = SampleRecord("gen_ai.user.message", trace: 1, span: 1).saying(("content", "secret words"))
            try await Self.send([content, Self.claude.with(("prompt", "secret words"))], to: server)
            let body = Data(SampleSpan.request([SampleSpan(trace: 1, id: 1)]))
            let headers = [("Content-Type", "application/x-protobuf")]
            _ = try await server.send(.POST, "/v1/traces", headers: headers, body: body)
            let rows = try await server.rows()
            #expect(rows.count == 2)
            for row in rows {
                let id = try #require(row["trace_id"] as? String)
                #expect(try await !server.send(.GET, "/v1/traces/\(id)").text.contains("secret words"))
            }
            let metrics = try await server.send(.GET, "/metrics").text
            #expect(
                metrics.contains(
                    "skein_receiver_ignored_log_records_total{encoding=\"protobuf\",transport=\"http\"} 1"
                )
                    || metrics.contains(
                        "skein_receiver_ignored_log_records_total{transport=\"http\",encoding=\"protobuf\"} 1"
                    )
            )
        }
    }

    @Test func `bad messages over gRPC are refused`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            #expect(try await server.call(.exportLogs, [1, 2, 3]).error?.code == .invalidArgument)
        }
    }
}
