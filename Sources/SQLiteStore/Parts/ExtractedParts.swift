// ExtractedParts.swift - parts that were read to decide between versions of a span.

import TraceAssembly
import TraceModel

/// The last parts that were read, extracted, to decide between versions of spans.
///
/// A trace that arrives on two ways with different resources has two versions of each span, and nothing decides between
/// them before the bytes do: each part would be read again for each of its spans.
///
/// Good as long as these parts stay as they are.
struct ExtractedParts {
    /// So many parts are kept.
    static let most = 8
    /// Bytes that they take at most together, about; the last one is kept whatever it takes.
    static let mostBytes = 8 << 20

    private struct Part {
        var key: Int64
        var batch: SpanBatch
        var places = FingerprintPlaces()
        /// When it was asked for last.
        var turn: Int
    }

    private var parts: [Part] = []
    private var turn = 0

    /// How many parts are kept.
    var count: Int { parts.count }

    /// Forgets everything.
    mutating func forget() {
        parts = []
    }

    /// An extracted part.
    ///
    /// - Parameters:
    ///   - key: The part.
    ///   - load: Reads and extracts it; called when it is not kept.
    /// - Returns: The part.
    /// - Throws: What `load` throws.
    mutating func batch(of key: Int64, load: () throws -> SpanBatch) rethrows -> SpanBatch {
        let position = try bring(key, load)
        return parts[position].batch
    }

    /// Whether a span has greater bytes than a stored version of it in another part: the last tie-break.
    ///
    /// - Parameters:
    ///   - batch: The extracted batch of the span.
    ///   - index: The place of the span in the batch.
    ///   - stored: The version.
    ///   - trace: The number of the trace.
    ///   - load: Reads and extracts the version's part. One that cannot be read leaves the order to the fingerprints,
    ///     which is stable too.
    /// - Returns: Whether the span wins.
    mutating func isGreater(
        _ batch: SpanBatch,
        _ index: Int,
        than stored: SpanVersion,
        of trace: Int64,
        load: () throws -> SpanBatch
    ) -> Bool {
        guard let position = try? bring(PartKey.key(trace, stored.part), load) else {
            return batch.facts[index].fingerprint > stored.fingerprint
        }
        let other = parts[position].batch
        let place = parts[position].places.first(stored.fingerprint, in: other.facts)
        return batch.isGreater(index, than: stored, at: place, in: other)
    }

    /// Sees to it that a part is kept, and says where in `parts`.
    private mutating func bring(_ key: Int64, _ load: () throws -> SpanBatch) rethrows -> Int {
        turn += 1
        if let known = parts.firstIndex(where: { $0.key == key }) {
            parts[known].turn = turn
            return known
        }
        parts.append(Part(key: key, batch: try load(), turn: turn))
        while parts.count > 1, parts.count > Self.most || bytes > Self.mostBytes { removeOldest() }
        return parts.count - 1
    }

    /// Never the one that came last.
    private mutating func removeOldest() {
        guard let oldest = parts.indices.min(by: { parts[$0].turn < parts[$1].turn }) else { return }
        parts.remove(at: oldest)
    }

    /// What the parts take; parts of one frame share its bytes.
    private var bytes: Int {
        var storages: Set<ObjectIdentifier> = []
        return parts.reduce(0) { sum, part in
            let storage = part.batch.storage
            let isNew = storages.insert(ObjectIdentifier(storage)).inserted
            return sum + (isNew ? storage.bytes.count : 0) + part.batch.facts.count * MemoryLayout<SpanFacts>.stride
        }
    }
}

/// Where the spans of one batch are, by fingerprint.
struct FingerprintPlaces {
    /// Made when it is asked for first.
    private var places: [UInt64: Int]?

    /// The first place of a fingerprint, always among the facts of the same batch; nil when it is not there.
    mutating func first(_ fingerprint: UInt64, in facts: [SpanFacts]) -> Int? {
        if let places { return places[fingerprint] }
        let made = Dictionary(
            zip(facts.lazy.map(\.fingerprint), facts.indices),
            uniquingKeysWith: { first, _ in first }
        )
        places = made
        return made[fingerprint]
    }
}

extension SpanBatch {
    /// Whether the bytes of one span are greater than those of a version that `other` holds; ties go by fingerprint.
    func isGreater(_ index: Int, than stored: SpanVersion, in other: SpanBatch) -> Bool {
        let place = other.facts.firstIndex { $0.fingerprint == stored.fingerprint }
        return isGreater(index, than: stored, at: place, in: other)
    }

    /// The same where the version's place among the spans of `other` is known; nil when it is not there.
    func isGreater(_ index: Int, than stored: SpanVersion, at place: Int?, in other: SpanBatch) -> Bool {
        guard let place else { return facts[index].fingerprint > stored.fingerprint }
        let (mine, theirs) = (bytes(of: spans[index]), other.bytes(of: other.spans[place]))
        for (left, right) in zip(mine, theirs) where left != right { return left > right }
        return facts[index].fingerprint > stored.fingerprint
    }
}
