// OlderFilterTests.swift - filters of full buckets that an earlier version made smaller.

import Foundation
import GenAISemantics
import IngestPipeline
import Logging
import OTLPCodec
@testable import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

struct OlderFilterTests {
    /// 16 bits for each of 40 ids are two blocks, as many as an earlier version needed for 20 were one.
    private static let bucketSize: Int64 = 40

    @Test func `traces behind smaller filters are found, in memory, in a group of theirs and made again for one`()
        async throws
    {
        let folder = NSTemporaryDirectory() + "older-filters-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let group = UInt64(FilterGroup.size * Self.bucketSize)
        // One group in the file, all but one bucket of the next in memory.
        var store = try open(folder)
        try await write(store, 1...group * 2 - 50)
        try await wait(folder, until: "sealed_up_to", is: FilterGroup.size * 2 - 2)
        try await wait(folder, until: "filter_groups", is: 1)
        await store.close()
        try shrinkFilters(folder)
        store = try open(folder)
        try await expectKnown(store, upTo: group * 2 - 50)
        // The filters of the second group are made again, one with each transaction, before it moves into the file.
        try await write(store, group * 2 - 49...group * 2 + 50)
        try await wait(folder, until: "filter_groups", is: 2)
        await store.close()
        #expect(try blocks(folder) == [1, 2])
        store = try open(folder)
        try await expectKnown(store, upTo: group * 2 + 50)
        await store.close()
    }

    @Test func `a damaged filter lets the server say so, and nothing be written twice`() async throws {
        let folder = NSTemporaryDirectory() + "damaged-filter-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var store = try open(folder)
        try await store.whenReady()
        try await write(store, 1...100)
        await store.close()
        try connection(folder).execute("UPDATE trace_filters SET bits = x'00'")
        store = try open(folder)
        let damage = "the database is damaged: a row of trace_filters"
        let failed = await #expect(throws: StoreError.self) { try await store.whenReady() }
        #expect(failed?.message == damage)
        let refused = await #expect(throws: StoreError.self) { try await write(store, 1...1) }
        #expect(refused?.message == damage)
        let unknown = await #expect(throws: StoreError.self) { try await store.summaries(of: Self.id(1), in: .all) }
        #expect(unknown?.message == damage)
        await store.close()
    }

    private static func id(_ trace: UInt64) -> TraceID { TraceID(high: 0xABCD, low: trace) }

    private func open(_ folder: String) throws -> SQLiteTraceStore {
        var config = SQLiteStoreConfig(directory: folder)
        config.tracesPerBucket = Self.bucketSize
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
    }

    private func connection(_ folder: String) throws -> SQLiteConnection {
        try SQLiteConnection(path: folder + "/" + DatabaseSetup.fileName)
    }

    private func write(_ store: SQLiteTraceStore, _ traces: ClosedRange<UInt64>) async throws {
        let spans = traces.map { SampleSpan(trace: $0, id: 1) }
        let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request(spans)), project: nil)
        _ = try await store.write(SpanExtractor().extract(request.batch))
    }

    private func expectKnown(_ store: SQLiteTraceStore, upTo last: UInt64) async throws {
        for trace in stride(from: 1, through: last, by: 17) as StrideThrough<UInt64> {
            #expect(try await store.summaries(of: Self.id(trace), in: .all).map(\.number) == [Int64(trace)])
            try await write(store, trace...trace)
        }
        #expect(try await store.summaries(of: Self.id(last + 1), in: .all).isEmpty)
    }

    /// Leaves filters as a version before schema 7 would have made them.
    private func shrinkFilters(_ folder: String) throws {
        let file = try connection(folder)
        var older: [Int64: BloomFilter] = [:]
        let traces = try SQLiteStatement(file, "SELECT bucket, trace_id FROM trace_index")
        while try traces.step() {
            guard let id = TraceID(bytes: traces.blob(1)) else { continue }
            older[traces.integer(0), default: BloomFilter(count: 20)].insert(id)
        }
        #expect(older[0]?.blocks == 1)
        let first = (0..<FilterGroup.size).compactMap { older[$0] }
        let row = try SQLiteStatement(file, "UPDATE trace_filter_groups SET bits=? WHERE row_id=0")
        row.bind(1, blob: FilterGroup.row(block: 0, of: first))
        try row.run()
        try file.execute("DELETE FROM trace_filter_groups WHERE row_id > 0")
        let filter = try SQLiteStatement(file, "UPDATE trace_filters SET bits=? WHERE bucket=?")
        for (bucket, smaller) in older {
            filter.bind(1, blob: smaller.bytes)
            filter.bind(2, bucket)
            try filter.run()
        }
    }

    /// What is moved in the background, a slice in each transaction, is all moved then.
    private func wait(_ folder: String, until key: String, is value: Int64) async throws {
        let file = try connection(folder)
        for _ in 0..<1000 {
            let now = try file.integer("SELECT value FROM meta WHERE key='\(key)'")
            if now == value { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(key) is not \(value)")
    }

    /// The blocks of each group in the file.
    private func blocks(_ folder: String) throws -> [Int] {
        let file = try connection(folder)
        return try [0, 1].map { try FilterGroup.blocks(of: $0, file) }
    }
}
