// RetentionStore.swift - a store in a fresh folder whose clock the test sets.

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

/// A store in a fresh folder whose clock the test sets.
final class RetentionStore {
    static let start: Int64 = 1_700_000_000
    static let day: Int64 = 86_400

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
    let time = NIOLockedValueBox(RetentionStore.start)
    private let policy: RetentionPolicy
    private let cacheBytes: Int
    private let recompacts: Bool
    let bucket: Int64
    private(set) var store: SQLiteTraceStore

    init(
        _ all: RetentionLimits = RetentionLimits(),
        projects: [String: RetentionLimits] = [:],
        cacheBytes: Int = 64 << 20,
        bucket: Int64 = 131_072,
        recompacts: Bool = true
    ) throws {
        var policy = RetentionPolicy()
        policy.all = all
        policy.projects = projects
        self.policy = policy
        self.cacheBytes = cacheBytes
        self.bucket = bucket
        self.recompacts = recompacts
        store = try Self.open(folder, policy, cacheBytes, bucket, recompacts, time)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func open(
        _ folder: String,
        _ policy: RetentionPolicy,
        _ cacheBytes: Int,
        _ bucket: Int64,
        _ recompacts: Bool,
        _ time: NIOLockedValueBox<Int64>
    ) throws -> SQLiteTraceStore {
        var config = SQLiteStoreConfig(directory: folder)
        config.retention = policy
        config.cacheBytes = cacheBytes
        config.contentRemoval = try SpanMasking.contentOff()
        config.now = { time.withLockedValue { $0 } }
        // Many stores are open at once, and each look takes time from the others.
        config.retentionInterval = .milliseconds(100)
        config.spaceQuiet = .milliseconds(1)
        config.tracesPerBucket = bucket
        config.recompacts = recompacts
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
    }

    func reopen() async throws {
        await store.close()
        store = try Self.open(folder, policy, cacheBytes, bucket, recompacts, time)
    }

    /// Compresses again what is there, as if a minute had passed.
    func recompact() async {
        time.withLockedValue { $0 += 60 }
        await store.recompact()
    }

    func pass(days: Int64) {
        time.withLockedValue { $0 += days * Self.day }
    }

    @discardableResult
    func write(_ spans: [SampleSpan], project: String? = nil) async throws -> ConsumeReceipt {
        try await Self.write(spans, project: project, to: store)
    }

    static func write(
        _ spans: [SampleSpan],
        project: String? = nil,
        to store: SQLiteTraceStore
    ) async throws -> ConsumeReceipt {
        let request = BatchStorage(copying: SampleSpan.request(spans))
        let batch = try ExportRequestDecoder().decode(request, project: project).batch
        return try await store.write(try SpanExtractor().extract(batch))
    }

    @discardableResult
    func write(_ records: [SampleRecord]) async throws -> ConsumeReceipt {
        let request = BatchStorage(copying: SampleRecord.request(records))
        return try await store.write(try ExportRequestDecoder().decode(request, project: nil, as: .logs).batch)
    }

    @discardableResult
    func write(request: [UInt8]) async throws -> ConsumeReceipt {
        let batch = try ExportRequestDecoder().decode(BatchStorage(copying: request), project: nil).batch
        return try await store.write(try SpanExtractor().extract(batch))
    }

    static func id(_ trace: UInt64) -> TraceID { TraceID(high: 0xABCD, low: trace) }

    func summary(_ trace: UInt64, project: String? = nil) async throws -> TraceSummary? {
        try await store.summaries(of: Self.id(trace), in: project.map { .only($0) } ?? .all).first
    }

    /// A number that SQL finds, on a connection of its own.
    func number(_ sql: String) throws -> Int64 {
        try SQLiteConnection(path: store.path).integer(sql) ?? 0
    }

    /// Runs SQL on a connection of its own.
    func execute(_ sql: String) throws {
        try SQLiteConnection(path: store.path).execute(sql)
    }

    /// Rows of every table that holds something of a trace, by its number.
    func rows(of number: Int64) throws -> Int64 {
        let parts = ["parts", "pending", "attributes"].map {
            "(SELECT count(*) FROM \($0) WHERE part_id >> 24 = \(number))"
        }
        let calls = ["calls", "prompts"].map { "(SELECT count(*) FROM \($0) WHERE call_id >> 24 = \(number))" }
        let others = ["traces", "roots", "tool_runs", "linked_traces"].map {
            "(SELECT count(*) FROM \($0) WHERE trace_no = \(number))"
        }
        return try self.number("SELECT " + (parts + calls + others).joined(separator: "+"))
    }

    /// Whether a text is anywhere in the files of the store, which is closed for that.
    func filesContain(_ text: String) async throws -> Bool {
        await store.close()
        let wanted = Data(text.utf8)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let data = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            if data.range(of: wanted) != nil { return true }
        }
        return false
    }

    /// Waits until something holds, for as long as a slow machine may need.
    func wait(until condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "it did not happen within a minute")
            await Task.yield()
        }
    }
}
