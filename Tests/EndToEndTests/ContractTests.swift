// ContractTests.swift - /openapi.json is what the server does.

import CollectorServer
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import TraceModel

struct ContractTests {
    @Test func `the document is served to everybody, with a tag by which it is not sent twice`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let answer = try await server.send(.GET, "/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.contentType == "application/json")
            #expect(try answer.object()["openapi"] as? String == "3.1.0")
            let tag = try #require(answer.headers.first(name: "etag"))
            let again = try await server.send(.GET, "/openapi.json", headers: [("If-None-Match", tag)])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            let other = try await server.send(.GET, "/openapi.json", headers: [("If-None-Match", "\"other\"")])
            #expect(other.status == 200)
            let head = try await server.send(.HEAD, "/openapi.json")
            #expect(head.status == 200)
            #expect(head.headers.first(name: "etag") == tag)
        }
    }

    @Test func `paths that only answer refuse other methods`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let contract = try await server.contract()
            for path in [
                "/openapi.json", "/health", "/ready", "/metrics", "/v1/calls", "/v1/stats", "/v1/export", "/v1/live",
            ] {
                for method in [LiveServer.Method.PUT, .TRACE] {
                    let answer = try await server.send(method, path)
                    #expect(answer.status == 405, "\(method) \(path)")
                    #expect(answer.headers.first(name: "allow") == "GET, HEAD", "\(method) \(path)")
                    try contract.check(answer, "GET", path)
                }
            }
        }
    }

    @Test func `examples of the document fit their schemas`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            #expect(try await server.contract().problemsOfExamples == [])
        }
    }

    /// The message about an unknown parameter names those that are known.
    @Test func `every documented parameter is taken, and what is taken is documented`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let call = try await server.sendFirstTrace()
            let contract = try await server.contract()
            for operation in contract.operations where operation.method == "GET" && operation.path.hasPrefix("/v1/") {
                let path = call.fill(operation.path)
                let queries = operation.parameters.filter { $0.place == "query" }
                for parameter in queries {
                    guard let query = parameter.query else { continue }
                    let answer = try await server.send(.HEAD, "\(path)?\(query)")
                    #expect(answer.status == 200, "\(path)?\(query)")
                }
                let unknown = try await server.send(.GET, "\(path)?nonsense=1")
                #expect(unknown.status == 400)
                try contract.check(unknown, "GET", operation.path)
                let known = try #require(unknown.text.split(separator: "known: ").last?.split(separator: "\"").first)
                let documented = Set(queries.map(\.name))
                for name in known.components(separatedBy: ", ") where !documented.contains(name) {
                    let answer = try await server.send(.GET, "\(path)?\(name)=1")
                    #expect(answer.status == 400, "\(path) takes \(name)")
                }
            }
        }
    }

    @Test func `answers over the corpus fit their schemas`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for name in Fixtures.captures { try await Capture(name).post(to: server) }
            let contract = try await server.contract()
            let lists = [
                "/v1/traces?limit=100&count=true", "/v1/traces?limit=1&q=the", "/v1/calls?limit=1000&counted=all",
                "/v1/calls?limit=2&count=false", "/v1/stats?group_by=model,provider,project&interval=month",
                "/v1/stats?group_by=tool", "/v1/stats", "/v1/stats?group_by=user,session&min_tokens=10",
                "/v1/sessions?limit=100", "/v1/users", "/v1/facets?fields=model,user,session,error_type",
                "/v1/facets?fields=tool",
                "/v1/prompts?min_count=1&limit=100",
            ]
            for list in lists where contract.operation("GET", String(list.prefix { $0 != "?" })) != nil {
                try await contract.check(list, of: server)
            }
            for project in Fixtures.captures {
                let rows = try await server.rows("/v1/traces?limit=2&project=\(project)")
                for row in rows {
                    let id = try #require(row["trace_id"] as? String)
                    try await contract.check(trace: id, of: server)
                }
                let calls = try await server.send(.GET, "/v1/calls?limit=2&project=\(project)")
                let found = try #require(try calls.object()["traces"] as? [[String: Any]])
                for call in found {
                    let id = try #require(call["request_id"] as? String)
                    try await contract.check("/v1/calls/\(id)", of: server)
                    try await contract.check("/v1/traces/\(id)", of: server, as: "CallDetail")
                }
            }
        }
    }

    @Test func `errors and probes fit their schemas`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            _ = try await server.sendFirstTrace()
            let contract = try await server.contract()
            let none = String(repeating: "a", count: 32)
            for path in [
                "/health", "/ready", "/metrics", "/v1/traces?limit=0", "/v1/traces/\(none)", "/v1/traces/\(none)/spans",
                "/v1/traces/\(none)/spans/\(none.prefix(16))", "/v1/calls/t_\(none)\(none.prefix(16))",
                "/v1/calls?limit=x",
                "/v1/stats?group_by=a", "/v1/export?format=x", "/v1/export?format=csv", "/v1/export",
                "/v1/live?limit=1",
            ] {
                try await contract.check(path, of: server)
            }
            for (query, status) in [("", 400), ("?all=true&dry_run=true", 200), ("?limit=1", 400), ("?all=true", 200)] {
                let answer = try await server.send(.DELETE, "/v1/traces" + query)
                #expect(answer.status == status, "DELETE \(query)")
                try contract.check(answer, "DELETE", "/v1/traces")
            }
            let gone = try await server.send(.DELETE, "/v1/traces/\(none)")
            #expect(gone.status == 404)
            try contract.check(gone, "DELETE", "/v1/traces/{trace_id}")
            for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
                for (type, body) in [
                    ("application/json", "{}"), ("application/json", "{"), ("application/x-protobuf", "x"),
                    ("text/plain", ""),
                ] {
                    let answer = try await server.send(
                        .POST,
                        path,
                        headers: [("Content-Type", type)],
                        body: Data(body.utf8)
                    )
                    try contract.check(answer, "POST", path)
                }
            }
        }
    }
}

/// A call of a server, by its ids.
private struct SentCall {
    var trace: String
    var span: String

    /// The path of an operation with the ids in it.
    func fill(_ path: String) -> String {
        path.replacingOccurrences(of: "{trace_id}", with: trace)
            .replacingOccurrences(of: "{span_id}", with: span)
            .replacingOccurrences(of: "{session_id}", with: "session-1")
            .replacingOccurrences(of: "{request_id}", with: "t_\(trace)\(span)")
    }
}

extension LiveServer {
    fileprivate func contract() async throws -> Contract {
        Contract(try #require(JSONValue(try await send(.GET, "/openapi.json").text)))
    }

    /// Stores a trace of one call.
    fileprivate func sendFirstTrace() async throws -> SentCall {
        let call = SentCall(trace: "af1d91ee87d39a206c40aa84d9b1204f", span: "ac0afcf2f70ffffb")
        let body = #"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"\#(call.trace)","spanId":"\#(call.span)","name":"llm-call",
             "startTimeUnixNano":"1795238900190000000","endTimeUnixNano":"1795238901200000000","attributes":[
              {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
              {"key":"session.id","value":{"stringValue":"session-1"}},
              {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4"}}]}]}]}]}
            """#
        let type = [("Content-Type", "application/json")]
        let answer = try await send(.POST, "/v1/traces", headers: type, body: Data(body.utf8))
        #expect(answer.status == 200)
        return call
    }
}

extension Contract {
    /// Holds the answer of a path, with its query, against the document.
    fileprivate func check(_ url: String, of server: LiveServer, as name: String? = nil) async throws {
        let path = url.prefix { $0 != "?" }
        let steps = path.split(separator: "/")
        let operation = operations.first { operation in
            let known = operation.path.split(separator: "/")
            return operation.method == "GET" && known.count == steps.count
                && zip(known, steps).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        let found = try #require(operation, "\(path) is not documented")
        try check(try await server.send(.GET, url), "GET", found.path, as: name, url)
    }

    fileprivate func check(
        _ answer: Answer,
        _ method: String,
        _ path: String,
        as name: String? = nil,
        _ url: String = ""
    ) throws {
        let operation = try #require(self.operation(method, path), "\(method) \(path) is not documented")
        let isJSON = answer.contentType == "application/json"
        let body = isJSON ? JSONValue(answer.text) : nil
        #expect(!isJSON || body != nil, "\(path) is no JSON")
        let problems = self.problems(
            of: operation,
            status: answer.status,
            type: answer.contentType,
            body: body,
            as: name
        )
        #expect(problems.prefix(5) == [], "\(url)")
    }

    /// Every view of a trace.
    fileprivate func check(trace: String, of server: LiveServer) async throws {
        let path = "/v1/traces/\(trace)"
        for (query, name) in [
            ("", "TraceSpans"), ("?limit=1", "TraceSpans"), ("?fields=summary", "TraceSpans"),
            ("?view=tree", "TraceNested"),
            ("?view=otlp", "OTLPDocument"),
        ] {
            try await check(path + query, of: server, as: name)
        }
        try await check("\(path)/spans?limit=2", of: server)
        let detail = try #require(try await server.data(path) as? [String: Any])
        let span = try #require((detail["spans"] as? [[String: Any]])?.first?["span_id"] as? String)
        try await check("\(path)/spans/\(span)", of: server)
    }
}
