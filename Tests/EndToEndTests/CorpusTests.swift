// CorpusTests.swift - every capture of real instrumentation goes in, and its structure comes out.

import Foundation
import TestSupport
import Testing

struct CorpusTests {
    @Test(arguments: Fixtures.captures)
    func `a capture posts with success, and its traces, spans and roots come out`(_ name: String) async throws {
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
                guard name.hasPrefix("plain-") else { continue }
                let llm = row["llm_summary"] as? [String: Any]
                #expect(truth.acceptedInput.contains(llm?["tokens_input"] as? Int ?? 0), "input tokens of \(id)")
                #expect(llm?["tokens_output"] as? Int ?? 0 == truth.output, "output tokens of \(id)")
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
        return Trace(
            distinctSpans: try #require(trace["distinct_span_ids"] as? Int),
            rootName: (trace["root_span"] as? [String: Any])?["name"] as? String,
            output: sum(counted("chat"), "tokens_output"),
            acceptedInput: [input, input + sum(counted("embedding"), "tokens_input")]
        )
    }
}
