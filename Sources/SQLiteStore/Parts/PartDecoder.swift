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
        let (storage, place) = try plain(part, references)
        let bytes = UnsafeRawBufferPointer(rebasing: storage.bytes[..<place.upperBound])
        var resources = Numbering(), scopes = Numbering()
        var spans: [SpanSlice] = []
        var offset = place.lowerBound
        for run in [PartRun](decoding: part.runs) {
            let resource = try resources.index(of: run.resource) { try envelope(.resource, $0, references) }
            let scope = try scopes.index(of: run.scope) { try envelope(.scope, $0, references) }
            for _ in 0..<run.count {
                guard let length = Varint.readCount(bytes, at: &offset),
                    length <= bytes.count - offset, (spans.count + 1) * 8 <= part.spanIDs.count
                else { throw Self.damaged(part.key) }
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

    /// The bytes of a part, and where among those of others they lie.
    private func plain(
        _ part: StoredPart,
        _ references: some PartReferences
    ) throws -> (storage: BatchStorage, place: Range<Int>) {
        let length = part.plainLength
        switch PartEncoding(rawValue: part.encoding) {
        case .plain:
            return (BatchStorage(copying: part.payload), 0..<part.payload.count)
        case .zstd:
            // Both say how much is allocated, so that damage to one is noticed before.
            guard length <= Int(UInt32.max), ZstdCodec.plainLength(of: part.payload) == length else {
                throw Self.damaged(part.key)
            }
            return (try inflate(part.payload, part.dictionary, to: length, references), 0..<length)
        case .leading:
            let storage = try references.frames.storage(of: part.key) {
                try frame(part.payload, part.dictionary, of: part.key, references)
            }
            guard length >= 0, length <= storage.bytes.count else { throw Self.damaged(part.key) }
            return (storage, 0..<length)
        case .shared:
            return try shared(part, references)
        case nil:
            throw Self.damaged(part.key)
        }
    }

    private func shared(
        _ part: StoredPart,
        _ references: some PartReferences
    ) throws -> (storage: BatchStorage, place: Range<Int>) {
        guard let place = FramePlace(decoding: part.payload), place.part < PartKey.number(part.key) else {
            throw Self.damaged(part.key)
        }
        let leader = PartKey.key(part.key >> 24, place.part)
        let storage = try references.frames.storage(of: leader) {
            let row = try references.frame(leader)
            return try row.payload.withUnsafeBytes { try frame($0, row.dictionary, of: leader, references) }
        }
        let count = storage.bytes.count
        guard place.offset <= count, part.plainLength >= 0, part.plainLength <= count - place.offset else {
            throw Self.damaged(part.key)
        }
        return (storage, place.offset..<place.offset + part.plainLength)
    }

    /// What a frame of several parts becomes; it says itself how much that is.
    private func frame(
        _ payload: UnsafeRawBufferPointer,
        _ dictionary: Int64?,
        of key: Int64,
        _ references: some PartReferences
    ) throws -> BatchStorage {
        guard let length = ZstdCodec.plainLength(of: payload), length <= Self.mostFrameBytes else {
            throw Self.damaged(key)
        }
        return try inflate(payload, dictionary, to: length, references)
    }

    /// No frame is larger: a group of parts is bounded, and a part alone by the largest span.
    static let mostFrameBytes = 1 << 30

    private func inflate(
        _ payload: UnsafeRawBufferPointer,
        _ dictionary: Int64?,
        to length: Int,
        _ references: some PartReferences
    ) throws -> BatchStorage {
        let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: max(length, 1), alignment: 16)
        let target = UnsafeMutableRawBufferPointer(rebasing: plain[..<length])
        let address = UInt(bitPattern: plain.baseAddress)
        let storage = BatchStorage(bytes: UnsafeRawBufferPointer(target)) {
            UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
        }
        let known = try dictionary.map { id in
            try dictionaries.dictionary(id) { try references.dictionaryBytes(id) }
        }
        try codec.decompress(payload, into: target, with: known)
        return storage
    }

    private static func damaged(_ key: Int64) -> StoreError {
        StoreError(code: .unavailable, message: "the database is damaged: part \(key)")
    }

    /// Small consecutive numbers for the ids of one part.
    private struct Numbering {
        private var ids: [Int64] = []
        /// The places of `ids`; empty while they are so few that looking through them takes less time.
        private var places: [Int64: Int] = [:]
        private(set) var envelopes: [SpanEnvelope] = []
        private static let few = 16

        mutating func index(of id: Int64, load: (Int64) throws -> SpanEnvelope) rethrows -> UInt32 {
            let known = places.isEmpty ? ids.firstIndex(of: id) : places[id]
            if let known { return UInt32(known) }
            envelopes.append(try load(id))
            ids.append(id)
            if !places.isEmpty {
                places[id] = ids.count - 1
            } else if ids.count > Self.few {
                for (place, id) in ids.enumerated() { places[id] = place }
            }
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

    /// Lets go of them: they are read again when they are needed.
    func rest() {
        known.withLockedValue { $0 = [:] }
    }
}

/// Finds what a part refers to by number, on whatever connection reads it.
protocol PartReferences {
    func envelope(_ kind: EnvelopeKind, _ id: Int64) throws -> SpanEnvelope
    func dictionaryBytes(_ id: Int64) throws -> [UInt8]
    /// The frame of a part that others share; throws where there is none.
    func frame(_ key: Int64) throws -> StoredFrame
    /// Frames of the same state of the database that were read lately.
    var frames: FrameCache { get }
}

/// The frame of a part that others share.
struct StoredFrame {
    var dictionary: Int64?
    var payload: [UInt8]

    /// Selects it by the key of its part.
    static let sql =
        "SELECT dictionary_id, payload FROM parts WHERE part_id=? AND encoding=\(PartEncoding.leading.rawValue)"

    static func missing(_ key: Int64) -> StoreError {
        StoreError(code: .unavailable, message: "the database is damaged: part \(key) is gone")
    }
}

/// The frame that was read last, inflated: who reads parts in their order inflates each frame once.
///
/// Good for one state of the database: it belongs to a transaction, or is told when something changes.
final class FrameCache {
    private var latest: (key: Int64, storage: BatchStorage)?

    func storage(of key: Int64, load: () throws -> BatchStorage) rethrows -> BatchStorage {
        if let latest, latest.key == key { return latest.storage }
        let storage = try load()
        latest = (key, storage)
        return storage
    }

    func forget() {
        latest = nil
    }
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
