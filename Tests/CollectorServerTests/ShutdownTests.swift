// ShutdownTests.swift - how the collector starts, fails to start, and stops.

import CollectorServer
import Logging
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ShutdownTests {
    @Test func `a request in work is answered before the store closes`() async throws {
        let consumer = WaitingConsumer()
        let (finishedAtClose, report) = AsyncStream.makeStream(of: Int.self)
        let store = StubCollectorStore { report.yield(await consumer.finishedCount) }
        let body = WireWriter.request { $0.span(trace: 1, span: 1) }
        try await LiveCollector.run(consumer, store: store, shutdownTimeout: .seconds(60)) { collector in
            try await collector.connect { connection in
                try await connection.send(Array(Self.head(length: body.count).utf8) + body)
                await consumer.waitForBatch()
                collector.stop()
                await collector.waitUntilRefused()
                await consumer.goOn()
                try await connection.readToEnd()
                #expect(connection.received.hasPrefix("HTTP/1.1 200 OK"))
            }
        }
        var closings = finishedAtClose.makeAsyncIterator()
        #expect(await closings.next() == 1)
        #expect(await store.closeCount == 1)
    }

    @Test func `a client that stops sending does not keep the collector from stopping`() async throws {
        let store = StubCollectorStore()
        try await LiveCollector.run(store: store, shutdownTimeout: .milliseconds(1)) { collector in
            try await collector.connect { connection in
                try await connection.send(Self.head(length: 100))
                collector.stop()
                // Ended or reset, both will do.
                try? await connection.readToEnd()
            }
        }
        #expect(await store.closeCount == 1)
    }

    private static func head(length: Int) -> String {
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test func `an idle connection does not keep the collector from stopping`() async throws {
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                try await connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await connection.read(until: "ok")
                collector.stop()
                try await connection.readToEnd()
            }
        }
    }

    @Test func `a port in use is an error that says what to do, and the store is closed`() async throws {
        let second = StubCollectorStore()
        try await LiveCollector.run { collector in
            var config = CollectorConfig(dataDirectory: "/nowhere")
            config.http = collector.address
            let server = CollectorServer(
                config: config,
                store: second,
                consumer: RecordingConsumer(),
                logs: RecordingLogConsumer(),
                logger: .quiet
            )
            let error = await #expect(throws: ServerStartError.self) { try await server.run() }
            #expect(error?.message.contains("\(collector.address) is in use") == true)
            #expect(error?.message.contains("--http") == true)
        }
        #expect(await second.closeCount == 1)
    }
}
