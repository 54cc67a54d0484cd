// RefusalLogTests.swift - warnings without a flood, and what must never be logged.

import Logging
import NIOConcurrencyHelpers
import TestSupport
import Testing
import TraceModel

@testable import OTLPReceiver

struct RefusalLogTests {
    @Test func `warnings come once in a while and carry the counts between`() async {
        let log = RecordingLog()
        let logger = Logger(label: "test") { _ in log }
        let time = NIOLockedValueBox(ContinuousClock.now)
        let refusals = RefusalLog(interval: .seconds(10)) { time.withLockedValue { $0 } }
        for _ in 0..<5 { await refusals.note(.overloaded, reason: "full", items: 100, logger: logger) }
        #expect(log.entries.count == 1)
        time.withLockedValue { $0 += .seconds(9) }
        await refusals.note(.overloaded, reason: "full", items: 100, logger: logger)
        #expect(log.entries.count == 1)
        time.withLockedValue { $0 += .seconds(1) }
        await refusals.note(.unavailable, reason: "locked", items: 1, logger: logger)
        #expect(log.entries.map(\.level) == [.warning, .warning])
        #expect(log.entries.map { $0.metadata["refused.requests"] } == ["1", "6"])
        #expect(log.entries.map { $0.metadata["refused.items"] } == ["100", "501"])
        #expect(log.entries.last?.metadata["error.message"] == "locked")
    }

    @Test func `an internal error is logged in full with the request`() async throws {
        let harness = ReceiverHarness(FailingConsumer(UnknownError()))
        _ = try await harness.send(body: [Sample.spans()])
        let entry = try #require(harness.log.entries.first)
        #expect(entry.level == .error)
        #expect(entry.metadata["error.message"] == "secret")
        #expect(entry.metadata["hb.request.id"] == "request-1")
    }

    @Test func `content is never logged`() async throws {
        let harness = ReceiverHarness(RecordingConsumer(rejecting: RejectedSpans(count: 1, message: "full")))
        _ = try await harness.send(type: "application/json", body: [Sample.json])
        _ = try await harness.send(type: "application/json", body: [Array(#"{"resourceSpans":"chat"}"#.utf8)])
        #expect(!harness.log.entries.isEmpty)
        for entry in harness.log.entries {
            #expect(!"\(entry)".contains("chat"))
        }
    }
}
