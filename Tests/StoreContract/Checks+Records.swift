// Checks+Records.swift - log records beside the spans that they name.

import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

extension Checks {
    func records() async throws {
        let early = SampleRecord("gen_ai.user.message", trace: 40, span: 2).saying(("content", "early"))
        let late = SampleRecord("gen_ai.choice", trace: 40, span: 2).saying(("content", "late"))
        let other = SampleRecord("gen_ai.choice", trace: 40, span: 3).saying(("content", "other"))
        #expect(try await write(records: [early]) == ConsumeReceipt(stored: 1))
        try await write(SampleSpan(trace: 40, id: 1), SampleSpan(trace: 40, id: 2, parent: 1))
        try await write(records: [late, other, early])
        try await write(SampleSpan(trace: 40, id: 3, parent: 1, at: 5), SampleSpan(trace: 41, id: 1))
        let number = try await summary(40).number
        #expect(try await summary(40).spanCount == 3)
        let outlines = try await store.outlines(of: number)
        #expect(outlines.map(\.spanID.value) == [1, 2, 3])
        let all = try #require(try await store.records(of: outlines[...], in: number, maxBytes: 1 << 20))
        #expect(all.covered == 3)
        #expect(try await store.trace(number, keeping: 1 << 20).mayHaveRecords)
        #expect(all.records == [SpanID(2): [early.bytes, late.bytes], SpanID(3): [other.bytes]])
        let one = try await store.records(of: outlines[2...], in: number, maxBytes: 1 << 20)
        #expect(one == StoredRecords(covered: 1, records: [SpanID(3): [other.bytes]]))
        let none = try await summary(41).number
        #expect(try await store.records(of: outlines[...], in: none, maxBytes: 1 << 20) == nil)
        #expect(try await spans(40).count == 3)
    }

    func recordsAlone() async throws {
        try await write(SampleSpan(trace: 50, id: 1))
        let record = SampleRecord("gen_ai.choice", trace: 51, span: 2).saying(("content", "alone"))
        for _ in 0..<2 { try await write(records: [record]) }
        let id = TraceID(high: 0xABCD, low: 51)
        #expect(try await store.summaries(of: id, in: .all).isEmpty)
        for sort in TraceSort.allCases {
            var query = TraceQuery()
            query.sort = sort
            let page = try await store.traces(matching: query)
            #expect(page.rows.map(\.traceID.low) == [50])
        }
        try await write(SampleSpan(trace: 51, id: 2, name: "at last"))
        let summary = try await summary(51)
        #expect(summary.spanCount == 1 && summary.root.name == "at last")
        let outlines = try await store.outlines(of: summary.number)
        let found = try await store.records(of: outlines[...], in: summary.number, maxBytes: 1 << 20)
        #expect(found == StoredRecords(covered: 1, records: [SpanID(2): [record.bytes]]))
        #expect(try await store.traces(matching: TraceQuery()).rows.count == 2)
    }

    func recordRoom() async throws {
        let text = String(repeating: "long ", count: 200)
        var sent: [SpanID: [[UInt8]]] = [:]
        for id in 1...9 as ClosedRange<UInt64> {
            try await write(SampleSpan(trace: 60, id: id, at: id))
            let record = SampleRecord("gen_ai.choice", trace: 60, span: id).saying(("content", "\(id) \(text)"))
            try await write(records: [record])
            sent[SpanID(id)] = [record.bytes]
        }
        let number = try await summary(60).number
        var rest = try await store.outlines(of: number)[...]
        var read: [SpanID: [[UInt8]]] = [:]
        var reads = 0
        while !rest.isEmpty {
            let found = try #require(try await store.records(of: rest, in: number, maxBytes: 4000))
            try #require(found.covered >= 1)
            #expect(found.records.count == found.covered)
            read.merge(found.records) { first, _ in first }
            rest = rest.dropFirst(found.covered)
            reads += 1
        }
        #expect(read == sent)
        #expect(reads == 3)
    }

    @discardableResult
    private func write(records: [SampleRecord]) async throws -> ConsumeReceipt {
        let storage = BatchStorage(copying: SampleRecord.request(records))
        return try await store.write(ExportRequestDecoder().decode(storage, project: nil, as: .logs).batch)
    }
}
