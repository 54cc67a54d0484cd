// LiveTests.swift - GET /v1/live from outside.

import CollectorServer
import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@Suite(.timeLimit(.minutes(2)))
struct LiveTests {
    private static func post(
        _ server: LiveServer,
        _ spans: [SampleSpan],
        service: String = "test",
        headers: [(String, String)] = []
    ) async throws {
        let answer = try await server.send(
            .POST,
            "/v1/traces",
            headers: [("Content-Type", "application/x-protobuf")] + headers,
            body: Data(SampleSpan.request(spans, service: service))
        )
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test func `a client hears of a new trace, and again when a late span changes it`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            var live = try await LiveStream.open(server)
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: "root")])
            let first = try #require(try await live.next())
            #expect(first.name == "trace")
            #expect(try first.object()["change"] as? String == "new")
            let row = try #require(try first.object()["trace"] as? [String: Any])
            let listed = try await server.rows()
            #expect(row as NSDictionary == listed[0] as NSDictionary)
            try await Self.post(server, [SampleSpan(trace: 1, id: 2, parent: 1, name: "late")])
            let second = try #require(try await live.next())
            #expect(try second.object()["change"] as? String == "changed")
            #expect((try second.object()["trace"] as? [String: Any])?["span_count"] as? Int == 2)
            // The same span once more changes nothing; the next event is of another trace.
            try await Self.post(server, [SampleSpan(trace: 1, id: 2, parent: 1, name: "late")])
            try await Self.post(server, [SampleSpan(trace: 2, id: 1, name: "other")])
            #expect(try await live.next()?.root() == "other")
        }
    }

    @Test func `only what matches the filter is told of`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            var live = try await LiveStream.open(server, "?service=shop&status=ok")
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: "elsewhere")], service: "bank")
            var failed = SampleSpan(trace: 2, id: 1, name: "failed")
            failed.status = 2
            try await Self.post(server, [failed], service: "shop")
            try await Self.post(server, [SampleSpan(trace: 3, id: 1, name: "wanted")], service: "shop")
            #expect(try await live.next()?.root() == "wanted")
            for parameter in ["limit=1", "cursor=x", "sort=cost", "order=asc", "count=true", "view=calls", "nothing=1"]
            {
                let answer = try await server.send(.GET, "/v1/live?\(parameter)")
                #expect(answer.status == 400, "\(parameter)")
                #expect(answer.text.contains(parameter.split(separator: "=")[0]))
            }
            let head = try await server.send(.GET, "/v1/live?status=nothing")
            #expect(head.status == 400)
            #expect(try await server.send(.POST, "/v1/live").status == 405)
        }
    }

    @Test func `who comes back goes on where it was, without loss or repetition`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            var live = try await LiveStream.open(server)
            for trace in 1...3 as ClosedRange<UInt64> {
                try await Self.post(server, [SampleSpan(trace: trace, id: 1, name: "root \(trace)")])
            }
            var seen: [String?] = []
            // In the midst of what one tick brought, as it may be.
            for _ in 1...2 { seen.append(try await live.next()?.root()) }
            let id = try #require(live.lastID)
            for trace in 4...5 as ClosedRange<UInt64> {
                try await Self.post(server, [SampleSpan(trace: trace, id: 1, name: "root \(trace)")])
            }
            var again = try await LiveStream.open(server, headers: [("Last-Event-ID", id)])
            for _ in 3...5 { seen.append(try await again.next()?.root()) }
            #expect(seen == (1...5).map { "root \($0)" })
            // As a browser that comes back has both: the header is the newer one.
            let old = try #require(again.lastID)
            try await Self.post(server, [SampleSpan(trace: 6, id: 1, name: "root 6")])
            var third = try await LiveStream.open(server, "?last_event_id=\(id)", headers: [("Last-Event-ID", old)])
            #expect(try await third.next()?.root() == "root 6")
            var fourth = try await LiveStream.open(server, "?last_event_id=\(old)")
            #expect(try await fourth.next()?.root() == "root 6")
        }
    }

    @Test(arguments: ["none", "1-1", "ffff-99999999999999999999", "-"])
    func `an id that is not of this server is a reset`(_ id: String) async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: "before")])
            var live = try await LiveStream.open(server, headers: [("Last-Event-ID", id)])
            let event = try #require(try await live.next())
            #expect(event.name == "reset")
            #expect(try event.object()["reason"] as? String == "unknown_id")
            try await Self.post(server, [SampleSpan(trace: 2, id: 1, name: "after")])
            #expect(try await live.next()?.root() == "after")
        }
    }

    @Test func `more than a client can be shown is counted, and more than is kept is a reset`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let start = try #require(try await LiveStream.open(server).lastID)
            let spans = (1...5_000 as ClosedRange<UInt64>).map { SampleSpan(trace: $0, id: 1, name: "root \($0)") }
            try await Self.post(server, spans)
            for filter in ["", "service=test&"] {
                var live = try await LiveStream.open(server, "?\(filter)last_event_id=\(start)")
                let skipped = try #require(try await live.next())
                #expect(skipped.name == "skipped")
                #expect(try skipped.object()["count"] as? Int == 4_968)
                for trace in 4_969...5_000 { #expect(try await live.next()?.root() == "root \(trace)") }
            }
            try await Self.post(server, spans.map { SampleSpan(trace: $0.trace.low + 5_000, id: 1) })
            try await Self.post(server, [SampleSpan(trace: 20_000, id: 1)])
            var late = try await LiveStream.open(server, "?last_event_id=\(start)")
            let reset = try #require(try await late.next())
            #expect(reset.name == "reset")
            #expect(try reset.object()["reason"] as? String == "too_old")
        }
    }

    @Test func `a quiet stream sends heartbeats with a place to come back to`() async throws {
        try await LiveServer.run {
            $0.liveHeartbeat = .milliseconds(1)
            // Shorter than what the stream lives: what is alive is not idle.
            $0.idleTimeout = .milliseconds(500)
            $0.headTimeout = .milliseconds(500)
        } _: { (server: LiveServer) async throws -> Void in
            var live = try await LiveStream.open(server, "?service=nobody")
            let before = live.lastID
            try await Self.post(server, [SampleSpan(trace: 1, id: 1)])
            while live.lastID == before { try await live.heartbeat() }
            for _ in 1...5 { try await live.heartbeat() }
        }
    }

    @Test func `a key sees its project alone, and a revoked key sees no more`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let keys = try await OwnedKeys.open(directory: server.folder)
            var headers: [String: [(String, String)]] = [:]
            var ids: [String: String] = [:]
            for project in ["shop", "bank"] {
                let key = APIKey()
                try await keys.addKey(try key.record(name: "", project: project, scopes: [.ingest, .read]))
                headers[project] = [("x-api-key", key.text)]
                ids[project] = key.id
            }
            #expect(try await server.send(.GET, "/v1/live").status == 401)
            let shop = try #require(headers["shop"])
            let bank = try #require(headers["bank"])
            #expect(try await server.send(.GET, "/v1/live?project=bank", headers: shop).status == 403)
            var live = try await LiveStream.open(server, headers: shop)
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: "of bank")], headers: bank)
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: "of shop")], headers: shop)
            let event = try #require(try await live.next())
            #expect(event.name == "trace")
            #expect(try event.root() == "of shop")
            _ = try await keys.revokeKey(try #require(ids["shop"]))
            #expect(try await live.next() == nil)
        }
    }

    @Test func `names from outside stay on one line`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let name = "a\ndata: {}\r\n\nevent: reset\u{2028}\u{85}\u{0}"
            var live = try await LiveStream.open(server)
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: name).with(("session.id", "x\n\ny"))])
            let event = try #require(try await live.next())
            #expect(event.name == "trace")
            let listed = try await server.rows()
            #expect(try event.object()["trace"] as? NSDictionary == listed[0] as NSDictionary)
            #expect(try event.root()?.hasPrefix("a\ndata: {}\r\n\nevent: reset") == true)
        }
    }

    @Test func `those who follow do not keep the server from stopping`() async throws {
        // Longer than the test may take.
        try await LiveServer.run {
            $0.shutdownTimeout = .seconds(600)
        } _: { (server: LiveServer) async throws -> Void in
            var live = try await LiveStream.open(server)
            try await Self.post(server, [SampleSpan(trace: 1, id: 1, name: "root")])
            #expect(try await live.next()?.root() == "root")
            // Still open while the server is stopped after this.
            Task { while try await live.next() != nil {} }
        }
    }

    @Test func `only so many may follow at once, and a place becomes free again`() async throws {
        try await LiveServer.run {
            $0.maxLiveClients = 1
            $0.liveHeartbeat = .milliseconds(1)
        } _: { (server: LiveServer) async throws -> Void in
            for _ in 1...3 {
                let task = Task { () throws -> Void in
                    var live: LiveStream? = nil
                    while live == nil {
                        let probe = try await server.isFree()
                        if probe { live = try? await LiveStream.open(server) }
                    }
                    let refused = try await server.send(.GET, "/v1/live")
                    #expect(refused.status == 503)
                    #expect(refused.text.contains("storage_unavailable"))
                    withExtendedLifetime(live) {}
                }
                try await task.value
            }
        }
    }
}

extension LiveServer {
    /// Whether a place is free: a HEAD takes one and gives it back.
    fileprivate func isFree() async throws -> Bool {
        try await send(.HEAD, "/v1/live").status == 200
    }
}
