// LiveEventTests.swift - changes of traces as events.

import Testing
import TraceModel
import TraceStore

@testable import QueryAPI

struct LiveEventTests {
    private let start = FeedPosition(epoch: 0xAB, sequence: 10)
    private let gone = DeletedTrace(traceID: TraceID(high: 1, low: 2), project: "shop")

    @Test func `several changes of a trace are one, at the place of the last`() {
        let changes = LiveChange.latest(of: [.new(1), .changed(2), .changed(1), .new(3)], after: start)
        #expect(changes.map(\.number) == [3, 1, 2])
        #expect(changes.map(\.isNew) == [true, true, false])
        #expect(changes.map(\.position.sequence) == [14, 13, 12])
    }

    @Test func `a deletion is told to those who could see the trace, and only if they were told of it`() {
        let changes = LiveChange.latest(of: [.changed(1), .deleted(1, gone), .new(2), .deleted(2, gone)], after: start)
        #expect(changes.count == 1)
        #expect(changes.first?.filled(from: [:], in: .all) != nil)
        #expect(changes.first?.filled(from: [:], in: .only("shop")) != nil)
        #expect(changes.first?.filled(from: [:], in: .only("bank")) == nil)
    }

    @Test func `an event has a name, an id and its data on one line`() {
        var events = LiveEvents()
        events.deleted(gone, at: start)
        let id = "00000000000000010000000000000002"
        let text = "event: deleted\nid: ab-10\ndata: {\"trace_id\":\"\(id)\",\"project\":\"shop\"}\n\n"
        #expect(String(decoding: events.bytes, as: UTF8.self) == text)
        #expect(FeedPosition(text: "ab-10") == start)
    }

    @Test(arguments: ["", "-", "ab", "ab-", "-10", "ab-10-1", "xy-10", "ab--1", "ab-18446744073709551616", " ab-10"])
    func `what is no id is none`(_ text: String) {
        #expect(FeedPosition(text: text) == nil)
    }
}
