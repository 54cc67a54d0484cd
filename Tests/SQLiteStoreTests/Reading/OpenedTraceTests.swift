// OpenedTraceTests.swift - small traces are read at once, large ones in slices.

import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct OpenedTraceTests {
    /// Five requests of one span each, of about so many bytes.
    private func store(bytes: Int) async throws -> RetentionStore {
        let home = try RetentionStore()
        for id in 1...5 as ClosedRange<UInt64> {
            let text = String(repeating: "\(id)", count: bytes)
            try await home.write([SampleSpan(trace: 1, id: id, at: id).with(("text", .text(text)))])
        }
        return home
    }

    @Test func `a trace of fewer bytes than asked for brings them, one of more brings none`() async throws {
        let home = try await store(bytes: 1000)
        let small = try await home.store.trace(1, keeping: 8000)
        #expect(small.outlines.count == 5)
        let stored = try #require(small.stored)
        #expect(small.outlines.allSatisfy { stored($0)?.outline == $0 })
        #expect(!small.mayHaveRecords)
        let large = try await home.store.trace(1, keeping: 4000)
        #expect(large.outlines == small.outlines && large.stored == nil)
        #expect(try await home.store.outlines(of: 1) == small.outlines)
        await home.store.close()
    }

    @Test func `what shares a frame is counted once`() async throws {
        let home = try await store(bytes: 1000)
        await home.recompact()
        #expect(try home.number("SELECT count(*) FROM parts WHERE encoding = 3") > 0)
        #expect(try await home.store.trace(1, keeping: 8000).stored != nil)
        #expect(try await home.store.trace(1, keeping: 4000).stored == nil)
        await home.store.close()
    }

    @Test func `bytes that were read stay when the trace goes`() async throws {
        let home = try await store(bytes: 10)
        let opened = try await home.store.trace(1, keeping: 1 << 20)
        #expect(try await home.store.removeTraces(of: RetentionStore.id(1), in: .all, isDryRun: false) == 1)
        await home.store.settle()
        let third = try #require(opened.outlines.first { $0.spanID == SpanID(3) })
        let bytes = try #require(opened.stored?(third)?.bytes)
        #expect(bytes.count > 10 && bytes.contains(UInt8(ascii: "3")))
        #expect(try await home.store.trace(1, keeping: 1 << 20).outlines.isEmpty)
        await home.store.close()
    }
}
