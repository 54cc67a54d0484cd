// PartDecoder.swift - a stored part back to the ingest form.

import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// The columns of one row of `parts`; the bytes are borrowed from the statement.
struct StoredPart {
    var key: Int64
    var spanIDs: UnsafeRawBufferPointer
    var runs: UnsafeRawBufferPointer
    var encoding: Int64
    var dictionary: Int64?
    var plainLength: Int
    var payload: UnsafeRawBufferPointer

    /// The columns, in the order that `PartDecoder` reads them.
    static let columns = "part_id, span_ids, runs, encoding, dictionary_id, plain_length, payload"
}

/// Turns stored parts into batches, so that what read them on arrival can read them again.
struct PartDecoder: Sendable {
    let codec: ZstdCodec
    let dictionaries: DictionaryTable
    let envelopes: EnvelopeCache

    /// One batch with one group that holds the part's spans; facts not extracted.
    ///
    /// - Throws: `StoreError` when the part is damaged, and whatever `references` throws.
    func batch(
        of part: StoredPart,
        trace id: TraceID,
        project: String,
        _ references: some PartReferences
    ) throws -> SpanBatch {
        let storage = try plain(part, references)
        var resources = Numbering(), scopes = Numbering()
        var spans: [SpanSlice] = []
        var offset = 0
        for run in [PartRun](decoding: part.runs) {
            let resource = try resources.index(of: run.resource) { try envelope(.resource, $0, references) }
            let scope = try scopes.index(of: run.scope) { try envelope(.scope, $0, references) }
            for _ in 0..<run.count {
                guard let length = Varint.readCount(storage.bytes, at: &offset),
                    length <= storage.bytes.count - offset, (spans.count + 1) * 8 <= part.spanIDs.count
                else { throw Self.damaged(part) }
                let id8 = part.spanIDs.loadUnaligned(fromByteOffset: spans.count * 8, as: UInt64.self)
                spans.append(
                    SpanSlice(
                        offset: UInt32(offset),
                        length: UInt32(length),
                        resource: resource,
                        scope: scope,
                        traceID: id,
                        spanID: SpanID(UInt64(bigEndian: id8))
                    )
                )
                offset += length
            }
        }
        return SpanBatch(
            storage: storage,
            resources: resources.envelopes,
            scopes: scopes.envelopes,
            spans: spans,
            groups: [TraceGroup(project: project, traceID: id, spans: 0..<spans.count)]
        )
    }

    private func envelope(_ kind: EnvelopeKind, _ id: Int64, _ references: some PartReferences) throws -> SpanEnvelope {
        try envelopes.envelope(kind, id) { try references.envelope(kind, id) }
    }

    private func plain(_ part: StoredPart, _ references: some PartReferences) throws -> BatchStorage {
        switch PartEncoding(rawValue: part.encoding) {
        case .plain:
            return BatchStorage(copying: part.payload)
        case .zstd:
            // Both say how much is allocated, so that damage to one is noticed before.
            guard part.plainLength <= Int(UInt32.max), ZstdCodec.plainLength(of: part.payload) == part.plainLength
            else {
                throw Self.damaged(part)
            }
            let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: max(part.plainLength, 1), alignment: 16)
            let target = UnsafeMutableRawBufferPointer(rebasing: plain[..<part.plainLength])
            let address = UInt(bitPattern: plain.baseAddress)
            let storage = BatchStorage(bytes: UnsafeRawBufferPointer(target)) {
                UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
            }
            let dictionary = try part.dictionary.map { id in
                try dictionaries.dictionary(id) { try references.dictionaryBytes(id) }
            }
            try codec.decompress(part.payload, into: target, with: dictionary)
            return storage
        case nil:
            throw Self.damaged(part)
        }
    }

    private static func damaged(_ part: StoredPart) -> StoreError {
        StoreError(code: .unavailable, message: "the database is damaged: part \(part.key)")
    }

    /// Small consecutive numbers for the ids of one part.
    private struct Numbering {
        var ids: [Int64] = []
        var envelopes: [SpanEnvelope] = []

        mutating func index(of id: Int64, load: (Int64) throws -> SpanEnvelope) rethrows -> UInt32 {
            if let known = ids.firstIndex(of: id) { return UInt32(known) }
            envelopes.append(try load(id))
            ids.append(id)
            return UInt32(ids.count - 1)
        }
    }
}

/// Which kind of envelope.
enum EnvelopeKind: String {
    case resource, scope

    /// Selects fingerprint and bytes by id.
    var sql: String { "SELECT fingerprint, bytes FROM \(rawValue)s WHERE \(rawValue)_id=?" }
}

/// The dictionaries of a database that were used lately, by number; they never change.
final class DictionaryTable: Sendable {
    private let known = NIOLockedValueBox<[Int64: ZstdDictionary]>([:])
    private static let limit = 64

    func dictionary(_ id: Int64, load: () throws -> [UInt8]) throws -> ZstdDictionary {
        if let hit = known.withLockedValue({ $0[id] }) { return hit }
        let made = try ZstdDictionary(bytes: load())
        known.withLockedValue { known in
            if known.count >= Self.limit { known.removeAll() }
            known[id] = made
        }
        return made
    }
}

/// Finds what a part refers to by number, on whatever connection reads it.
protocol PartReferences {
    func envelope(_ kind: EnvelopeKind, _ id: Int64) throws -> SpanEnvelope
    func dictionaryBytes(_ id: Int64) throws -> [UInt8]
}

/// Resources and scopes that were read lately; they never change, and their numbers are never used again.
final class EnvelopeCache: Sendable {
    private struct Key: Hashable {
        var kind: EnvelopeKind
        var id: Int64
    }

    private let known = NIOLockedValueBox<(entries: [Key: SpanEnvelope], bytes: Int)>(([:], 0))
    private static let limit = 4 << 20

    func envelope(
        _ kind: EnvelopeKind,
        _ id: Int64,
        load: () throws -> SpanEnvelope
    ) rethrows -> SpanEnvelope {
        let key = Key(kind: kind, id: id)
        if let hit = known.withLockedValue({ $0.entries[key] }) { return hit }
        let envelope = try load()
        known.withLockedValue { known in
            if known.bytes > Self.limit { known = ([:], 0) }
            known.entries[key] = envelope
            known.bytes += envelope.bytes.count + 96
        }
        return envelope
    }
}
