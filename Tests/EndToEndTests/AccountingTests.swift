// AccountingTests.swift - every call once and priced, from outside (attribute dictionary, section 9).

import TraceModel
import CollectorServer
import Foundation
import GenAISemantics
import Pricing
import Testing

/// A span to send, as OTLP/JSON.
private struct Draft {
    var id: Int
    var parent = 0
    var name = "step"
    /// Milliseconds after the start of the trace.
    var times = 0...100
    var attributes: [(String, Any)] = []

    var json: [String: Any] {
        var span: [String: Any] = [
            "traceId": Self.trace, "spanId": Self.hex(id), "name": name,
            "startTimeUnixNano": "\(1_750_000_000_000_000_000 + times.lowerBound * 1_000_000)",
            "endTimeUnixNano": "\(1_750_000_000_000_000_000 + times.upperBound * 1_000_000)",
            "attributes": attributes.map { ["key": $0.0, "value": Self.value($0.1)] as [String: Any] },
        ]
        if parent != 0 { span["parentSpanId"] = Self.hex(parent) }
        return span
    }

    static let trace = "0af7651916cd43dd8448eb211c80319c"

    static func hex(_ id: Int) -> String { "00f067aa0ba9020\(id)" }

    private static func value(_ any: Any) -> [String: Any] {
        switch any {
        case let number as Int: return ["intValue": "\(number)"]
        case let number as Double: return ["doubleValue": number]
        case let list as [Any]: return ["arrayValue": ["values": list.map(value)]]
        case let map as KeyValuePairs<String, Any>:
            return ["kvlistValue": ["values": map.map { ["key": $0.key, "value": value($0.value)] }]]
        default: return ["stringValue": "\(any)"]
        }
    }
}

struct AccountingTests {
    private static func body(_ spans: [Draft], scope: String = "") throws -> Data {
        let scopeSpans: [String: Any] = ["scope": ["name": scope], "spans": spans.map(\.json)]
        let body: [String: Any] = ["resourceSpans": [["scopeSpans": [scopeSpans]]]]
        return try JSONSerialization.data(withJSONObject: body)
    }

    private static func post(_ body: Data, to server: LiveServer) async throws {
        let answer = try await server.send(
            .POST,
            "/v1/traces",
            headers: [("Content-Type", "application/json")],
            body: body
        )
        #expect(answer.status == 200, "\(answer.text)")
    }

    /// What the trace shows after its spans were sent.
    private static func trace(_ spans: [Draft]) async throws -> (llm: [String: Any], spans: [[String: Any]]) {
        let box = Box()
        let body = try body(spans)
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            try await post(body, to: server)
            box.answer = try await server.send(.GET, "/v1/traces/\(Draft.trace)").body
        }
        let object = try #require(try JSONSerialization.jsonObject(with: box.answer) as? [String: Any])
        let data = try #require(object["data"] as? [String: Any])
        return (try #require(data["llm_summary"] as? [String: Any]), data["spans"] as? [[String: Any]] ?? [])
    }

    @Test func `a call that two instrumentations show counts once, though one comes after a restart`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let call = { (id: Int, times: ClosedRange<Int>) in
            Draft(
                id: id,
                parent: 1,
                times: times,
                attributes: [
                    ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"),
                    ("gen_ai.usage.input_tokens", 183), ("gen_ai.usage.output_tokens", 36),
                ]
            )
        }
        let client = try Self.body([Draft(id: 1), call(3, 3...42)], scope: "client")
        let framework = try Self.body([call(2, 2...43)], scope: "framework")
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            try await Self.post(client, to: server)
        }
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            try await Self.post(framework, to: server)
            let trace = try #require(try await server.data("/v1/traces/\(Draft.trace)") as? [String: Any])
            let llm = try #require(trace["llm_summary"] as? [String: Any])
            #expect(llm["calls"] as? Int == 1)
            #expect(llm["tokens_input"] as? Int == 183)
            let spans = try #require(trace["spans"] as? [[String: Any]])
            let rules = spans.compactMap { ($0["llm"] as? [String: Any])?["counted_rule"] as? String }
            #expect(rules == ["duplicate_by_scope", "own_call"])
            let sums = try await server.data("/v1/stats") as? [[String: Any]]
            #expect(sums?.first?["calls"] as? Int == 1)
        }
    }

    /// Carries an answer out of the server's task.
    private final class Box: @unchecked Sendable {
        // Written before the server ends, read after.
        var answer = Data()
    }

    private static func chat(
        _ id: Int,
        parent: Int = 0,
        times: ClosedRange<Int> = 0...100,
        tokens usage: (Int, Int)
    ) -> Draft {
        Draft(
            id: id,
            parent: parent,
            name: "chat",
            times: times,
            attributes: [
                ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"),
                ("gen_ai.usage.input_tokens", usage.0), ("gen_ai.usage.output_tokens", usage.1),
            ]
        )
    }

    @Test func `an inclusive input of 130,213 with 128,955 read and 1,253 written stays`() async throws {
        var call = Self.chat(1, tokens: (130_213, 10))
        call.attributes += [
            ("gen_ai.usage.cache_read.input_tokens", 128_955), ("gen_ai.usage.cache_creation.input_tokens", 1253),
        ]
        let llm = try await Self.trace([call]).llm
        #expect(llm["tokens_input"] as? Int == 130_213)
        #expect(llm["tokens_cache_read"] as? Int == 128_955)
        #expect(llm["tokens_cache_write"] as? Int == 1253)
    }

    @Test func `Claude Code's input of 2 beside 84,562 read and 7,096 written is 91,660`() async throws {
        let call = Draft(
            id: 1,
            name: "claude_code.llm_request",
            attributes: [
                ("model", "claude-sonnet-4-5"), ("input_tokens", 2), ("output_tokens", 9),
                ("cache_read_tokens", 84_562), ("cache_creation_tokens", 7096),
            ]
        )
        let llm = try await Self.trace([call]).llm
        #expect(llm["tokens_input"] as? Int == 91_660)
        #expect(llm["model"] as? String == "claude-sonnet-4-5")
    }

    @Test func `an agent span of 113/11 over chats of 56/5 and 57/6 is no third call`() async throws {
        let agent = Draft(
            id: 1,
            name: "invoke_agent",
            attributes: [
                ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.usage.input_tokens", 113),
                ("gen_ai.usage.output_tokens", 11),
            ]
        )
        let trace = try await Self.trace([
            agent, Self.chat(2, parent: 1, times: 0...40, tokens: (56, 5)),
            Self.chat(3, parent: 1, times: 50...90, tokens: (57, 6)),
        ])
        #expect(trace.llm["tokens_input"] as? Int == 113)
        #expect(trace.llm["tokens_output"] as? Int == 11)
        let counted = try #require(trace.spans[0]["llm"] as? [String: Any])
        #expect(counted["counted"] as? String == "aggregate")
        #expect(counted["counted_rule"] as? String == "aggregate_by_kind")
        #expect(Set(counted["counted_spans"] as? [String] ?? []) == [Draft.hex(2), Draft.hex(3)])
    }

    @Test func `an agent span that repeats its last call alone is no call either`() async throws {
        var agent = Self.chat(1, tokens: (2569, 99))
        agent.attributes[0].1 = "invoke_agent"
        let trace = try await Self.trace([
            agent, Self.chat(2, parent: 1, times: 0...40, tokens: (2239, 192)),
            Self.chat(3, parent: 1, times: 50...90, tokens: (2569, 99)),
        ])
        #expect(trace.llm["tokens_input"] as? Int == 4808)
        #expect(trace.llm["tokens_output"] as? Int == 291)
    }

    @Test func `a stream of the Vercel AI SDK and its inner span count once`() async throws {
        func span(_ id: Int, _ parent: Int, _ name: String) -> Draft {
            Draft(
                id: id,
                parent: parent,
                name: name,
                times: parent == 0 ? 0...100 : 10...90,
                attributes: [
                    ("operation.name", name), ("ai.operationId", name), ("ai.model.id", "gpt-4o"),
                    ("ai.model.provider", "openai.chat"), ("ai.usage.promptTokens", 50),
                    ("ai.usage.completionTokens", 7),
                ]
            )
        }
        let trace = try await Self.trace([span(1, 0, "ai.streamText"), span(2, 1, "ai.streamText.doStream")])
        #expect(trace.llm["tokens_input"] as? Int == 50)
        #expect(trace.llm["tokens_output"] as? Int == 7)
        #expect(trace.llm["calls"] as? Int == 1)
    }

    @Test func `a client span and a server span of the same request count once`() async throws {
        var client = Self.chat(1, tokens: (500, 20))
        client.attributes.append(("anthropic.request.id", "req_1"))
        var server = Self.chat(2, parent: 1, times: 5...90, tokens: (500, 20))
        server.attributes.append(("request_id", "req_1"))
        let trace = try await Self.trace([client, server])
        #expect(trace.llm["tokens_input"] as? Int == 500)
        #expect(trace.llm["calls"] as? Int == 1)
        let outer = try #require(trace.spans[0]["llm"] as? [String: Any])
        #expect(outer["counted_rule"] as? String == "duplicate_by_id")
        #expect(outer["counted_spans"] as? [String] == [Draft.hex(2)])
    }

    @Test func `a reported cost wins over the list price, which stands beside it`() async throws {
        let call = Draft(
            id: 1,
            attributes: [
                ("llm.vendor", "openai"), ("llm.model", "gpt-4"), ("llm.tokens.input", 150), ("llm.tokens.output", 200),
                ("llm.cost", 0.0135),
            ]
        )
        let llm = try await Self.trace([call]).llm
        #expect(llm["cost"] as? Double == 0.0135)
        #expect(llm["cost_reported"] as? Double == 0.0135)
        #expect(llm["cost_computed"] as? Double == 0.0165)
    }

    @Test func `a model with its provider before it has the price of the model`() async throws {
        var call = Self.chat(1, tokens: (1_000_000, 0))
        call.attributes[1].1 = "openai/gpt-4o"
        let trace = try await Self.trace([call])
        #expect(trace.llm["cost"] as? Double == 2.5)
        let price = (trace.spans[0]["llm"] as? [String: Any])?["price"] as? [String: Any]
        #expect(price?["model"] as? String == "gpt-4o")
        #expect(price?["provider"] as? String == "openai")
    }

    @Test func `input_cached_tokens is another name for what was read from the cache`() async throws {
        var call = Self.chat(1, tokens: (100, 1))
        call.attributes.append(("gen_ai.usage.input_cached_tokens", 60))
        let llm = try await Self.trace([call]).llm
        #expect(llm["tokens_input"] as? Int == 100)
        #expect(llm["tokens_cache_read"] as? Int == 60)
    }

    @Test func `messages as nested values and as a JSON string come out the same`() async throws {
        let part: KeyValuePairs<String, Any> = ["type": "text", "content": "Hi"]
        let message: KeyValuePairs<String, Any> = ["role": "user", "parts": [part] as [Any]]
        var nested = Self.chat(1, tokens: (1, 1))
        nested.attributes.append(("gen_ai.input.messages", [message] as [Any]))
        var text = nested
        text.attributes[4].1 = #"[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"#
        var shown: [NSArray] = []
        for draft in [nested, text] {
            let llm = try await Self.trace([draft]).spans[0]["llm"] as? [String: Any]
            shown.append(try #require(llm?["input_messages"] as? NSArray))
        }
        #expect(shown[0] == shown[1])
        #expect(shown[0].count == 1)
    }

    @Test func `a model without a price has no cost, and the summary says so`() async throws {
        var unknown = Self.chat(2, parent: 1, times: 0...40, tokens: (10, 1))
        unknown.attributes[1].1 = "in-house-7b"
        let llm = try await Self.trace([
            Draft(id: 1), unknown, Self.chat(3, parent: 1, times: 50...90, tokens: (1_000_000, 0)),
        ]).llm
        #expect(llm["cost"] as? Double == 2.5)
        #expect(llm["cost_complete"] as? Bool == false)
        let models = try #require(llm["models"] as? [[String: Any]])
        let entry = try #require(models.first { $0["model"] as? String == "in-house-7b" })
        #expect(entry["cost"] is NSNull)
        #expect(entry["tokens_input"] as? Int == 10)
    }

    @Test func `prices and attributes of the user's own count, and odd traces are found by what is odd`() async throws {
        try await LiveServer.run { config in
            config.prices = [CustomPrice(model: "acme-1", prices: ["input": "2", "output": "4"])]
            config.mappings = [
                AttributeMapping(attribute: "acme.model", field: .requestModel),
                AttributeMapping(attribute: "acme.in", field: .inputTokens),
                AttributeMapping(attribute: "acme.step", field: .kind, roles: ["complete": .llm]),
            ]
        } _: { (server: LiveServer) async throws -> Void in
            let call = Draft(
                id: 1,
                attributes: [
                    ("acme.model", "acme-1"), ("acme.in", 1_000_000), ("acme.step", "complete"),
                    ("gen_ai.usage.cost", 5.0), ("gen_ai.usage.output_tokens", 0),
                ]
            )
            try await Self.post(try Self.body([call]), to: server)
            let row = try #require(try await server.rows().first)
            let llm = try #require(row["llm_summary"] as? [String: Any])
            #expect(llm["cost"] as? Double == 5)
            #expect(llm["cost_computed"] as? Double == 2)
            #expect(row["warnings"] as? [String] == ["cost_differs"])
            for (query, count) in [
                ("has_warning=true", 1), ("has_warning=false", 0), ("warning=cost_differs", 1),
                ("warning=usage_missing", 0), ("warning=parent_missing", 0),
            ] {
                #expect(try await server.rows("/v1/traces?\(query)").count == count, "\(query)")
                let answer = try await server.send(.GET, "/v1/traces?\(query)&limit=1&count=true").object()
                #expect((answer["pagination"] as? [String: Any])?["total"] as? Int == count, "\(query)")
            }
            for query in ["warning=odd", "has_warning=yes", "warning=cost_differs&has_warning=true"] {
                #expect(try await server.send(.GET, "/v1/traces?\(query)").status == 400, "\(query)")
            }
        }
    }
}
