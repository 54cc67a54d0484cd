// CorpusTests.swift - every capture of real instrumentation goes in, and its structure comes out.

import Foundation
import TestSupport
import Testing

struct CorpusTests {
    @Test(arguments: Fixtures.captures)
    func `a capture posts with success, and its traces, tokens, calls and models come out`(_ name: String) async throws
    {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let capture = try Capture(name)
            try await capture.post(to: server)
            let rows = try await server.rows("/v1/traces?limit=100", headers: [("X-Skein-Project", name)])
            #expect(rows.count == capture.traces.count)
            for row in rows {
                let id = try #require(row["trace_id"] as? String)
                let truth = try #require(capture.traces[id], "trace \(id) is not of this capture")
                #expect(row["span_count"] as? Int == truth.distinctSpans)
                let root = try #require(row["root_span"] as? [String: Any])
                if let rootName = truth.rootName {
                    #expect(root["name"] as? String == rootName)
                    #expect(root["provisional"] as? Bool != true)
                } else {
                    #expect(root["provisional"] as? Bool == true)
                }
                let detail = try #require(try await server.data("/v1/traces/\(id)?project=\(name)") as? [String: Any])
                #expect((detail["spans"] as? [Any])?.count == truth.distinctSpans)
                truth.check(row["llm_summary"] as? [String: Any] ?? [:], of: id)
            }
        }
    }

    @Test func `the corpus is there`() {
        #expect(Fixtures.captures.count >= 41)
    }
}

/// A capture of the corpus: what was sent, and what is true of it.
struct Capture {
    struct Trace {
        var distinctSpans: Int
        var rootName: String?
        var output: Int
        /// Without and with the tokens of embeddings.
        var acceptedInput: [Int]
        /// Input and output as the spans state them, where they cannot state the truth.
        var stated: [Int]?
        /// The parts of the tokens by the member of the summary.
        var parts: [String: Int]
        /// At least those that are on the wire, at most those that were served.
        var calls: ClosedRange<Int>
        /// Attempts that an SDK made again by itself are not on the wire.
        var errors: ClosedRange<Int>
        var providers: Set<String>
        var models: Set<String>

        /// Holds a summary against the truth.
        func check(_ llm: [String: Any], of id: String) {
            let input = llm["tokens_input"] as? Int ?? 0
            let output = llm["tokens_output"] as? Int ?? 0
            if stated != [input, output] {
                #expect(acceptedInput.contains(input), "input tokens of \(id)")
                #expect(output == self.output, "output tokens of \(id)")
            }
            // What is not on the wire is unknown, never another number.
            for (member, count) in parts {
                #expect([0, count].contains(llm[member] as? Int ?? 0), "\(member) of \(id)")
            }
            #expect(calls.contains(llm["calls"] as? Int ?? 0), "calls of \(id)")
            #expect(errors.contains(llm["errors"] as? Int ?? 0), "errors of \(id)")
            #expect(providers.isSuperset(of: llm["providers"] as? [String] ?? []), "providers of \(id)")
            let models = (llm["models"] as? [[String: Any]] ?? []).compactMap { $0["model"] as? String }
            #expect(self.models.isSuperset(of: models.map(Self.bare)), "models of \(id)")
        }

        /// A model without what gateways put before it.
        static func bare(_ model: String) -> String {
            let name = model.split(separator: "/").last.map(String.init) ?? model
            for maker in ["anthropic.", "amazon."] where name.hasPrefix(maker) {
                return String(name.dropFirst(maker.count))
            }
            return name
        }
    }

    private struct Request {
        var headers: [(String, String)]
        var body: Data
    }

    let name: String
    let traces: [String: Trace]
    private let requests: [Request]

    init(_ name: String) throws {
        self.name = name
        let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
        func json(_ file: String) throws -> [String: Any] {
            let data = try Data(contentsOf: folder.appendingPathComponent(file))
            return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        let expected = try #require(try json("expected.json")["traces"] as? [[String: Any]])
        traces = try expected.reduce(into: [:]) { traces, trace in
            let id = try #require(trace["trace_id"] as? String)
            traces[id] = try Self.truth(trace)
        }
        let sent = try #require(try json("headers.json")["requests"] as? [[String: Any]])
        requests = try sent.filter { $0["signal"] as? String == "traces" && $0["file"] is String }.map { request in
            let file = try #require(request["file"] as? String)
            return Request(
                headers: Self.headers(request),
                body: try Data(contentsOf: folder.appendingPathComponent(file))
            )
        }
    }

    func post(to server: LiveServer) async throws {
        for request in requests {
            let answer = try await server.send(
                .POST,
                "/v1/traces",
                headers: request.headers + [("X-Skein-Project", name)],
                body: request.body
            )
            #expect(answer.status == 200)
            #expect(answer.contentType == request.headers[0].1)
        }
    }

    /// A gRPC message is plain protobuf and goes as such.
    private static func headers(_ request: [String: Any]) -> [(String, String)] {
        let sent = (request["headers"] as? [String: String] ?? [:]).map { ($0.key.lowercased(), $0.value) }
        let isHTTP = request["transport"] as? String == "http"
        let type = isHTTP ? sent.first { $0.0 == "content-type" }?.1 : nil
        var headers = [("Content-Type", type ?? "application/x-protobuf")]
        if isHTTP, let encoding = sent.first(where: { $0.0 == "content-encoding" })?.1, !encoding.isEmpty {
            headers.append(("Content-Encoding", encoding))
        }
        return headers
    }

    /// The fair test of the corpus: good chat calls whose usage was sent, and whose numbers are on the wire.
    private static func truth(_ trace: [String: Any]) throws -> Trace {
        let calls = try #require(trace["llm_calls"] as? [[String: Any]])
        func counted(_ kind: String) -> [[String: Any]] {
            calls.filter { call in
                call["kind"] as? String == kind && call["ok"] as? Bool == true
                    && call["usage_sent_to_client"] as? Bool == true
                    && (call["seen_on_wire"] as? [Any])?.isEmpty == false
            }
        }
        func sum(_ calls: [[String: Any]], _ key: String) -> Int {
            calls.reduce(0) { $0 + ($1[key] as? Int ?? 0) }
        }
        let input = sum(counted("chat"), "tokens_input")
        let seen = counted("chat") + counted("embedding")
        let names =
            calls.flatMap { call in ["model_requested", "model_responded"].compactMap { call[$0] as? String } }
            + (trace["models_requested"] as? [String] ?? [])
        return Trace(
            distinctSpans: try #require(trace["distinct_span_ids"] as? Int),
            rootName: (trace["root_span"] as? [String: Any])?["name"] as? String,
            output: sum(counted("chat"), "tokens_output"),
            acceptedInput: [input, input + sum(counted("embedding"), "tokens_input")],
            stated: try stated(trace, counted("chat")),
            parts: [
                "tokens_cache_read": sum(counted("chat"), "tokens_cache_read"),
                "tokens_cache_write": sum(counted("chat"), "tokens_cache_creation"),
                "tokens_reasoning": sum(counted("chat"), "tokens_reasoning"),
                "tokens_embedding": sum(counted("embedding"), "tokens_input"),
            ],
            // One call of each pair that an openllmetry span and an SDK's own span show without a common id or parent.
            calls: seen.count...max(seen.count, calls.count + unpaired(trace)),
            errors: 0...calls.filter { $0["ok"] as? Bool == false }.count + unpaired(trace),
            providers: Set(
                calls.compactMap { $0["provider"] as? String }.flatMap {
                    $0 == "google" ? ["gcp.gemini", "gcp.gen_ai"] : [$0]
                }
            ),
            models: Set(names.map(Trace.bare))
        )
    }

    /// Failed calls that two instrumentations show as spans side by side: nothing tells that they are one.
    private static func unpaired(_ trace: [String: Any]) -> Int {
        let scopes = (trace["scopes"] as? [String] ?? []).filter { $0.contains("anthropic") }
        let failed = (trace["llm_calls"] as? [[String: Any]] ?? []).filter { $0["ok"] as? Bool == false }
        return scopes.count > 1 ? failed.count : 0
    }

    /// What the spans state where they cannot state the truth, as the corpus tells it apart.
    private static func stated(_ trace: [String: Any], _ chat: [[String: Any]]) throws -> [Int]? {
        let facts = try #require(trace["wire_facts"] as? [String: Any])
        let sums = (facts["sums_over_all_spans"] as? [String: Any] ?? [:]).compactMapValues {
            ($0 as? [String: Any])?["sum"] as? Int
        }
        let said = [inputKeys, outputKeys].map { keys in keys.lazy.compactMap { sums[$0] }.first ?? 0 }
        guard said != [0, 0] else { return nil }
        let calls = trace["llm_calls"] as? [[String: Any]] ?? []
        let unseen = calls.filter {
            $0["kind"] as? String == "chat" && $0["ok"] as? Bool == true
                && ($0["seen_on_wire"] as? [Any])?.isEmpty == true
        }
        if !unseen.isEmpty, chat.isEmpty { return said }
        let inputs = sums.filter { !$0.key.contains("output") && !$0.key.contains("completion") }.values
        for call in chat {
            let input = call["tokens_input"] as? Int ?? 0
            for part in ["tokens_cache_creation", "tokens_cache_read"] {
                let count = call[part] as? Int ?? 0
                if count > 0, !inputs.contains(where: { $0 >= input }),
                    !sums.contains(where: { $0.key.contains("cache") && $0.value >= count })
                {
                    return said
                }
            }
        }
        return nil
    }

    private static let inputKeys = [
        "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "llm.tokens.input",
    ]
    private static let outputKeys = [
        "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion",
        "llm.tokens.output",
    ]
}
