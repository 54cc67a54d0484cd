// LogRecordStoreTests.swift - log records in the file, over restarts and failures.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct LogRecordStoreTests {
    private static let record = SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("content", "early"))
    private static let id = TraceID(high: 0xABCD, low: 1)

    @Test func `records that came before a restart join the spans that come after it`() async throws {
        try await withStore { reopen in
            var store = try await reopen()
            try await Self.write(store, [Self.record])
            store = try await reopen()
            #expect(try await store.summaries(of: Self.id, in: .all).isEmpty)
            #expect(try await store.traces(matching: TraceQuery()).rows.isEmpty)
            try await Self.write(store, [Self.record])
            try await Self.write(store, SampleSpan(trace: 1, id: 2))
            store = try await reopen()
            let summary = try #require(try await store.summaries(of: Self.id, in: .all).first)
            #expect(summary.number == 1 && summary.spanCount == 1)
            try await Self.write(store, [Self.record])
            try await Self.write(store, SampleSpan(trace: 1, id: 3, parent: 2))
            let outlines = try await store.outlines(of: 1)
            #expect(outlines.map(\.spanID.value) == [2, 3])
            let found = try await store.records(of: outlines[...], in: 1, maxBytes: 1 << 20)
            #expect(found?.records == [SpanID(2): [Self.record.bytes]])
            return store
        }
    }

    @Test func `parts of records are marked, and a trace without spans is a row without any`() async throws {
        try await withStore { reopen in
            let store = try await reopen()
            try await Self.write(store, [Self.record])
            try await Self.write(store, SampleSpan(trace: 2, id: 1))
            let connection = try SQLiteConnection(path: store.path)
            #expect(try connection.integer("SELECT kind FROM parts WHERE part_id >> 24 = 1") == 1)
            #expect(try connection.integer("SELECT kind FROM parts WHERE part_id >> 24 = 2") == 0)
            #expect(try connection.integer("SELECT span_count FROM traces WHERE trace_no = 1") == 0)
            #expect(try connection.integer("SELECT start_ns FROM traces WHERE trace_no = 1") == -1)
            #expect(try connection.integer("SELECT count(*) FROM roots") == 1)
            return store
        }
    }

    @Test func `records beyond the limit of a trace are rejected, also after a restart`() async throws {
        try await withStore { reopen in
            var store = try await reopen()
            let many = (0..<60_000).map { number in
                SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("n", String(number)))
            }
            #expect(try await Self.write(store, many).stored == 60_000)
            store = try await reopen()
            let receipt = try await Self.write(store, many)
            #expect(receipt.stored + receipt.rejected.count == 60_000)
            #expect(receipt.rejected.count >= 20_000)
            #expect(receipt.rejected.message.contains("limit is 100000"))
            return store
        }
    }

    // MARK: helpers

    /// Runs `body` with a way to open the store, and to close it and open it again.
    private func withStore(
        _ body: (_ reopen: () async throws -> SQLiteTraceStore) async throws -> SQLiteTraceStore
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var open: SQLiteTraceStore?
        let last = try await body {
            await open?.close()
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let config = SQLiteStoreConfig(directory: folder)
            let store = try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
            open = store
            return store
        }
        await last.close()
    }

    @discardableResult
    private static func write(_ store: SQLiteTraceStore, _ records: [SampleRecord]) async throws -> ConsumeReceipt {
        let storage = BatchStorage(copying: SampleRecord.request(records))
        return try await store.write(ExportRequestDecoder().decode(storage, project: nil, as: .logs).batch)
    }

    private static func write(_ store: SQLiteTraceStore, _ span: SampleSpan) async throws {
        let storage = BatchStorage(copying: SampleSpan.request([span]))
        let batch = try ExportRequestDecoder().decode(storage, project: nil).batch
        _ = try await store.write(SpanExtractor().extract(batch))
    }
}
