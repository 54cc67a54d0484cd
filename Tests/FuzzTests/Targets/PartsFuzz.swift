// PartsFuzz.swift - stored parts: what was written is read, and damage is an error.

import TraceModel
import TraceStore

@testable import SQLiteStore

/// Reads parts, made from spans or from anything.
enum PartsFuzz {
    private static let codec = ZstdCodec()
    private static let decoder = PartDecoder(
        codec: codec,
        dictionaries: DictionaryTable(),
        envelopes: EnvelopeCache()
    )
    /// The shipped dictionary; it is part of the program.
    private static let shipped = ZstdCompressionDictionary.shipped()

    /// Reads a damaged part.
    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        var input = FuzzInput(input)
        let head = input.byte()
        let spanIDs = [UInt8](repeating: 1, count: Int(input.byte()))
        let plainLength = head & 4 == 0 ? Int(input.byte()) : Int(truncatingIfNeeded: input.number())
        let runs = input.bytes(Int(input.byte()))
        let part = Columns(
            spanIDs: spanIDs,
            runs: runs,
            encoding: Int64(head & 3),
            dictionary: head & 8 == 0 ? nil : 1,
            plainLength: plainLength,
            payload: Array(input.rest)
        )
        do {
            let batch = try part.read(with: decoder)
            for slice in batch.spans {
                let end = Int(slice.offset) + Int(slice.length)
                try FuzzFinding.unless(end <= batch.storage.bytes.count, "a span ends behind its part")
                try FuzzFinding.unless(
                    Int(slice.resource) < batch.resources.count && Int(slice.scope) < batch.scopes.count,
                    "a span has no resource or scope"
                )
            }
        } catch let error as FuzzFinding {
            throw error
        } catch {
            return
        }
    }

    /// Stores the spans of a batch as parts and reads them back.
    static func checkStored(_ batch: SpanBatch) throws(FuzzFinding) {
        do {
            let book = DictionaryBook(shipped: NumberedDictionary(id: 1, dictionary: shipped), own: [:]) {
                _,
                _ in
            }
            let encoder = PartEncoder(codec: codec, book: book)
            for part in try encoder.encode(batch).joined() {
                let columns = Columns(
                    spanIDs: part.spanIDs,
                    runs: part.runs.encoded,
                    encoding: part.encoding.rawValue,
                    dictionary: part.dictionary,
                    plainLength: part.plainLength,
                    payload: part.payload
                )
                let read = try columns.read(with: decoder)
                try FuzzFinding.unless(read.spans.count == part.spans.count, "a part has other spans than were stored")
                for (stored, index) in zip(read.spans, part.spans) {
                    let slice = batch.spans[index]
                    try FuzzFinding.unless(
                        stored.spanID == slice.spanID && read.bytes(of: stored).elementsEqual(batch.bytes(of: slice)),
                        "a stored span is read as another"
                    )
                }
            }
        } catch let error as FuzzFinding {
            throw error
        } catch {
            throw FuzzFinding("a part is not stored: \(error)")
        }
    }

    /// The columns of a row.
    private struct Columns {
        var spanIDs: [UInt8]
        var runs: [UInt8]
        var encoding: Int64
        var dictionary: Int64?
        var plainLength: Int
        var payload: [UInt8]

        func read(with decoder: PartDecoder) throws -> SpanBatch {
            try spanIDs.withUnsafeBytes { spanIDs in
                try runs.withUnsafeBytes { runs in
                    try payload.withUnsafeBytes { payload in
                        let part = StoredPart(
                            key: 1 << 24 | 5,
                            spanIDs: spanIDs,
                            runs: runs,
                            encoding: encoding,
                            dictionary: dictionary,
                            plainLength: plainLength,
                            payload: payload
                        )
                        return try decoder.batch(
                            of: part,
                            trace: TraceID(high: 1, low: 1),
                            project: "p",
                            References(payload: self.payload)
                        )
                    }
                }
            }
        }
    }

    /// Every resource and scope is empty, every dictionary the shipped one.
    private struct References: PartReferences {
        let payload: [UInt8]
        let frames = FrameCache()

        func envelope(_ kind: EnvelopeKind, _ id: Int64) throws -> SpanEnvelope {
            SpanEnvelope(bytes: [], fingerprint: UInt64(bitPattern: id))
        }

        func dictionaryBytes(_ id: Int64) throws -> [UInt8] { shipped.content.array }

        /// The part's own bytes once more.
        func frame(_ key: Int64) throws -> StoredFrame { StoredFrame(dictionary: nil, payload: payload) }
    }
}
