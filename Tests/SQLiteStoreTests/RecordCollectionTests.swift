// RecordCollectionTests.swift - records for as many spans as have room.

import Foundation
import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct RecordCollectionTests {
    private static let spans = (1...4).map { SpanID($0) }

    private static func batch(_ records: [(span: UInt64, size: Int)]) throws -> SpanBatch {
        let sent = records.enumerated().map { number, record in
            SampleRecord("gen_ai.choice", trace: 1, span: record.span)
                .saying(("\(number)", String(repeating: "x", count: record.size)))
        }
        let storage = BatchStorage(copying: SampleRecord.request(sent))
        return try ExportRequestDecoder().decode(storage, project: nil, as: .logs).batch
    }

    private static func sizes(_ collection: RecordCollection) -> [Int] {
        spans.map { collection.stored.records[$0, default: []].count }
    }

    @Test func `the last spans give way, in any order of arrival`() throws {
        for order in [[1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2]] as [[UInt64]] {
            var collection = RecordCollection(Self.spans, maxBytes: 2600)
            collection.add(try Self.batch(order.map { ($0, 1000) }))
            #expect(collection.stored.covered == 2)
            #expect(Self.sizes(collection) == [1, 1, 0, 0])
        }
    }

    @Test func `a single span may have more, up to a limit`() throws {
        var collection = RecordCollection(Self.spans, maxBytes: 1000)
        collection.add(try Self.batch((0..<40).map { _ in (1, 900) }))
        #expect(collection.stored.covered == 1)
        let kept = Self.sizes(collection)[0]
        #expect((12...17).contains(kept))
    }

    @Test func `parts without a wanted span are not looked into`() {
        let collection = RecordCollection(Self.spans, maxBytes: 1000)
        #expect(collection.wantsAny(of: Data([0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 4])))
        #expect(!collection.wantsAny(of: Data([0, 0, 0, 0, 0, 0, 0, 9, 0, 0])))
        #expect(!collection.wantsAny(of: Data()))
    }
}
