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

    /// A trace of more spans than a piece has, then more traces than one has, under several resources that they share.
    private static let request: [UInt8] = {
        let long = (1...UInt64(BatchPieces.mostSpans + 100)).map { SampleSpan(trace: 1, id: $0) }
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
            #expect(piece.spans.count <= BatchPieces.mostSpans && piece.groups.count <= BatchPieces.mostTraces)
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

    @Test func `log records with content are stored in pieces too`() async throws {
        let writer = PickyWriter()
        let spans = TracePipeline(writer: writer, extraction: SpanExtractor())
        let pipeline = LogPipeline(writer: writer, spans: spans)
        let records = (1...UInt64(BatchPieces.mostTraces + 10)).map {
            SampleRecord("gen_ai.choice", trace: $0, span: 1)
        }
        let decoded = try ExportRequestDecoder().decode(
            BatchStorage(copying: SampleRecord.request(records)),
            project: nil,
            as: .logs
        )
        let receipt = try await pipeline.consume(LogBatch(records: decoded.batch, project: nil))
        let pieces = await writer.batches
        #expect(pieces.map(\.groups.count) == [BatchPieces.mostTraces, 10])
        #expect(pieces.flatMap(Stored.all) == Stored.all(of: decoded.batch))
        #expect(receipt.accepted == records.count - 2)
    }
}
