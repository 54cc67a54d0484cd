// BatchPiecesTests.swift - requests of very many spans go on in pieces.

import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import IngestPipeline

struct BatchPiecesTests {
    /// Remembers what it is told to write, and fails from some batch on.
    private actor PickyWriter: TraceWriter {
        private(set) var batches: [SpanBatch] = []
        private let most: Int

        init(failingAfter most: Int = .max) {
            self.most = most
        }

        func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt {
            guard batches.count < most else { throw StoreError(code: .unavailable, message: "full") }
            batches.append(batch)
            let rejected = RejectedSpans(count: 1, message: "one of piece \(batches.count)")
            return ConsumeReceipt(stored: batch.spans.count - 2, duplicates: 1, rejected: rejected)
        }
    }

    /// What is stored of a span, wherever its piece has it.
    private struct Stored: Hashable {
        var trace: TraceID
        var bytes: [UInt8]
        var resource: [UInt8]
        var scope: [UInt8]

        static func all(of batch: SpanBatch) -> [Stored] {
            batch.groups.flatMap { group in
                batch.spans[group.spans].map { slice in
                    Stored(
                        trace: group.traceID,
                        bytes: Array(batch.bytes(of: slice)),
                        resource: batch.resources[Int(slice.resource)].bytes,
                        scope: batch.scopes[Int(slice.scope)].bytes
                    )
                }
            }
        }
    }

    /// A trace of more spans than a piece takes of one, then more traces than one has, under several resources.
    private static let request: [UInt8] = {
        let long = (1...UInt64(BatchPieces.mostOfTrace + 100)).map { SampleSpan(trace: 1, id: $0) }
        let many = (2...UInt64(BatchPieces.mostTraces * 2)).map { SampleSpan(trace: $0, id: $0) }
        return SampleSpan.request(long, service: "long")
            + (0..<3).flatMap { turn in
                SampleSpan.request(many.indices.filter { $0 % 3 == turn }.map { many[$0] }, service: "many \(turn)")
            }
    }()

    private static func decode(_ bytes: [UInt8]) throws -> SpanBatch {
        try ExportRequestDecoder().decode(BatchStorage(copying: bytes), project: nil).batch
    }

    @Test func `a request of very many spans is stored in pieces, with every span once and in its order`() async throws
    {
        let batch = try Self.decode(Self.request)
        let writer = PickyWriter()
        let receipt = try await TracePipeline(writer: writer, extraction: SpanExtractor()).consume(batch)
        let pieces = await writer.batches
        #expect(pieces.map(\.resources.count) == [1, 3, 2])
        for piece in pieces {
            #expect(piece.spans.count <= BatchPieces.mostOfTrace && piece.groups.count <= BatchPieces.mostTraces)
            #expect(piece.facts.count == piece.spans.count)
        }
        #expect(pieces.flatMap(Stored.all) == Stored.all(of: batch))
        #expect(receipt.stored == batch.spans.count - 6 && receipt.duplicates == 3)
        #expect(receipt.rejected == RejectedSpans(count: 3, message: "one of piece 1"))
    }

    @Test func `a piece that cannot be stored fails the request, which is sent again as a whole`() async throws {
        let writer = PickyWriter(failingAfter: 2)
        let pipeline = TracePipeline(writer: writer, extraction: SpanExtractor())
        await #expect(throws: StoreError.self) { try await pipeline.consume(Self.decode(Self.request)) }
        #expect(await writer.batches.count == 2)
    }

    @Test func `a large resource is not read for each few traces`() async throws {
        let traces = (1...UInt64(BatchPieces.mostTraces + 1)).map { SampleSpan(trace: $0, id: $0) }
        let batch = try Self.decode(SampleSpan.request(traces, service: String(repeating: "x", count: 3 << 20)))
        #expect(BatchPieces.isNeeded(for: batch))
        #expect(Array(BatchPieces(batch)).count == 1)
    }

    @Test func `what masking did to the whole request is told once`() async throws {
        let traces = (1...UInt64(BatchPieces.mostTraces * 2)).map {
            SampleSpan(trace: $0, id: $0).with(("user.email", .text("someone.\($0)@example.com")))
        }
        let masking = try MaskingHarness([.builtIn(.email)]).masking
        let writer = PickyWriter()
        let pipeline = TracePipeline(writer: writer, extraction: SpanExtractor(), masking: masking)
        let receipt = try await pipeline.consume(Self.decode(SampleSpan.request(traces)))
        let pieces = await writer.batches
        #expect(pieces.map(\.groups.count) == [BatchPieces.mostTraces, BatchPieces.mostTraces])
        let texts = pieces.flatMap(Stored.all).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts.count == traces.count && !texts.contains { $0.contains("example.com") })
        #expect(receipt.stored == traces.count - 4)
    }
}
