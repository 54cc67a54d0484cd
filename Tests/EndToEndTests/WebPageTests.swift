// WebPageTests.swift - the page beside API and receivers.

import CollectorServer
import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@Suite(.timeLimit(.minutes(2)))
struct WebPageTests {
    @Test func `the page is served to everybody, the API behind it only with a key`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let key = APIKey()
            let record = try key.record(name: "", project: "default", scopes: [.read])
            try await OwnedKeys.open(directory: server.folder).addKey(record)
            let page = try await server.send(.GET, "/")
            let script = try #require(
                page.text.firstMatch(of: /src="([^"]+main\.js)"/)
            )
            let files = [String(script.1)]
            for path in files + ["/traces/5bf92f3577b34da6a3ce929d0e0e0001", "/dashboard"] {
                #expect(try await server.send(.GET, path).status == 200, "\(path)")
            }
            #expect(try await server.send(.GET, "/v1/traces").status == 401)
        }
    }

    @Test func `what is no page is a 404 in JSON`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for path in ["/nothing", "/assets/nothing.js", "/v1", "/healthz"] {
                let answer = try await server.send(.GET, path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.contentType == "application/json", "\(path)")
            }
        }
    }

    @Test(arguments: ["/traces", "/assets", "/sessions", "/any"])
    func `a page at the beginning of a path does not hide the receiver`(_ prefix: String) async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let sent = try await server.send(
                .POST,
                prefix + "/v1/traces",
                headers: [("Content-Type", "application/x-protobuf")],
                body: Data(SampleSpan.request([SampleSpan(trace: 1, id: 1, lasting: 1_000_000)]))
            )
            #expect(sent.status == 200)
            #expect(try await server.rows().count == 1)
        }
    }
}
