// MaskingTests.swift - what is masked never reaches the disk, whatever way it came.

import CollectorServer
import Foundation
import IngestPipeline
import TestSupport
import Testing
import TraceModel

@Suite(.timeLimit(.minutes(2)))
struct MaskingTests {
    private static let json = [("Content-Type", "application/json")]
    private static let protobuf = [("Content-Type", "application/x-protobuf")]

    /// Text that no compression and no page can hide: it is looked for decoded as well.
    private static let secret = "QZXJ-secret-4711"

    private static func span(_ trace: UInt64, _ id: UInt64, _ more: (String, SampleValue)...) -> SampleSpan {
        var span = SampleSpan(trace: trace, id: id, name: "chat").with(
            ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.usage.input_tokens", 7),
            ("gen_ai.prompt.0.content", .text("Tell \(secret) to nobody")),
            ("note", .text("see \(secret)"))
        )
        span.attributes += more
        return span
    }

    private static func holdsSecret(_ folder: String) throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try files.filter { file in
            // Nothing can be read of a socket.
            if file == "skein.sock" { return false }
            let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
            return data.range(of: Data(secret.utf8)) != nil || data.range(of: Data("QZXJ".utf8)) != nil
        }
    }

    @Test func `a rule masks what comes over HTTP and gRPC, and the disk never sees it`() async throws {
        let configure: @Sendable (inout CollectorConfig) -> Void = { config in
            config.redaction = [RedactionRule(target: .pattern(#"QZXJ-\w+-\d+"#), replacement: "[gone]")]
        }
        try await LiveServer.run(configure: configure) { server in
            let first = SampleSpan.request([Self.span(1, 1)], service: "service of \(Self.secret)")
            let sent = try await server.send(.POST, "/v1/traces", headers: Self.protobuf, body: Data(first))
            #expect(sent.status == 200)
            #expect(sent.body.isEmpty)
            let reply = try await server.call(.exportTraces, SampleSpan.request([Self.span(2, 1)]))
            #expect(reply.message == [])
            let text =
                #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000b","name":"\#(Self.secret)"}]}]}]}"#
            #expect(try await server.send(.POST, "/v1/traces", headers: Self.json, body: Data(text.utf8)).status == 200)

            let rows = try await server.rows()
            #expect(rows.count == 3)
            for row in rows {
                let id = try #require(row["trace_id"] as? String)
                for path in ["/v1/traces/\(id)", "/v1/traces/\(id)?view=otlp", "/v1/traces/\(id)?view=tree"] {
                    let answer = try await server.send(.GET, path)
                    #expect(answer.text.contains("[gone]"))
                    #expect(!answer.text.contains("QZXJ"))
                }
            }
            let list = try await server.send(.GET, "/v1/traces")
            #expect(!list.text.contains("QZXJ"))
            #expect(list.text.contains("service of [gone]"))
            #expect(try Self.holdsSecret(server.folder) == [])
        }
    }

    @Test func `the disk is looked at in a way that finds the secret where it is stored`() async throws {
        try await LiveServer.run { server in
            let span = SampleSpan(trace: 1, id: 1, name: Self.secret)
            _ = try await server.send(
                .POST,
                "/v1/traces",
                headers: Self.protobuf,
                body: Data(SampleSpan.request([span]))
            )
            #expect(try !Self.holdsSecret(server.folder).isEmpty)
        }
    }

    @Test func `without content the numbers come out, and the texts are null`() async throws {
        try await LiveServer.run(configure: { $0.keepsContent = false }) { server in
            let long = SampleValue.text(Self.secret + String(repeating: " and so on", count: 40))
            let body = Data(SampleSpan.request([Self.span(1, 1, ("long", long))]))
            let sent = try await server.send(.POST, "/v1/traces", headers: Self.protobuf, body: body)
            #expect(sent.status == 200)
            let row = try #require(try await server.rows().first)
            let summary = try #require(row["llm_summary"] as? [String: Any])
            #expect(summary["tokens_input"] as? Int == 7)
            #expect(summary["model"] as? String == "gpt-4o")
            let id = try #require(row["trace_id"] as? String)
            let trace = try #require(try await server.data("/v1/traces/\(id)") as? [String: Any])
            let span = try #require((trace["spans"] as? [[String: Any]])?.first)
            let attributes = try #require(span["attributes"] as? [String: Any])
            #expect(attributes["gen_ai.prompt.0.content"] is NSNull)
            #expect(attributes["long"] is NSNull)
            #expect(attributes["note"] as? String == "see \(Self.secret)")
        }
    }

    @Test func `a span sent twice is one, with masking too`() async throws {
        try await LiveServer.run(
            configure: {
                $0.keepsContent = false
                $0.redaction = [RedactionRule(target: .attribute("note"))]
            },
            { server in
                let body = Data(SampleSpan.request([Self.span(1, 1), Self.span(1, 2)]))
                for _ in 0..<2 {
                    let sent = try await server.send(.POST, "/v1/traces", headers: Self.protobuf, body: body)
                    #expect(sent.status == 200)
                }
                let metrics = try await server.send(.GET, "/metrics").text
                #expect(Self.sum("exporter_sent_spans", metrics) == 2)
                #expect(Self.sum("exporter_duplicate_spans", metrics) == 2)
                #expect(Self.sum("processor_masked_spans", metrics) == 4)
                #expect(try await server.rows().first?["span_count"] as? Int == 2)
                #expect(try Self.holdsSecret(server.folder) == [])
            }
        )
    }

    @Test func `a span that a rule cannot finish is rejected by name, and every span is accounted for`() async throws {
        let configure: @Sendable (inout CollectorConfig) -> Void = { config in
            config.redaction = [RedactionRule(target: .pattern("Q(.*X)?"))]
        }
        try await LiveServer.run(configure: configure) { server in
            let hard = SampleSpan(trace: 1, id: 1).with(("k", .text(String(repeating: "Q", count: 20_000))))
            let request = SampleSpan.request([hard, SampleSpan(trace: 1, id: 2), SampleSpan(trace: 2, id: 3)])
            let reply = try await server.call(.exportTraces, request)
            let message = String(decoding: try #require(reply.message), as: UTF8.self)
            #expect(message.contains("redaction rule 1 (pattern)"))
            #expect(!message.contains("QQ"))
            let alone = try await server.send(
                .POST,
                "/v1/traces",
                headers: Self.protobuf,
                body: Data(SampleSpan.request([hard]))
            )
            #expect(alone.status == 200)
            let metrics = try await server.send(.GET, "/metrics").text
            #expect(Self.sum("receiver_received_spans", metrics) == 4)
            #expect(Self.sum("exporter_sent_spans", metrics) == 2)
            #expect(Self.sum("receiver_rejected_spans", metrics) == 2)
            #expect(Self.sum("processor_refused_spans", metrics) == 2)
            #expect(try await server.rows().count == 2)
        }
    }

    @Test(arguments: ["plain-semconv", "plain-llm-dialect", "logfire-pydantic-ai", "openllmetry-anthropic"])
    func `a capture has the same summaries with and without content`(_ name: String) async throws {
        let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let bodies = try names.filter { $0.first?.isNumber == true }.map { file in
            (file, try Data(contentsOf: folder.appendingPathComponent(file)))
        }
        let summaries: @Sendable (Bool) async throws -> [String] = { keepsContent in
            let found = Summaries()
            try await LiveServer.run(configure: { $0.keepsContent = keepsContent }) { server in
                for (file, body) in bodies {
                    let type = file.hasSuffix(".json") ? Self.json : Self.protobuf
                    let gzip = body.starts(with: [0x1F, 0x8B]) ? [("Content-Encoding", "gzip")] : []
                    let sent = try await server.send(.POST, "/v1/traces", headers: type + gzip, body: body)
                    #expect(sent.status == 200)
                }
                for row in try await server.rows("/v1/traces?limit=100&project=default") {
                    let summary = try JSONSerialization.data(
                        withJSONObject: try #require(row["llm_summary"]),
                        options: .sortedKeys
                    )
                    await found.add("\(row["trace_id"] ?? "") \(String(decoding: summary, as: UTF8.self))")
                }
            }
            return await found.all.sorted()
        }
        let kept = try await summaries(true)
        #expect(!kept.isEmpty)
        #expect(try await summaries(false) == kept)
    }

    private static func sum(_ counter: String, _ text: String) -> Int {
        text.split(separator: "\n").filter { $0.hasPrefix("skein_\(counter)_total") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }
}

private actor Summaries {
    private(set) var all: [String] = []

    func add(_ summary: String) {
        all.append(summary)
    }
}
