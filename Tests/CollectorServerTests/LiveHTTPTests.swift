// LiveHTTPTests.swift - what only a socket can show.

import TestSupport
import Testing
import TraceModel
import TraceStore

private func head(_ target: String = "POST /v1/traces", _ fields: String...) -> String {
    let all = ["\(target) HTTP/1.1", "Host: localhost", "Content-Type: application/x-protobuf"] + fields
    return all.joined(separator: "\r\n") + "\r\n\r\n"
}

private let body = WireWriter.request { $0.span(trace: 1, span: 1) }

@Suite(.timeLimit(.minutes(1)))
struct LiveHTTPTests {
    @Test func `Expect 100-continue gets the word before the body is sent`() async throws {
        let consumer = RecordingConsumer()
        try await LiveCollector.run(consumer) { collector in
            try await collector.connect { connection in
                for round in 1...2 {
                    try await connection.send(
                        head("POST /v1/traces", "Expect: 100-continue", "Content-Length: \(body.count)")
                    )
                    try await connection.read(until: "HTTP/1.1 100 Continue\r\n\r\n", times: round)
                    try await connection.send(body)
                    try await connection.read(until: "HTTP/1.1 200 OK", times: round)
                }
            }
        }
        #expect(await consumer.spanCount == 2)
    }

    @Test func `a body that comes along gets no word`() async throws {
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                let request = head("POST /v1/traces", "Expect: 100-continue", "Content-Length: \(body.count)")
                try await connection.send(Array(request.utf8) + body)
                try await connection.read(until: "HTTP/1.1 200 OK")
                #expect(!connection.received.contains("100 Continue"))
            }
        }
    }

    @Test func `a declared body over the limit is refused instead, and the connection ends`() async throws {
        try await LiveCollector.run(maxBodyBytes: 1000) { collector in
            try await collector.connect { connection in
                try await connection.send(head("POST /v1/traces", "Expect: 100-continue", "Content-Length: 1001"))
                try await connection.readToEnd()
                #expect(connection.received.hasPrefix("HTTP/1.1 413"))
                #expect(!connection.received.contains("100 Continue"))
            }
        }
    }

    @Test func `an unknown expectation is left alone`() async throws {
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                try await connection.send(head("POST /v1/traces", "Expect: tea", "Content-Length: \(body.count)"))
                try await connection.send(body)
                try await connection.read(until: "HTTP/1.1 200 OK")
                #expect(connection.received.hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test func `a client that sends before it listens sees its 413`() async throws {
        try await LiveCollector.run(maxBodyBytes: 1 << 20) { collector in
            try await collector.connect { connection in
                try await connection.send(head("POST /v1/traces", "Content-Length: 2000000"))
                let piece = [UInt8](repeating: 0, count: 20_000)
                for _ in 0..<100 { try await connection.send(piece) }
                try await connection.read(until: "HTTP/1.1 413")
                // All of it was read, so that the connection serves on.
                try await connection.send(Array(head("POST /v1/traces", "Content-Length: \(body.count)").utf8) + body)
                try await connection.read(until: "HTTP/1.1 200 OK")
            }
        }
    }

    @Test func `a refused body without end is cut off`() async throws {
        try await LiveCollector.run(maxBodyBytes: 100_000) { collector in
            try await collector.connect { connection in
                try await connection.send(head("POST /v1/traces", "Content-Length: 1000000000"))
                let piece = [UInt8](repeating: 0, count: 50_000)
                do {
                    for _ in 0..<20_000 { try await connection.send(piece) }
                    Issue.record("the server took a gigabyte that it had refused")
                } catch {
                    // Cut off, as it should be.
                }
            }
            #expect(
                try await collector.connect { connection in
                    try await connection.send(head("GET /health"))
                    try await connection.read(until: "{\"status\":\"ok\"}")
                    return connection.received.hasPrefix("HTTP/1.1 200")
                }
            )
        }
    }

    @Test func `pipelined requests are answered in order, also with an expectation behind`() async throws {
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                let plain = Array(head("POST /v1/traces", "Content-Length: \(body.count)").utf8) + body
                let last = head("POST /v1/traces", "Expect: 100-continue", "Content-Length: \(body.count)")
                try await connection.send(plain + Array("\(head("GET /nothing"))\(last)".utf8))
                try await connection.read(until: "100 Continue\r\n\r\n")
                let order = ["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 100"]
                    .compactMap { connection.received.firstRange(of: $0)?.lowerBound }
                #expect(order.count == 3)
                #expect(order == order.sorted())
                #expect(connection.received.hasSuffix("HTTP/1.1 100 Continue\r\n\r\n"))
                try await connection.send(body)
                try await connection.read(until: "HTTP/1.1 200", times: 2)
            }
        }
    }

    @Test func `a chunked body is taken, and with a length as well it is refused`() async throws {
        let consumer = RecordingConsumer()
        try await LiveCollector.run(consumer) { collector in
            try await collector.connect { connection in
                try await connection.send(head("POST /v1/traces", "Transfer-Encoding: chunked"))
                for byte in body { try await connection.send(Array("1\r\n".utf8) + [byte] + Array("\r\n".utf8)) }
                try await connection.send("0\r\n\r\n")
                try await connection.read(until: "HTTP/1.1 200 OK")
            }
            try await collector.connect { connection in
                try await connection.send(
                    head("POST /v1/traces", "Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n"
                )
                try await connection.read(until: "\r\n\r\n")
                #expect(connection.received.hasPrefix("HTTP/1.1 400"))
            }
        }
        #expect(await consumer.spanCount == 1)
    }

    @Test func `what is no HTTP hurts nobody else`() async throws {
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                try await connection.send([0x16, 0x03, 0x01, 0x02, 0x00] + Array("garbage\r\n\r\n".utf8))
                try await connection.read(until: "\r\n\r\n")
            }
            try await collector.connect { connection in
                try await connection.send(head("GET /health"))
                try await connection.read(until: "{\"status\":\"ok\"}")
            }
        }
    }

    @Test func `an unknown path is a json 404`() async throws {
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                try await connection.send(head("GET /no/such/path"))
                try await connection.read(until: "}}")
                #expect(connection.received.hasPrefix("HTTP/1.1 404"))
                #expect(connection.received.contains("Content-Type: application/json"))
                #expect(
                    connection.received.hasSuffix(
                        #"{"error":{"code":"not_found","message":"nothing is served at GET /no/such/path"}}"#
                    )
                )
            }
        }
    }

    @Test func `ready tells why the store cannot write`() async throws {
        let store = StubCollectorStore(unreadiness: StoreError(code: .unavailable, message: "the disk is full"))
        try await LiveCollector.run(store: store) { collector in
            try await collector.connect { connection in
                try await connection.send(head("GET /ready"))
                try await connection.read(until: "}}")
                #expect(connection.received.hasPrefix("HTTP/1.1 503"))
                let error = #"{"error":{"code":"storage_unavailable","message":"the disk is full"}}"#
                #expect(connection.received.hasSuffix(error))
            }
        }
        try await LiveCollector.run { collector in
            try await collector.connect { connection in
                try await connection.send(head("GET /ready"))
                try await connection.read(until: "}")
                #expect(connection.received.hasPrefix("HTTP/1.1 200"))
            }
        }
    }
}
