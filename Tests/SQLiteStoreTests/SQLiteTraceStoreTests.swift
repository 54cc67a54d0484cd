// SQLiteTraceStoreTests.swift - the contract on SQLite, and what only a file can show.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
@testable import SQLiteStore
import StoreContract
import TestSupport
import Testing
import TraceModel
import TraceStore

struct SQLiteTraceStoreTests {
    @Test(arguments: StorePromise.allCases)
    func `the SQLite store keeps the contract`(_ promise: StorePromise) async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try await promise.run(on: store)
            await store.close()
        }
    }

    @Test(arguments: StorePromise.allCases)
    func `the SQLite store keeps the contract when it forgets every trace at once`(_ promise: StorePromise) async throws
    {
        try await withFolder { folder in
            let store = try open(folder, cacheBytes: 0)
            try await promise.run(on: store)
            await store.close()
        }
    }

    @Test(arguments: StorePromise.allCases)
    func `the SQLite store keeps the contract with full buckets and nothing in memory`(_ promise: StorePromise)
        async throws
    {
        try await withFolder { folder in
            let store = try open(folder, cacheBytes: 0, tracesPerBucket: 3)
            try await promise.run(on: store)
            await store.close()
        }
    }

    @Test func `traces of full buckets are found by id, also after a restart`() async throws {
        try await withFolder { folder in
            var store = try open(folder, cacheBytes: 0, tracesPerBucket: 8)
            for trace in 1...40 as ClosedRange<UInt64> {
                try await write(store, [SampleSpan(trace: trace, id: 2, parent: 1)])
            }
            for round in 0..<2 {
                for trace in 1...40 as ClosedRange<UInt64> {
                    try await write(store, [SampleSpan(trace: trace, id: UInt64(round + 10), parent: 1, at: 5)])
                    let found = try await store.summaries(of: TraceID(high: 0xABCD, low: trace), in: .all)
                    #expect(found.map(\.number) == [Int64(trace)])
                    #expect(found.map(\.spanCount) == [round + 2])
                }
                await store.close()
                #expect(try sqlite(folder, "SELECT count(*) >= 32 FROM trace_index") == "1")
                store = try open(folder, cacheBytes: 0, tracesPerBucket: 8)
            }
            await store.close()
        }
    }

    @Test func `traces of buckets whose filters lie in the file are found by id, also after a restart`() async throws {
        try await withFolder { folder in
            var store = try open(folder, cacheBytes: 0, tracesPerBucket: 3)
            let traces = 1...400 as ClosedRange<UInt64>
            for trace in traces { try await write(store, [SampleSpan(trace: trace, id: 2, parent: 1)]) }
            #expect(
                try sqlite(folder, "SELECT group_concat(row_id >> 16), max(length(bits)) FROM trace_filter_groups")
                    == "0,1|3840"
            )
            #expect(try sqlite(folder, "SELECT min(bucket), count(*) < 60 FROM trace_filters") == "120|1")
            for round in 0..<2 {
                for trace in stride(from: 1, through: 400, by: 7) as StrideThrough<UInt64> {
                    try await write(store, [SampleSpan(trace: trace, id: UInt64(round + 10), parent: 1, at: 5)])
                    let found = try await store.summaries(of: TraceID(high: 0xABCD, low: trace), in: .all)
                    #expect(found.map(\.number) == [Int64(trace)])
                    #expect(found.map(\.spanCount) == [round + 2])
                }
                await store.close()
                store = try open(folder, cacheBytes: 0, tracesPerBucket: 3)
            }
            await store.close()
            #expect(try sqlite(folder, "SELECT count(*) FROM traces") == "400")
        }
    }

    @Test func `one request with a great many traces is stored whole`() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            let spans = (1...20_000 as ClosedRange<UInt64>).map { SampleSpan(trace: $0, id: 1) }
            try await write(store, spans)
            try await write(
                store,
                [SampleSpan(trace: 1, id: 2, parent: 1), SampleSpan(trace: 20_000, id: 2, parent: 1)]
            )
            #expect(try sqlite(folder, "SELECT count(*), sum(span_count) FROM traces") == "20000|20002")
            await store.close()
        }
    }

    @Test func `a store opened again has everything, and late spans join their traces`() async throws {
        try await withFolder { folder in
            var store = try open(folder)
            try await write(store, [SampleSpan(trace: 1, id: 2, parent: 1), SampleSpan(trace: 2, id: 1)])
            await store.close()
            store = try open(folder)
            try await write(store, [SampleSpan(trace: 1, id: 1, name: "root"), SampleSpan(trace: 1, id: 2, parent: 1)])
            let summary = try #require(try await store.summaries(of: TraceID(high: 0xABCD, low: 1), in: .all).first)
            #expect(summary.spanCount == 2)
            #expect(summary.root.name == "root")
            #expect(summary.number == 1)
            try await write(store, [SampleSpan(trace: 3, id: 1)])
            let third = try #require(try await store.summaries(of: TraceID(high: 0xABCD, low: 3), in: .all).first)
            #expect(third.number == 3)
            await store.close()
        }
    }

    @Test func `a second store on the same folder is refused with a word on what to do`() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("another skein server") == true)
            #expect(error?.message.contains("--data-dir") == true)
            await store.close()
        }
    }

    @Test func `a database of a newer schema is refused`() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            await store.close()
            try sqlite(folder, "PRAGMA user_version=99")
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains("schema 99") == true)
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withFolder { folder in
            try Data("this is a letter, not a database".utf8).write(to: URL(fileURLWithPath: folder + "/skein.db"))
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func `writes after the end are refused as unavailable`() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            await store.close()
            await #expect(throws: StoreError.self) { try await write(store, [SampleSpan(trace: 1, id: 1)]) }
        }
    }

    @Test func `many writers at once lose nothing`() async throws {
        try await withFolder { folder in
            let store = try open(folder, cacheBytes: 20_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 as Range<UInt64> {
                    group.addTask {
                        for round in 0..<40 as Range<UInt64> {
                            let spans = (0..<5 as Range<UInt64>).map { index in
                                SampleSpan(
                                    trace: (round * 7 + index) % 30,
                                    id: task << 32 | round << 8 | index | 1 << 60,
                                    at: index
                                )
                            }
                            try await write(store, spans)
                        }
                    }
                }
                try await group.waitForAll()
            }
            var query = TraceQuery()
            query.limit = 100
            let rows = try await store.traces(matching: query).rows
            #expect(rows.count == 30)
            #expect(rows.reduce(0) { $0 + $1.spanCount } == 8 * 40 * 5)
            for row in rows {
                #expect(try await store.outlines(of: row.number).count == row.spanCount)
            }
            await store.close()
        }
    }

    @Test func `the file has the layout that docs/database.md describes`() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            try await write(store, [SampleSpan(trace: 1, id: 1)])
            await store.close()
            #expect(try sqlite(folder, "PRAGMA page_size") == "16384")
            #expect(try sqlite(folder, "PRAGMA auto_vacuum") == "2")
            #expect(try sqlite(folder, "PRAGMA user_version") == "7")
            #expect(try sqlite(folder, "PRAGMA integrity_check") == "ok")
            #expect(try sqlite(folder, "SELECT part_id >> 24, span_count FROM parts") == "1|1")
        }
    }
}

// MARK: helpers

private func open(
    _ folder: String,
    cacheBytes: Int = 64 << 20,
    tracesPerBucket: Int64 = 131_072
) throws -> SQLiteTraceStore {
    var config = SQLiteStoreConfig(directory: folder)
    config.maxSpansPerTrace = StorePromise.maxSpansPerTrace
    config.cacheBytes = cacheBytes
    config.tracesPerBucket = tracesPerBucket
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
}

private func write(_ store: any TraceWriter, _ spans: [SampleSpan]) async throws {
    let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request(spans)), project: nil)
    _ = try await store.write(SpanExtractor().extract(request.batch))
}

private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}
