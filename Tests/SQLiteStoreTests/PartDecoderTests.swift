// PartDecoderTests.swift - damaged parts are errors.

import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct PartDecoderTests {
    private let codec = ZstdCodec()

    /// A part with two spans, and what it is read with.
    private func read(_ damage: (inout EncodedPart, inout [UInt8]) -> Void) throws -> SpanBatch {
        let request = SampleSpan.request([
            SampleSpan(trace: 1, id: 1, name: String(repeating: "long ", count: 40)), SampleSpan(trace: 1, id: 2),
        ])
        let batch = try ExportRequestDecoder().decode(BatchStorage(copying: request), project: "p").batch
        let shipped = NumberedDictionary(id: 1, dictionary: .shipped())
        let encoder = PartEncoder(codec: codec, book: DictionaryBook(shipped: shipped, own: [:]) { _, _ in })
        var part = try encoder.encode(batch)[0][0]
        var runs = part.runs.encoded
        damage(&part, &runs)
        return try part.payload.withUnsafeBytes { payload in
            try part.spanIDs.withUnsafeBytes { spanIDs in
                try runs.withUnsafeBytes { runs in
                    let stored = StoredPart(
                        key: 1,
                        spanIDs: spanIDs,
                        runs: runs,
                        encoding: part.encoding.rawValue,
                        dictionary: part.dictionary,
                        plainLength: part.plainLength,
                        payload: payload
                    )
                    let decoder = PartDecoder(codec: codec, dictionaries: DictionaryTable(), envelopes: EnvelopeCache())
                    let references = ShippedReferences()
                    return try decoder.batch(of: stored, trace: TraceID(high: 0xABCD, low: 1), project: "p", references)
                }
            }
        }
    }

    @Test func `a part is read as it was written`() throws {
        let batch = try read { _, _ in }
        #expect(batch.spans.map(\.spanID) == [SpanID(1), SpanID(2)])
        #expect(batch.bytes(of: batch.spans[1]).elementsEqual(SampleSpan(trace: 1, id: 2).bytes))
    }

    @Test(arguments: [-1, 0, 1, 1 << 40, .max])
    func `a length that the payload does not have is damage`(_ length: Int) {
        #expect(throws: StoreError.self) { try read { part, _ in part.plainLength = length } }
    }

    @Test(arguments: [UInt64(1) << 32, 1 << 62, 1 << 63, .max])
    func `a span that is longer than its part is damage`(_ length: UInt64) {
        #expect(throws: StoreError.self) {
            try read { part, _ in
                part.encoding = .plain
                part.payload = []
                Varint.append(length, to: &part.payload)
            }
        }
    }

    @Test(arguments: [[], [0], [0, 0], [0, 0, 0], [1, 0], [255, 255, 255, 255, 127, 0]] as [[UInt8]])
    func `a part without the frame that it names is damage`(_ place: [UInt8]) {
        #expect(throws: StoreError.self) {
            try read { part, _ in
                part.encoding = .shared
                part.payload = place
            }
        }
    }

    @Test func `a frame may go on behind its first part, and never ends before`() throws {
        let batch = try read { part, _ in part.encoding = .leading }
        #expect(batch.spans.map(\.spanID) == [SpanID(1), SpanID(2)])
        #expect(throws: StoreError.self) {
            try read { part, _ in
                part.encoding = .leading
                part.plainLength += 1
            }
        }
    }

    @Test func `each resource of a part is there once, however many there are`() throws {
        let ids = (100..<140).map { Int64($0) }
        let batch = try read { _, runs in
            let empty = (ids + ids.reversed()).map { PartRun(resource: $0, scope: 1, count: 0) }
            let last = [PartRun(resource: 105, scope: 1, count: 1), PartRun(resource: 139, scope: 2, count: 1)]
            runs = (empty + last).encoded
        }
        #expect(batch.resources.map(\.fingerprint) == ids.map { UInt64($0) })
        #expect(batch.scopes.map(\.fingerprint) == [1, 2])
        #expect(batch.spans.map(\.resource) == [5, 39] && batch.spans.map(\.scope) == [0, 1])
    }

    @Test func `numbers that were never written end the list of runs`() throws {
        let batch = try read { _, runs in
            for number in [1, 1, UInt64.max] { Varint.append(number, to: &runs) }
        }
        #expect(batch.spans.count == 2)
    }
}

/// Every resource and scope is empty, every dictionary the shipped one.
private struct ShippedReferences: PartReferences {
    let frames = FrameCache()

    func envelope(_ kind: EnvelopeKind, _ id: Int64) throws -> SpanEnvelope {
        SpanEnvelope(bytes: [], fingerprint: UInt64(bitPattern: id))
    }

    func dictionaryBytes(_ id: Int64) throws -> [UInt8] { DictionaryBytes.shipped().array }
    func frame(_ key: Int64) throws -> StoredFrame { throw StoredFrame.missing(key) }
}
