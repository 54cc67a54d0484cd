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

    private func open(_ folder: String) throws -> SQLiteTraceStore {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(
            config: SQLiteStoreConfig(directory: folder),
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
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        shell.arguments = ["sqlite3", folder + "/skein.db", "SELECT count(*) FROM dictionaries"]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        return Int(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }
}
