// StoreStages.swift - the store alone: batches that are extracted already, written by eight tasks at a time.

import CAllocationCount
import Foundation
import Glibc
import IngestPipeline
import Logging
import OTLPCodec
import Pricing
import SQLiteStore
import TraceModel
import TraceStore

/// What compression takes on the tasks of requests, and the writer on its thread; the text index is off.
struct StoreStages {
    /// Bodies written before the clock starts: a dictionary is trained from them.
    private static let warmBodies = 50
    private static let mostBodies = 250
    private static let connections = 8

    private let options: Options
    private let extractor: SpanExtractor
    private let warm: [SpanBatch]
    private let batches: [SpanBatch]

    init(_ options: Options) throws {
        self.options = options
        extractor = SpanExtractor(prices: CallPrices(try PriceTable.embedded()))
        let set = try BodySet(path: options.set)
        let extractor = extractor
        func read(_ range: Range<Int>) throws -> [SpanBatch] {
            try set.bodies(range).map { body in
                try extractor.extract(ExportRequestDecoder().decode(body, project: nil).batch)
            }
        }
        let first = min(Self.warmBodies, set.count / 4)
        warm = try read(0..<first)
        batches = try read(first..<min(set.count, Self.mostBodies))
    }

    /// Compression, the writer, and checkpoints.
    func run() async throws -> [StageFigures] {
        let folder = options.data + "/stages-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var logger = Logger(label: "stages")
        logger.logLevel = .error
        let store = try SQLiteTraceStore(
            config: SQLiteStoreConfig(directory: folder),
            extraction: extractor,
            logger: logger
        )
        try await write(warm, to: store)
        // Until the dictionary is trained and in use; its training is no part of the figures.
        try await Task.sleep(for: .seconds(2))
        let figures = try await measure(store)
        await store.close()
        return figures
    }

    private func measure(_ store: SQLiteTraceStore) async throws -> [StageFigures] {
        guard let writer = NamedThread("skein-writer"), let checkpointer = NamedThread("skein-ckpt") else {
            throw StoreError(code: .internal, message: "the threads of the store have other names now")
        }
        let threads = [writer, checkpointer]
        let cpu = threads.map(\.cpu)
        let allocations = threads.map(\.allocations)
        skein_give_back_memory()
        let before = Reading()
        try await write(batches, to: store)
        let after = Reading()
        let spent = zip(threads, cpu).map { $0.cpu - $1 }
        let asked = zip(threads, allocations).map { Double($0.allocations - $1) }
        let count = Double(batches.reduce(0) { $0 + $1.spans.count })
        func figures(_ name: String, _ seconds: Double, _ blocks: Double) -> StageFigures {
            StageFigures(
                name: name,
                spansPerSecond: count / (after.wall - before.wall),
                cpuPerSpan: seconds / count * 1e6,
                allocationsPerSpan: blocks / count,
                peak: Double(max(0, after.peak - before.held)) / 1024
            )
        }
        let used = after.processCPU - before.processCPU
        let all = Double(after.processAllocations - before.processAllocations)
        return [
            figures("compression", used - spent.reduce(0, +), all - asked.reduce(0, +)),
            figures("sqlite-writer", spent[0], asked[0]),
            figures("checkpoints", spent[1], asked[1]),
        ]
    }

    /// Every batch once, so many at a time as there are connections.
    private func write(_ batches: [SpanBatch], to store: SQLiteTraceStore) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in 0..<Self.connections {
                group.addTask {
                    for place in stride(from: connection, to: batches.count, by: Self.connections) {
                        _ = try await store.write(batches[place])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
