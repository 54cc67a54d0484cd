// DeletionTests.swift - DELETE on /v1/traces of a real server.

import CollectorServer
import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@Suite(.timeLimit(.minutes(2)))
struct DeletionTests {
    private static func fill(_ server: LiveServer, headers: [(String, String)] = []) async throws {
        let spans = (1...5 as ClosedRange<UInt64>).map { trace in
            SampleSpan(trace: trace, id: 1, lasting: trace * 10_000_000)
        }
        let sent = try await server.send(
            .POST,
            "/v1/traces",
            headers: [("Content-Type", "application/x-protobuf")] + headers,
            body: Data(SampleSpan.request(spans))
        )
        #expect(sent.status == 200)
    }

    private static func path(_ trace: UInt64) -> String { "/v1/traces/\(TraceID(high: 0xABCD, low: trace).hex)" }

    @Test func `a trace is deleted by id, others by filter, all only when that is said`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            try await Self.fill(server)
            #expect(try await server.send(.DELETE, Self.path(1) + "?dry_run=true").text == #"{"deleted":1}"#)
            #expect(try await server.send(.DELETE, Self.path(1)).text == #"{"deleted":1}"#)
            #expect(try await server.send(.GET, Self.path(1)).status == 404)
            #expect(try await server.send(.DELETE, Self.path(1)).status == 404)
            for refused in ["", "?project=default", "?limit=3&status=ok", "?stat=ok", "?all=yes"] {
                #expect(try await server.send(.DELETE, "/v1/traces" + refused).status == 400, "\(refused)")
            }
            let dry = try await server.send(.DELETE, "/v1/traces?min_latency_ms=40&dry_run=true")
            #expect(dry.text == #"{"deleted":2}"#)
            #expect(try await server.send(.DELETE, "/v1/traces?min_latency_ms=40").text == #"{"deleted":2}"#)
            #expect(try await server.rows().count == 2)
            #expect(try await server.send(.DELETE, "/v1/traces?all=true").text == #"{"deleted":2}"#)
            #expect(try await server.rows().isEmpty)
            #expect(try await server.send(.GET, "/metrics").text.contains("skein_store_deleted_traces_total 5"))
        }
    }

    @Test func `a page of another origin deletes nothing`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            try await Self.fill(server)
            let answer = try await server.send(
                .DELETE,
                "/v1/traces?all=true",
                headers: [("Origin", "http://evil.test")]
            )
            #expect(answer.status == 403)
            #expect(try await server.rows().count == 5)
        }
    }

    @Test func `only a key that may administer deletes, and only in its project`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let keys = try await OwnedKeys.open(directory: server.folder)
            var headers: [String: (String, String)] = [:]
            for (project, scopes) in [("a", [.admin]), ("b", [.admin]), ("b", [.ingest, .read])]
                as [(String, Set<AccessScope>)]
            {
                let key = APIKey()
                try await keys.addKey(try key.record(name: "", project: project, scopes: scopes))
                headers[project + (scopes.contains(.admin) ? "" : "-read")] = ("Authorization", "Bearer \(key.text)")
            }
            for project in ["a", "b"] { try await Self.fill(server, headers: [try #require(headers[project])]) }
            let reader = try #require(headers["b-read"])
            #expect(try await server.send(.DELETE, Self.path(1), headers: [reader]).status == 403)
            #expect(try await server.send(.DELETE, "/v1/traces?all=true").status == 401)
            let own = try await server.send(.DELETE, "/v1/traces?all=true", headers: [try #require(headers["a"])])
            #expect(own.text == #"{"deleted":5}"#)
            #expect(try await server.rows(headers: [reader]).count == 5)
        }
    }

    @Test func `the owner deletes through a running server, and in the file of a stopped one`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let config = CollectorConfig(dataDirectory: folder)
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            try await Self.fill(server)
            let traces = try await OwnedTraces(config)
            #expect(try await traces.remove(TraceID(high: 0xABCD, low: 1), project: nil, isDryRun: false) == 1)
            #expect(try await traces.remove(matching: [("min_latency_ms", "50")], isDryRun: true) == 1)
            #expect(try await traces.remove(matching: [("min_latency_ms", "50")], isDryRun: false) == 1)
            await traces.close()
            #expect(try await server.rows().count == 3)
        }
        let traces = try await OwnedTraces(config)
        #expect(try await traces.remove(TraceID(high: 0xABCD, low: 2), project: nil, isDryRun: false) == 1)
        #expect(try await traces.remove(matching: [("all", "true")], isDryRun: false) == 2)
        await #expect(throws: (any Error).self) {
            _ = try await traces.remove(TraceID(high: 0xABCD, low: 2), project: nil, isDryRun: false)
        }
        await traces.close()
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            #expect(try await server.rows().isEmpty)
        }
    }
}
