// RecompactionTests.swift - what was compressed again is the same for everybody.

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

struct RecompactionTests {
    private static let marker = "my-secret-prompt-7f3a"

    /// A step of an agent that sends the conversation so far once more.
    private func step(_ number: UInt64, trace: UInt64 = 1) -> SampleSpan {
        let talk = (0...number).map { "turn \($0 &* 7919 % 997) of \(Self.marker) says \($0 &* 104_729 % 9973)" }
        return SampleSpan(trace: trace, id: number + 2, parent: 1, at: number * 1_000).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.usage.output_tokens", .whole(Int64(number))),
            ("gen_ai.input.messages", .text(talk.joined(separator: "\n")))
        )
    }

    /// A trace with a part for each step.
    private func fill(_ home: RetentionStore, steps: Range<UInt64>, trace: UInt64 = 1) async throws {
        if steps.lowerBound == 0 { try await home.write([SampleSpan(trace: trace, id: 1, lasting: 9_000_000)]) }
        for number in steps { try await home.write([step(number, trace: trace)]) }
    }

    /// Everything that readers see of all traces.
    private func everything(_ home: RetentionStore) async throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        let last = try home.number("SELECT ifnull(max(trace_no), 0) FROM traces")
        for number in stride(from: 1, through: last, by: 1) {
            let outlines = try await home.store.outlines(of: number)
            guard !outlines.isEmpty else { continue }
            let spans = try await home.store.spans(outlines[...], of: number)
            #expect(spans.count == outlines.count)
            let stored = try #require(try await home.store.trace(number, keeping: 1 << 26).stored)
            #expect(spans.allSatisfy { stored($0.outline)?.bytes.elementsEqual($0.bytes) == true })
            found += spans.flatMap { [Array($0.bytes), $0.resource.bytes, $0.scope.bytes] }
            let records = try await home.store.records(of: outlines[...], in: number, maxBytes: 1 << 26)
            found += outlines.flatMap { records?.records[$0.spanID] ?? [] }
        }
        return found
    }

    private func parts(_ home: RetentionStore, _ encoding: PartEncoding) throws -> Int64 {
        try home.number("SELECT count(*) FROM parts WHERE encoding = \(encoding.rawValue)")
    }

    private func expectTrueCounters(_ home: RetentionStore) throws {
        #expect(
            try home.number("SELECT sum(part_bytes) FROM projects")
                == (try home.number("SELECT sum(length(payload)) FROM parts"))
        )
    }

    @Test func `every capture is read byte for byte after its parts were compressed again`() async throws {
        let home = try RetentionStore()
        for name in Fixtures.captures {
            for request in try StoredCapture.requests(name) { try await home.write(request: request) }
            for records in try StoredCapture.records(name) {
                let batch = try ExportRequestDecoder().decode(BatchStorage(copying: records), project: nil, as: .logs)
                _ = try await home.store.write(batch.batch)
            }
        }
        let before = try await everything(home)
        let rows = try home.queries().rows("SELECT * FROM spans ORDER BY trace_no, span_id")
        let sums = "SELECT sum(part_id * span_count + length(span_ids) * plain_length + length(runs)) FROM parts"
        let kept = try home.number(sums)
        let bytes = try home.number("SELECT sum(length(payload)) FROM parts")
        let logs = "SELECT count(*) FROM parts WHERE kind = 1 AND encoding < 2"
        let records = try home.number(logs)
        await home.recompact()
        #expect(try parts(home, .leading) > 0 && records > 0)
        #expect(try home.number(logs) == records)
        #expect(try home.number(sums) == kept)
        #expect(try home.number("SELECT sum(length(payload)) FROM parts") < bytes)
        #expect(try await everything(home) == before)
        #expect(try home.queries().rows("SELECT * FROM spans ORDER BY trace_no, span_id") == rows)
        try expectTrueCounters(home)
        try await home.reopen()
        #expect(try await everything(home) == before)
        await home.store.close()
    }

    @Test func `the parts of a trace share frames, and what comes late is compressed after them`() async throws {
        let home = try RetentionStore(cacheBytes: 0)
        try await fill(home, steps: 0..<100)
        try await home.write([SampleRecord("gen_ai.choice", trace: 1, span: 5).saying(("content", "Hello"))])
        try await fill(home, steps: 100..<150)
        let before = try await everything(home)
        let bytes = try home.number("SELECT sum(length(payload)) FROM parts")
        await home.recompact()
        #expect(try parts(home, .leading) == 3 && parts(home, .shared) == 148)
        #expect(try home.number("SELECT sum(length(payload)) FROM parts") * 3 < bytes)
        #expect(try await everything(home) == before)
        try expectTrueCounters(home)
        // Known as duplicates, from the parts alone.
        #expect(try await home.write([step(7), step(149)]) == ConsumeReceipt(stored: 0, duplicates: 2))
        try await fill(home, steps: 150..<160)
        let more = try await everything(home)
        #expect(more.count == before.count + 30)
        await home.recompact()
        #expect(try parts(home, .leading) == 4 && parts(home, .shared) == 157)
        #expect(try parts(home, .zstd) + parts(home, .plain) == 1)
        #expect(try await everything(home) == more)
        #expect(try home.queries().texts("SELECT count(*) FROM spans") == ["161"])
        await home.store.close()
    }

    @Test func `of two versions the same one wins, whatever was compressed again before`() async throws {
        var first = step(3)
        var second = step(3)
        first.name = "aaaa"
        second.name = "bbbb"
        for (one, other) in [(first, second), (second, first)] {
            let home = try RetentionStore(cacheBytes: 0)
            try await fill(home, steps: 0..<3)
            try await home.write([one])
            try await fill(home, steps: 4..<6)
            await home.recompact()
            #expect(try await home.write([other]).stored == 1)
            await home.recompact()
            let names = try home.queries().texts("SELECT name FROM spans WHERE span_id = '0000000000000005'")
            #expect(names == ["bbbb"])
            #expect(try await home.write([one, other]).duplicates == 2)
            let spans = try await home.store.spans(try await home.store.outlines(of: 1)[...], of: 1)
            #expect(spans.contains { Array($0.bytes) == second.bytes })
            #expect(!spans.contains { Array($0.bytes) == first.bytes })
            await home.store.close()
        }
    }

    @Test func `content expires from shared frames, and the rest may be compressed again`() async throws {
        let home = try RetentionStore(RetentionLimits(contentDays: 3))
        try await fill(home, steps: 0..<150)
        try await fill(home, steps: 0..<5, trace: 2)
        await home.recompact()
        let calls = try await home.store.outlines(of: 1).map(\.call)
        let summary = try #require(try await home.summary(1)?.llm)
        home.pass(days: 4)
        await home.store.settle()
        #expect(try parts(home, .leading) + parts(home, .shared) == 0)
        #expect(try await home.store.outlines(of: 1).map(\.call) == calls)
        await home.recompact()
        #expect(try parts(home, .leading) > 0)
        #expect(try home.number("SELECT count(*) FROM parts WHERE dictionary_id > 1") == 0)
        #expect(try await home.store.outlines(of: 1).map(\.call) == calls)
        #expect(try await home.summary(1)?.llm == summary)
        try expectTrueCounters(home)
        #expect(try await !home.filesContain(Self.marker))
    }

    @Test func `an expiry that a stop interrupted ends with whole frames`() async throws {
        let home = try RetentionStore(RetentionLimits(contentDays: 3))
        try await fill(home, steps: 0..<150)
        await home.recompact()
        let calls = try await home.store.outlines(of: 1).map(\.call)
        try home.execute("UPDATE traces SET content=2; INSERT INTO meta(key, value) VALUES('expiring', 1);")
        try await home.reopen()
        await home.recompact()
        await home.store.settle()
        #expect(try home.number("SELECT content FROM traces") == 1)
        #expect(try await home.store.outlines(of: 1).map(\.call) == calls)
        #expect(try await !home.filesContain(Self.marker))
    }

    @Test(arguments: [20, 600] as [UInt64])
    func `a trace with shared frames is deleted as a whole`(_ steps: UInt64) async throws {
        let home = try RetentionStore()
        try await fill(home, steps: 0..<steps)
        try await fill(home, steps: 0..<3, trace: 2)
        await home.recompact()
        #expect(try await home.store.removeTraces(of: RetentionStore.id(1), in: .all, isDryRun: false) == 1)
        await home.store.settle()
        #expect(try home.rows(of: 1) == 0)
        try expectTrueCounters(home)
        #expect(try await home.store.outlines(of: 2).count == 4)
        await home.store.close()
    }

    @Test func `a file as a crash leaves it between two slices is read, and the rest is compressed later`() async throws
    {
        let home = try RetentionStore()
        for trace in 1...20 as ClosedRange<UInt64> { try await fill(home, steps: 0..<4, trace: trace) }
        await home.recompact()
        for trace in 21...40 as ClosedRange<UInt64> { try await fill(home, steps: 0..<4, trace: trace) }
        let before = try await everything(home)
        let crashed = try RetentionStore()
        await crashed.store.close()
        for name in ["skein.db", "skein.db-wal"] {
            let copy = crashed.folder + "/" + name
            try? FileManager.default.removeItem(atPath: copy)
            try FileManager.default.copyItem(atPath: home.folder + "/" + name, toPath: copy)
        }
        try await crashed.reopen()
        #expect(try parts(crashed, .leading) == 20)
        #expect(try await everything(crashed) == before)
        crashed.time.withLockedValue { $0 += 60 }
        await crashed.recompact()
        #expect(try parts(crashed, .leading) == 40)
        #expect(try await everything(crashed) == before)
        await crashed.store.close()
        await home.store.close()
    }

    @Test func `a slice whose parts are not what was read changes nothing`() async throws {
        let home = try RetentionStore()
        try await fill(home, steps: 0..<3)
        let before = try await everything(home)
        let part = ReadPart(key: 1 << 24 | 1, encoding: 1, dictionary: 1, plainLength: 1, stored: 1)
        let group = RecompactedGroup(trace: 1, project: 1, content: .kept, parts: [part], dictionary: 1, frame: [1])
        let answer = SliceAnswer()
        #expect(home.store.queue.pushBackground(.recompacted(RecompactedSlice(groups: [group], mark: 0), answer)))
        #expect(try answer.wait().get().written.isEmpty)
        #expect(try await everything(home) == before)
        await home.store.close()
    }

    @Test func `without recompaction parts stay as they came`() async throws {
        let home = try RetentionStore(recompacts: false)
        try await fill(home, steps: 0..<10)
        await home.recompact()
        #expect(try parts(home, .leading) + parts(home, .shared) == 0)
        await home.store.close()
    }

    @Test func `parts that do not become smaller stay as they are, and so does an unfinished trace`() async throws {
        let home = try RetentionStore()
        var random = SystemRandomNumberGenerator()
        let noise = String(decoding: (0..<4_000).map { _ in UInt8.random(in: 33...126, using: &random) }, as: UTF8.self)
        try await home.write([SampleSpan(trace: 1, id: 1).with(("noise", .text(noise)))])
        await home.recompact()
        try await fill(home, steps: 0..<10, trace: 2)
        await home.store.recompact()
        #expect(try parts(home, .leading) + parts(home, .shared) == 0)
        await home.recompact()
        #expect(try home.number("SELECT count(*) FROM parts WHERE encoding >= 2 AND part_id >> 24 = 1") == 0)
        #expect(try home.number("SELECT count(*) FROM parts WHERE encoding < 2 AND part_id >> 24 = 2") == 0)
        await home.store.close()
    }

    @Test func `what was compressed again is indexed again`() async throws {
        try await IndexFixture.run { fixture in
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                for number in 2...40 as ClosedRange<UInt64> {
                    try await IndexFixture.write(store, IndexFixture.call(number, asking: "zebra number\(number)"))
                }
                try await IndexFixture.wait(store)
                fixture.time.withLockedValue { $0 += 60 }
                await store.recompact()
                #expect(try fixture.column("SELECT count(*) FROM parts WHERE encoding = 3") == [38])
                _ = try await store.reindex(after: nil)
                try await IndexFixture.wait(store)
            }
            #expect(try fixture.hits("zebra").count == 39)
            #expect(try fixture.hits("number40").count == 1)
        }
    }

    @Test func `a project with much in store gets a dictionary of all of it, once`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func open(_ now: Int64, training: Bool = true) throws -> SQLiteTraceStore {
            var config = SQLiteStoreConfig(directory: folder)
            config.now = { now }
            config.sampledBytes = 1 << 10
            config.trainsDictionaries = training
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            return try SQLiteTraceStore(config: config, extraction: SpanExtractor(), logger: logger)
        }
        var store = try open(1_000)
        for trace in 1...300 as ClosedRange<UInt64> {
            _ = try await RetentionStore.write([step(100 + trace % 7, trace: trace)], project: "p", to: store)
        }
        await store.close()
        let connection = try SQLiteConnection(path: folder + "/skein.db")
        _ = try DatabaseSetup.addDictionary(connection, [UInt8](repeating: 7, count: 2_000), project: "p")
        store = try open(1_030, training: false)
        await store.recompact()
        #expect(try connection.integer("SELECT count(*) FROM dictionaries") == 2)
        await store.close()
        store = try open(1_060)
        await store.recompact()
        #expect(try connection.integer("SELECT count(*) FROM dictionaries") == 3)
        #expect(try connection.integer("SELECT count(*) FROM parts WHERE encoding = 2 AND dictionary_id = 3") == 300)
        _ = try await RetentionStore.write([step(400, trace: 400)], project: "p", to: store)
        await store.recompact()
        #expect(try connection.integer("SELECT dictionary_id FROM parts WHERE part_id >> 24 = 301") == 3)
        #expect(try connection.integer("SELECT count(*) FROM dictionaries") == 3)
        let outlines = try await store.outlines(of: 5)
        let spans = try await store.spans(outlines[...], of: 5)
        #expect(spans.map { Array($0.bytes) } == [step(105, trace: 5).bytes])
        await store.close()
    }
}

/// The requests of a capture, as protobuf.
private enum StoredCapture {
    static func requests(_ name: String) throws -> [[UInt8]] { try read(name) { $0.first?.isNumber == true } }

    static func records(_ name: String) throws -> [[UInt8]] { try read(name) { $0.hasPrefix("logs-") } }

    private static func read(_ name: String, _ isWanted: (String) -> Bool) throws -> [[UInt8]] {
        let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try files.filter(isWanted).map { file in
            var storage = BatchStorage(copying: try Data(contentsOf: folder.appendingPathComponent(file)))
            if storage.bytes.starts(with: [0x1F, 0x8B]) {
                storage = try withExtendedLifetime(storage) { try Gunzip.inflate(storage.bytes, limit: 1 << 26) }
            }
            if file.hasSuffix(".json") {
                storage = try withExtendedLifetime(storage) {
                    try JSONTranscoder.transcode(storage.bytes, limit: 1 << 26)
                }
            }
            return withExtendedLifetime(storage) { Array(storage.bytes) }
        }
    }
}
