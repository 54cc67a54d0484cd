// ExpiringTraceTests.swift - spans that come while the content of their trace goes.

import Foundation
import IngestPipeline
import Logging
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct ExpiringTraceTests {
    private static let late = SampleSpan(trace: 1, id: 9, parent: 1)

    /// A folder with a trace whose content has begun to expire, as a stop leaves it; nobody uses the file.
    private func interrupted() async throws -> RetentionStore {
        let home = try RetentionStore(RetentionLimits(contentDays: 3))
        try await home.write([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 1, id: 2, parent: 1)])
        try home.execute("UPDATE traces SET content=2; INSERT INTO meta(key, value) VALUES('expiring', 1);")
        await home.store.close()
        return home
    }

    private func open(_ home: RetentionStore, _ removal: (any ContentRemoval)?) throws -> SQLiteTraceStore {
        var config = SQLiteStoreConfig(directory: home.folder)
        config.contentRemoval = removal
        config.retentionInterval = .milliseconds(100)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
    }

    @Test func `a late span waits until the content of its trace is gone`() async throws {
        let home = try await interrupted()
        let removal = GatedRemoval(rest: try SpanMasking.contentOff())
        let store = try open(home, removal)
        async let receipt = RetentionStore.write([Self.late], to: store)
        removal.gate.signal()
        let stored = try await receipt.stored
        #expect(stored == 1)
        await store.settle()
        let summary = try #require(try await store.summaries(of: RetentionStore.id(1), in: .all).first)
        #expect(summary.isContentExpired && summary.spanCount == 3)
        await store.close()
        #expect(try home.number("SELECT content FROM traces") == 1)
    }

    @Test(arguments: [true, false])
    func `while content cannot be removed, a late span is refused`(_ expires: Bool) async throws {
        let home = try await interrupted()
        let store = try open(home, expires ? SpoilingRemoval() : nil)
        for _ in 0..<3 {
            await #expect(throws: StoreError.self) {
                try await RetentionStore.write([Self.late], to: store)
            }
        }
        #expect(try await RetentionStore.write([SampleSpan(trace: 2, id: 1)], to: store).stored == 1)
        await store.close()
        #expect(try home.number("SELECT sum(span_count) FROM parts WHERE part_id >> 24 = 1") == 2)
    }

    @Test func `a store that closes does not wait for content to go`() async throws {
        let home = try await interrupted()
        let removal = GatedRemoval(rest: try SpanMasking.contentOff())
        let store = try open(home, removal)
        // Ends with the answer, which is awaited below.
        let write = Task { try await RetentionStore.write([Self.late], to: store) }
        await store.close()
        await #expect(throws: StoreError.self) { try await write.value }
        removal.gate.signal()
        #expect(try home.number("SELECT content FROM traces") == 2)
    }
}

/// Removes content once its gate was opened.
private struct GatedRemoval: ContentRemoval {
    let gate = DispatchSemaphore(value: 0)
    let rest: any ContentRemoval

    init(rest: any ContentRemoval) {
        self.rest = rest
    }

    func removeContent(of batch: SpanBatch) -> (batch: SpanBatch, refused: RejectedSpans) {
        gate.wait()
        // Open for the next too.
        gate.signal()
        return rest.removeContent(of: batch)
    }
}

/// Leaves spans that nobody can read, so that nothing comes of it.
private struct SpoilingRemoval: ContentRemoval {
    func removeContent(of batch: SpanBatch) -> (batch: SpanBatch, refused: RejectedSpans) {
        let spoiled = SpanBatch(
            storage: BatchStorage(copying: [UInt8](repeating: 255, count: batch.storage.bytes.count)),
            resources: batch.resources,
            scopes: batch.scopes,
            spans: batch.spans,
            groups: batch.groups
        )
        return (spoiled, .none)
    }
}
