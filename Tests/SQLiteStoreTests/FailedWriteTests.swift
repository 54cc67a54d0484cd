// FailedWriteTests.swift - a transaction that fails leaves nothing behind, in the file or in memory.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

struct FailedWriteTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    private func open() throws -> SQLiteTraceStore {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let config = SQLiteStoreConfig(directory: folder)
        return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
    }

    private func write(_ store: SQLiteTraceStore, _ spans: SampleSpan...) async throws -> ConsumeReceipt {
        let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request(spans)), project: nil)
        return try await store.write(SpanExtractor().findingProperties.extract(request.batch))
    }

    private func breakTable(_ table: String) throws {
        try sqlite(
            folder,
            "CREATE TRIGGER broken BEFORE INSERT ON \(table) BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    }

    private func call(_ trace: UInt64, at offset: UInt64 = 0, tokens: Int64 = 10, id: String = "a") -> SampleSpan {
        SampleSpan(trace: trace, id: trace, at: offset).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.response.id", .text(id)),
            ("gen_ai.usage.input_tokens", .whole(tokens)),
            ("gen_ai.usage.output_tokens", .whole(tokens))
        )
    }

    @Test func `a span whose request failed is stored when it comes again, also into a trace in memory`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try open()
        _ = try await write(store, SampleSpan(trace: 1, id: 1))
        let tool = SampleSpan(trace: 1, id: 2, parent: 1).with(
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "search")
        )
        try breakTable("tool_runs")
        await #expect(throws: StoreError.self) { try await write(store, tool) }
        try sqlite(folder, "DROP TRIGGER broken")
        let receipt = try await write(store, tool)
        #expect(receipt.stored == 1)
        #expect(receipt.duplicates == 0)
        #expect(try sqlite(folder, "SELECT span_count FROM traces") == "2")
        #expect(try sqlite(folder, "SELECT sum(span_count) FROM parts") == "2")
        await store.close()
    }

    @Test func `a call that takes the place of another trace's does so once its failed request comes again`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try open()
        _ = try await write(store, call(1).with(("skein.synthesized", 1)))
        try breakTable("calls")
        await #expect(throws: StoreError.self) { try await write(store, call(2)) }
        try sqlite(folder, "DROP TRIGGER broken")
        _ = try await write(store, call(2))
        #expect(try sqlite(folder, "SELECT group_concat(counts) FROM calls") == "0,1")
        await store.close()
    }

    @Test func `calls of one id are one call only when their times meet and their tokens do not differ`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try open()
        let minute: UInt64 = 60_000_000_000
        // Few ids, or an answer from a cache: the same id again, later.
        _ = try await write(store, call(1), call(2, at: minute), call(3, at: 2 * minute))
        #expect(try sqlite(folder, "SELECT group_concat(counts) FROM calls") == "1,1,1")
        // At the same time, but other tokens.
        _ = try await write(store, call(4, at: 2 * minute, tokens: 20))
        #expect(try sqlite(folder, "SELECT group_concat(counts) FROM calls") == "1,1,1,1")
        // Two instrumentations of the last one.
        _ = try await write(store, call(5, at: 2 * minute, tokens: 20))
        #expect(try sqlite(folder, "SELECT group_concat(counts) FROM calls") == "1,1,1,1,0")
        #expect(try sqlite(folder, "SELECT group_concat(trace_no) FROM linked_traces") == "4,5")
        await store.close()
    }

    @Test func `a call of a trace that has two of one id takes the place of one of them alone`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try open()
        let minute: UInt64 = 60_000_000_000
        let record = call(1).with(("skein.synthesized", 1))
        var other = call(1, at: 10 * minute).with(("skein.synthesized", 1))
        other.id = SpanID(9)
        _ = try await write(store, record, other)
        #expect(try sqlite(folder, "SELECT sum(counts) FROM calls") == "2")
        _ = try await write(store, call(2))
        #expect(try sqlite(folder, "SELECT group_concat(counts) FROM calls") == "0,1,1")
        await store.close()
    }
}
