// ExtractedPartsTests.swift - ties between versions are decided as before, with few reads.

import IngestPipeline
import OTLPCodec
import TestSupport
import Testing
import TraceAssembly
import TraceModel
import TraceStore

@testable import SQLiteStore

struct ExtractedPartsTests {
    private func batch(_ spans: [SampleSpan], service: String = "test") throws -> SpanBatch {
        let storage = BatchStorage(copying: SampleSpan.request(spans, service: service))
        return try SpanExtractor().extract(ExportRequestDecoder().decode(storage, project: nil).batch)
    }

    private func version(_ index: Int, of batch: SpanBatch, part: UInt32) -> SpanVersion {
        let facts = batch.facts[index]
        return SpanVersion(spanID: facts.spanID, fingerprint: facts.fingerprint, length: facts.length, part: part)
    }

    @Test func `a tie is decided as by a look at all spans, and the part is read once`() throws {
        let names = ["a", "b", "c", "b"]
        let mine = try batch(names.enumerated().map { SampleSpan(trace: 1, id: UInt64($0 + 1), name: $1) })
        let theirs = try batch((1...4).map { SampleSpan(trace: 1, id: $0, name: "b") }, service: "other")
        var parts = ExtractedParts()
        var reads = 0
        for index in mine.facts.indices {
            let stored = version(index, of: theirs, part: 3)
            let isGreater = parts.isGreater(mine, index, than: stored, of: 7) {
                reads += 1
                return theirs
            }
            #expect(isGreater == mine.isGreater(index, than: stored, in: theirs))
            if index == 0 { #expect(!isGreater) }
            if index == 2 { #expect(isGreater) }
        }
        #expect(reads == 1)
    }

    @Test func `a part that cannot be read leaves it to the fingerprints`() throws {
        let mine = try batch([SampleSpan(trace: 1, id: 1, name: "b")])
        var stored = version(0, of: mine, part: 3)
        var parts = ExtractedParts()
        for fingerprint in [0, UInt64.max] {
            stored.fingerprint = fingerprint
            let isGreater = parts.isGreater(mine, 0, than: stored, of: 7) {
                throw StoreError(code: .unavailable, message: "gone")
            }
            #expect(isGreater == (mine.facts[0].fingerprint > fingerprint))
        }
        #expect(parts.count == 0)
    }

    @Test func `the parts that were asked for last are kept`() throws {
        let some = try batch([SampleSpan(trace: 1, id: 1)])
        var parts = ExtractedParts()
        var reads: [Int64] = []
        let asked: [Int64] = [0, 1, 2, 3, 4, 5, 6, 7, 0, 8, 0, 2, 1]
        for key in asked {
            _ = parts.batch(of: key) {
                reads.append(key)
                return some
            }
        }
        #expect(reads == [0, 1, 2, 3, 4, 5, 6, 7, 8, 1])
        #expect(parts.count == ExtractedParts.most)
        parts.forget()
        #expect(parts.count == 0)
    }

    @Test func `of large parts fewer are kept, and always one`() throws {
        var parts = ExtractedParts()
        for key in 0..<3 as Range<Int64> {
            let large = try batch([SampleSpan(trace: 1, id: 1, name: String(repeating: "n", count: 5 << 20))])
            _ = parts.batch(of: key) { large }
            #expect(parts.count == 1)
        }
    }

    @Test(arguments: [64 << 20, 0])
    func `a trace that comes on two ways has one version of each span, and knows both`(_ cacheBytes: Int) async throws {
        let home = try RetentionStore(cacheBytes: cacheBytes)
        let requests = ["one", "two"].flatMap { service in
            (0..<20 as Range<UInt64>).map { round in
                SampleSpan.request((1...10).map { SampleSpan(trace: 1, id: round * 10 + $0) }, service: service)
            }
        }
        for request in requests { #expect(try await home.write(request: request).stored == 10) }
        try await home.write([SampleSpan(trace: 1, id: 1_000)])
        for request in requests { #expect(try await home.write(request: request).duplicates == 10) }
        #expect(try await home.summary(1)?.spanCount == 201)
        #expect(try home.queries().texts("SELECT count(*) FROM spans") == ["201"])
        await home.store.close()
    }
}
