// IndexFixture.swift - a store with an index in a folder of its own.

import Foundation
import GRDB
import IngestPipeline
import Logging
import NIOConcurrencyHelpers
import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

/// A store with an index, and ways to fill it and to look into it.
struct IndexFixture {
    /// Seconds since the Unix epoch.
    let time = NIOLockedValueBox<Int64>(1_700_000_000)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path

    /// Runs a test, and removes the folder.
    static func run(_ body: (IndexFixture) async throws -> Void) async throws {
        let fixture = IndexFixture()
        defer { try? FileManager.default.removeItem(atPath: fixture.folder) }
        try await body(fixture)
    }

    /// Opens the store.
    func open(indexesText: Bool = true, analysis: (any PartAnalysis)? = SpanAnalysis()) throws -> SQLiteTraceStore {
        var config = SQLiteStoreConfig(directory: folder)
        config.indexesText = indexesText
        config.now = { [time] in time.withLockedValue { $0 } }
        config.retentionInterval = .milliseconds(5)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), analysis: analysis, logger: logger)
    }

    /// Opens the store, lets `body` work with it, waits for the index and closes it.
    func indexed(
        indexesText: Bool = true,
        _ body: (SQLiteTraceStore) async throws -> Void = { _ in }
    ) async throws {
        let store = try open(indexesText: indexesText)
        do {
            try await body(store)
            try await Self.wait(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    /// Returns when nothing waits to be looked through.
    static func wait(_ store: SQLiteTraceStore) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while await store.indexLag().parts > 0 {
            try #require(ContinuousClock.now < deadline, "the index stays behind")
            await Task.yield()
        }
    }

    static func write(_ store: SQLiteTraceStore, _ spans: SampleSpan...) async throws {
        let storage = BatchStorage(copying: SampleSpan.request(spans))
        let batch = try ExportRequestDecoder().decode(storage, project: nil).batch
        _ = try await store.write(SpanExtractor().extract(batch))
    }

    static func write(_ store: SQLiteTraceStore, _ record: SampleRecord) async throws {
        let storage = BatchStorage(copying: SampleRecord.request([record]))
        _ = try await store.write(ExportRequestDecoder().decode(storage, project: nil, as: .logs).batch)
    }

    /// A call with a question and an answer.
    static func call(_ id: UInt64, trace: UInt64 = 1, asking question: String, answer: String = "") -> SampleSpan {
        var span = SampleSpan(trace: trace, id: id, parent: 1, name: "chat").with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.input.messages", .text(messages("user", question)))
        )
        if !answer.isEmpty { span = span.with(("gen_ai.output.messages", .text(messages("assistant", answer)))) }
        return span
    }

    private static func messages(_ role: String, _ text: String) -> String {
        #"[{"role":"\#(role)","parts":[{"type":"text","content":"\#(text)"}]}]"#
    }

    /// The database as others read it; whoever is the last to close it holds it for a moment.
    func file() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        return try DatabaseQueue(path: folder + "/skein.db", configuration: configuration)
    }

    /// The keys of the documents that a query finds, in all tables, the greatest first.
    func hits(_ text: String) throws -> [Int64] {
        let search = TextSearch(try TextQuery(text))
        return try file().read { db in
            try TextSearch.tables(db).reversed().flatMap { table in
                try search.matches(db, table: table, in: 0..<Int64.max, limit: 100)
            }
        }
    }

    /// The first column of a query.
    func column(_ sql: String) throws -> [Int64] {
        try file().read { try Int64.fetchAll($0, sql: sql) }
    }

    /// Whether the stored hashes of a part may have a value.
    func mayHave(_ part: Int64, _ property: SpanProperty, _ value: String) throws -> Bool? {
        let sql = "SELECT hashes FROM attributes WHERE part_id=?"
        let blob = try file().read {
            try Data.fetchOne($0, sql: sql, arguments: [part])
        }
        return blob?.withUnsafeBytes { PartHashes.mayContain($0, AttributeHash.hash(property, value)) }
    }
}
