// ExportTests.swift - exports: bounded reads, errors, and clients that go away.

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
@testable import QueryAPI
import Synchronization
import Testing
import TraceModel
import TraceStore

@Suite struct `an export` {
    private static let forms = ["format=otlp", "format=jsonl"]

    private func reader(traces: Int = 1, spans: Int = 1, bytes: Int = 500) async -> InMemoryTraceReader {
        let reader = InMemoryTraceReader()
        for number in 1...traces {
            let id = String(repeating: "0", count: 26) + String(format: "%06x", number)
            var trace = SampleTrace(number: Int64(number), id: id, start: SampleTrace.morning + Int64(number))
            for id in 1...spans { trace.add(UInt64(id), attribute: String(repeating: "x", count: bytes)) }
            await reader.add(trace)
        }
        return reader
    }

    @Test(arguments: forms) func `reads a large trace in slices of bounded size`(_ form: String) async throws {
        let reader = await reader(spans: 6000, bytes: 1000)
        let text = try await ask(reader, "/v1/export?\(form)").text
        #expect(await reader.slices.count > 5)
        #expect(await reader.slices.allSatisfy { $0.bytes <= SpanSlices.mostBytes })
        let lines = text.split(separator: "\n")
        let spans = lines.reduce(0) { $0 + $1.components(separatedBy: "\"span-").count - 1 }
        #expect(spans == 6000)
        if form == "format=otlp" {
            #expect(lines.count > 5)
            #expect(lines.allSatisfy { $0.utf8.count < OTLPLines.bytesOfLine + 10_000 })
        }
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test func `goes on page by page to the end`() async throws {
        let reader = await reader(traces: 450)
        let text = try await ask(reader, "/v1/export?format=csv&order=desc").text
        #expect(text.components(separatedBy: "\r\n").count == 452)
        let queries = await reader.queries
        #expect(queries.count == 3)
        #expect(queries.dropFirst().allSatisfy { $0.after != nil })
    }

    @Test func `hands every filter of the list to the store`() async throws {
        let reader = await reader()
        let filters = "model=gpt-*&min_cost=0.5&service=api&status=ok&has_warning=false&sort=cost&user_id=me"
        _ = try await ask(reader, "/v1/traces?\(filters)&limit=100")
        _ = try await ask(reader, "/v1/export?\(filters)&format=csv")
        var queries = await reader.queries
        for place in queries.indices { queries[place].limit = 1 }
        #expect(queries.count == 2)
        #expect(queries[0] == queries[1])
        _ = try await ask(reader, "/v1/export?format=csv")
        #expect(await reader.queries.last?.ascending == true)
    }

    @Test func `that the store cannot begin is a 503`() async throws {
        let reader = await reader()
        await reader.fail(with: StoreError(code: .unavailable, message: "the disk is full"))
        for query in ["format=otlp", "format=jsonl", "format=csv", "view=calls"] {
            #expect(try await ask(reader, "/v1/export?\(query)").status == .serviceUnavailable)
        }
    }

    @Test(arguments: forms) func `that the store cannot end is cut off`(_ form: String) async throws {
        let reader = await reader(traces: 3)
        await reader.fail(with: StoreError(code: .unavailable, message: "the disk is full"), afterSpanReads: 2)
        await #expect(throws: StoreError.self) { try await ask(reader, "/v1/export?\(form)") }
    }

    @Test(arguments: forms) func `stops when its client goes away`(_ form: String) async throws {
        let reader = await reader(traces: 450, bytes: 50_000)
        let router = Router(context: BasicRequestContext.self)
        TraceRoutes<BasicRequestContext>(reader: reader).add(to: router)
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/v1/export?\(form)")
        let source = ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        let response = try await router.buildResponder().respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())),
            context: BasicRequestContext(source: source)
        )
        let client = LeavingClient(after: 3)
        await #expect(throws: LeavingClient.Gone.self) { try await response.body.write(client) }
        // What it took, and what had come together beyond it.
        #expect(await reader.slices.count < 40)
        #expect(client.isFinished == false)
    }
}

/// Takes some chunks, then is gone.
private final class LeavingClient: ResponseBodyWriter {
    struct Gone: Error {}

    private let chunks: Mutex<Int>
    private let finished = Mutex(false)

    init(after chunks: Int) {
        self.chunks = Mutex(chunks)
    }

    var isFinished: Bool { finished.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        try chunks.withLock { left in
            guard left > 0 else { throw Gone() }
            left -= 1
        }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {
        finished.withLock { $0 = true }
    }
}
