// DictionaryTests.swift - a project's own dictionary is trained, used, and found again.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

struct DictionaryTests {
    @Test func `a project gets a dictionary of its own, and every span is read back through it after a restart`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var store = try open(folder)
        var sent: [UInt64: [UInt8]] = [:]
        var trace: UInt64 = 0
        // Parts of 8 KiB, until some are compressed with a dictionary that was trained from the ones before.
        while sent.count < 20_000 {
            if sent.count % 64 == 0, try dictionaries(folder) >= 2 { break }
            trace += 1
            let span = SampleSpan(trace: trace, id: trace, name: "step").with(("text", .text(text(trace))))
            sent[trace] = span.bytes
            try await write(store, span)
        }
        for _ in 0..<200 {
            trace += 1
            let span = SampleSpan(trace: trace, id: trace, name: "step").with(("text", .text(text(trace))))
            sent[trace] = span.bytes
            try await write(store, span)
        }
        await store.close()
        store = try open(folder)
        for each in [1, trace / 2, trace] {
            let id = TraceID(high: 0xABCD, low: each)
            let number = try #require(try await store.summaries(of: id, in: .all).first).number
            let outlines = try await store.outlines(of: number)
            let spans = try await store.spans(outlines[...], of: number)
            #expect(spans.map { Array($0.bytes) } == [sent[each]])
        }
        await store.close()
    }

    @Test func `without training no dictionary is made, and one that is there is not used`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var trace: UInt64 = 0
        func store(_ count: Int, training: Bool) async throws {
            let opened = try open(folder, training: training)
            for _ in 0..<count {
                trace += 1
                if training, trace % 64 == 0, try dictionaries(folder) >= 2 { break }
                try await write(opened, SampleSpan(trace: trace, id: trace).with(("text", .text(text(trace)))))
            }
            await opened.close()
        }
        try await store(1500, training: false)
        #expect(try dictionaries(folder) == 1)
        try await store(20_000, training: true)
        #expect(try dictionaries(folder) == 2)
        let before = try count("SELECT count(*) FROM parts WHERE dictionary_id = 1", folder)
        try await store(50, training: false)
        #expect(try count("SELECT count(*) FROM parts WHERE dictionary_id = 1", folder) == before + 50)
    }

    private func open(_ folder: String, training: Bool = true) throws -> SQLiteTraceStore {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var config = SQLiteStoreConfig(directory: folder)
        config.trainsDictionaries = training
        return try SQLiteTraceStore(
            config: config,
            extraction: SpanExtractor(),
            logger: logger
        )
    }

    private func write(_ store: SQLiteTraceStore, _ span: SampleSpan) async throws {
        let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request([span])), project: "p")
        _ = try await store.write(SpanExtractor().extract(request.batch))
    }

    /// Text that only a dictionary of its own kind makes small.
    private func text(_ seed: UInt64) -> String {
        let words = (0..<200).map { (place: UInt64) -> String in
            let number = (seed &* 31 &+ place &* 7) % 997
            return "word\(number &* 7919)"
        }
        return words.joined(separator: " ")
    }

    private func dictionaries(_ folder: String) throws -> Int {
        try count("SELECT count(*) FROM dictionaries", folder)
    }

    private func count(_ query: String, _ folder: String) throws -> Int {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        shell.arguments = ["sqlite3", folder + "/skein.db", query]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        return Int(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }
}
