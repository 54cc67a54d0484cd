// IdleMemoryTests.swift - a rest comes after work, once, and loses nothing.

import Foundation
import IngestPipeline
import Logging
import NIOConcurrencyHelpers
import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct IdleMemoryTests {
    /// Waits until a count has come to a number, and not beyond.
    private func wait(for count: Int, in counter: NIOLockedValueBox<Int>) async throws {
        try await wait(until: count, in: counter)
        #expect(counter.withLockedValue { $0 } == count)
    }

    /// Waits until a count is no less than a number.
    private func wait(until count: Int, in counter: NIOLockedValueBox<Int>) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while counter.withLockedValue({ $0 }) < count, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(counter.withLockedValue { $0 } >= count)
    }

    @Test func `a rest comes once after the start and once after each work`() async throws {
        // Nothing is quiet until the clock says so, however long this takes.
        let time = NIOLockedValueBox<UInt64>(0)
        let memory = IdleMemory(quiet: .milliseconds(2)) { time.withLockedValue { $0 } }
        let rests = NIOLockedValueBox(0)
        memory.onRest { rests.withLockedValue { $0 += 1 } }
        time.withLockedValue { $0 += 2_000_000 }
        try await wait(for: 1, in: rests)
        #expect(!memory.isWatching)
        memory.note()
        memory.note()
        time.withLockedValue { $0 += 2_000_000 }
        try await wait(for: 2, in: rests)
        #expect(!memory.isWatching)
    }

    @Test func `there is no rest while there is work`() async throws {
        // Each look at the clock finds work of that moment, until there is none any more.
        let looks = NIOLockedValueBox(0)
        let time = NIOLockedValueBox<UInt64>(0)
        let memory = IdleMemory(quiet: .milliseconds(2)) {
            looks.withLockedValue { $0 += 1 }
            return time.withLockedValue { $0 }
        }
        let rests = NIOLockedValueBox(0)
        memory.onRest { rests.withLockedValue { $0 += 1 } }
        try await wait(until: 10, in: looks)
        #expect(rests.withLockedValue { $0 } == 0)
        #expect(memory.isWatching)
        time.withLockedValue { $0 = 2_000_000 }
        try await wait(for: 1, in: rests)
    }

    @Test func `late spans and the same spans again are taken after a rest as before it`() async throws {
        let home = try RetentionStore()
        let first = SampleSpan(trace: 1, id: 1, lasting: 9_000_000)
        try await home.write([first])
        await withCheckedContinuation { done in
            let isQueued = home.store.queue.push(.rest { done.resume() })
            #expect(isQueued)
        }
        let again = try await home.write([first, SampleSpan(trace: 1, id: 2, parent: 1)])
        #expect(again.duplicates == 1)
        let outlines = try await home.store.outlines(of: 1)
        #expect(outlines.count == 2)
        await home.store.close()
    }

    @Test func `what reads spans rests when the store does`() async throws {
        let folder = NSTemporaryDirectory() + "resting-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var config = SQLiteStoreConfig(directory: folder)
        config.restAfter = .milliseconds(1)
        let extraction = RestingExtraction()
        let store = try SQLiteTraceStore(config: config, extraction: extraction, logger: Logger(label: "test"))
        try await wait(until: 1, in: extraction.rests)
        await store.close()
    }

    @Test func `a cache that shrinks keeps the newest traces`() {
        var cache = TraceCache(limitBytes: 1 << 20)
        for number in Int64(1)...100 {
            let id = TraceID(high: 1, low: UInt64(number))
            cache.insert(TraceEntry(number: number, project: 1, id: id, loaded: nil))
        }
        cache.shrink(to: 2048)
        #expect(cache.entry(100) != nil)
        #expect(cache.entry(1) == nil)
        cache.shrink(to: 0)
        #expect(cache.entry(100) == nil)
    }
}

/// Counts its rests.
private struct RestingExtraction: SpanExtraction {
    let rests = NIOLockedValueBox(0)

    func extract(_ batch: SpanBatch) throws -> SpanBatch { batch }

    func rest() { rests.withLockedValue { $0 += 1 } }
}
