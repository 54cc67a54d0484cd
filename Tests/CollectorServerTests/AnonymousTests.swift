// AnonymousTests.swift - no key, and an address that others can reach.

import CollectorServer
import TestSupport
import Testing
import TraceModel
import TraceStore

struct AnonymousTests {
    private static func server(_ store: StubCollectorStore, _ change: (inout CollectorConfig) -> Void)
        -> CollectorServer
    {
        var config = CollectorConfig(dataDirectory: "/nowhere")
        config.http.port = 0
        config.grpc = .off
        change(&config)
        return CollectorServer(
            config: config,
            store: store,
            consumer: RecordingConsumer(),
            logs: RecordingLogConsumer(),
            logger: .quiet
        )
    }

    @Test(arguments: [true, false])
    func `an address that others can reach is not served without keys`(_ isHTTP: Bool) async throws {
        let store = StubCollectorStore()
        let open = ListenAddress(host: "0.0.0.0", port: 0)
        let server = Self.server(store) { config in
            if isHTTP { config.http = open } else { config.grpc = .at(open) }
        }
        let error = await #expect(throws: ServerStartError.self) { try await server.run() }
        #expect(error?.message.contains("0.0.0.0:0") == true)
        #expect(error?.message.contains("skein keys create --data-dir /nowhere") == true)
        #expect(error?.message.contains("--allow-anonymous") == true)
        #expect(await store.closeCount == 1)
    }

    @Test func `it is served when everybody is allowed in, or when there is a key`() async throws {
        let change: (inout CollectorConfig) -> Void = { $0.http.host = "0.0.0.0" }
        try await LiveCollector.run(configure: {
            change(&$0); $0.allowAnonymous = true
        }) { (collector: LiveCollector) async throws -> Void in
            #expect(try await Self.status(collector, "/v1/traces") == "200")
        }
        let store = StubCollectorStore()
        try await store.addKey(try APIKey().record(name: "", project: "shop", scopes: [.read]))
        try await LiveCollector.run(store: store, configure: change) {
            (collector: LiveCollector) async throws -> Void in
            #expect(try await Self.status(collector, "/v1/traces") == "401")
            #expect(try await Self.status(collector, "/health") == "200")
        }
    }

    private static func status(_ collector: LiveCollector, _ path: String) async throws -> String {
        try await collector.connect { connection in
            try await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await connection.read(until: "\r\n\r\n")
            return String(connection.received.dropFirst(9).prefix(3))
        }
    }
}
