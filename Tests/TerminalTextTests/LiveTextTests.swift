// LiveTextTests.swift - events out of bytes, and the lines that they become.

import Testing
import TraceModel

@testable import TerminalText

struct LiveTextTests {
    private static let stream = """
        retry: 2000\nid: a-0\n\n: heartbeat\nid: a-1\n\nevent: trace\r\nid: a-2\r\ndata: {"a":1}\r\n\r\ndata: one\rdata:two\r\r\
        event: skipped\nid\ndata\n\nevent: nothing\n\n
        """

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `events come out of bytes however they are cut`(_ size: Int) {
        var reader = EventStreamReader()
        let bytes = Array(Self.stream.utf8)
        let events = stride(from: 0, to: bytes.count, by: size).flatMap { start in
            reader.take(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(
            events == [
                StreamEvent(name: "trace", data: Array("{\"a\":1}".utf8)),
                StreamEvent(name: "message", data: Array("one\ntwo".utf8)), StreamEvent(name: "skipped", data: []),
            ]
        )
        #expect(reader.lastID == "")
    }

    private static func event(_ change: String, _ id: String, isWhole: Bool) throws -> JSONValue {
        let text = """
            {"change":"\(change)","trace":{"trace_id":"\(id)","start_time":"2026-11-21T05:28:20.000Z","duration_ms":1234,
            "status":"ok","span_count":3,"complete":\(isWhole),"project":"default","root_span":{"name":"user\\u001bquery"},
            "llm_summary":{"model":"gpt-4","tokens_input":150,"tokens_output":200,"cost":0.0135}}}
            """
        return try #require(APIJSON.read(Array(text.utf8)))
    }

    @Test func `a trace is told of when it begins and when it is whole, and no more`() throws {
        var text = LiveText(TextPlace(width: 120))
        let first = text.line(try Self.event("new", "af1d91ee87d3", isWhole: false))
        #expect(first == "05:28:20  ok …       1.23s  user\\u{1B}query  gpt-4  150 → 200  $0.0135  3 spans  af1d91ee\n")
        #expect(text.line(try Self.event("changed", "af1d91ee87d3", isWhole: false)) == nil)
        #expect(text.line(try Self.event("changed", "af1d91ee87d3", isWhole: true)) != nil)
        #expect(text.line(try Self.event("changed", "af1d91ee87d3", isWhole: true)) == nil)
        // It began before.
        #expect(text.line(try Self.event("changed", "bb", isWhole: false)) == nil)
        #expect(text.line(try Self.event("changed", "bb", isWhole: true)) != nil)
        #expect(text.line(try Self.event("new", "cc", isWhole: true)) != nil)
    }
}
