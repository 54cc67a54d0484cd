// ContentStripper.swift - stored parts as they would be without content, made beside the writer.

import Foundation
import GRDB
import TraceAssembly
import TraceModel
import TraceStore

/// A part without content, ready to take the place of the one that is stored.
struct StrippedPart: Sendable {
    var key: Int64
    var batch: SpanBatch
    /// Nil when nothing of it may be kept.
    var part: EncodedPart?
}

/// Where the rewriting of one trace stands.
struct StrippingPlace: Sendable {
    var number: Int64
    /// The next part to read.
    var next: Int64
    /// Whether some of it was written before.
    var hasBegun = false
    /// Versions that lose by their length or bytes, which change: each becomes what the winner is.
    var substitutes: [PlacedSpan: PlacedSpan]?
    /// The version of the root that counts, where there are several.
    var root: PlacedSpan?

    init(_ number: Int64) {
        self.number = number
        next = PartKey.first(of: number)
    }
}

/// A span by its place in a trace.
struct PlacedSpan: Sendable, Hashable {
    var part: UInt32
    var index: Int
}

/// Some parts of one trace without their content.
struct StrippedTrace: Sendable {
    /// Where it goes on after this.
    var place: StrippingPlace
    var isFirst: Bool
    var isLast: Bool
    /// The parts that the trace had, and whether its content was there, when this was read.
    var partCount: Int64
    var parts: [StrippedPart] = []
    /// What lists show of it from now on; nil when its root is not among these parts.
    var root: RootDisplay?
}

/// Reads parts, takes the content out, and encodes them again.
///
/// Blocking: call it where blocking is fine.
struct ContentStripper: Sendable {
    let loader: TraceLoader
    let removal: any ContentRemoval
    let encoder: PartEncoder

    /// Bytes before compression, and parts, that one step reads.
    private static let mostBytes = 1 << 20
    private static let mostParts = 64

    /// Goes on with a trace.
    ///
    /// - Returns: Nil when it is gone.
    func step(_ from: StrippingPlace) throws -> StrippedTrace? {
        var place = from
        let number = place.number
        guard let identity = try loader.pool.read({ try TraceIdentity.fetch($0, number) }) else { return nil }
        let rootID = try loader.pool.read { db in
            try Data.fetchOne(db, sql: "SELECT span_id FROM roots WHERE trace_no=?", arguments: [number])
        }.map { SpanID(bytes: $0) }
        if place.substitutes == nil { try findVersions(of: &place, root: rootID) }
        let ready = place
        let found = try loader.pool.read { db in try read(db, ready, identity) }
        var stripped = StrippedTrace(
            place: place,
            isFirst: !from.hasBegun,
            isLast: found.isLast,
            partCount: found.partCount
        )
        for (key, batch) in found.batches {
            let part = try strip(batch, key, place, identity)
            stripped.parts.append(part)
            if let root = try display(of: rootID, in: part, place) { stripped.root = root }
            stripped.place.next = key + 1
        }
        stripped.place.hasBegun = true
        return stripped
    }

    private struct Found {
        var batches: [(key: Int64, batch: SpanBatch)]
        var isLast: Bool
        var partCount: Int64
    }

    private func read(_ db: Database, _ place: StrippingPlace, _ identity: TraceIdentity) throws -> Found {
        let end = PartKey.end(of: place.number)
        let last = "SELECT max(part_id) FROM parts WHERE part_id >= ? AND part_id < ?"
        let key = try Int64.fetchOne(db, sql: last, arguments: [PartKey.first(of: place.number), end])
        let parts = try loader.parts(
            db,
            from: place.next,
            to: end,
            identity,
            limit: Self.mostParts,
            bytes: Self.mostBytes,
            // The frame goes with its first part.
            wholeFrames: true
        )
        let after = (parts.batches.last?.key).map { $0 + 1 } ?? end
        let more = "SELECT 1 FROM parts WHERE part_id >= ? AND part_id < ? AND kind = 0 LIMIT 1"
        let hasMore = try Int.fetchOne(db, sql: more, arguments: [after, end]) != nil
        return Found(
            batches: parts.batches,
            isLast: !hasMore,
            partCount: key.map { Int64(PartKey.number($0)) + 1 } ?? 0
        )
    }

    private func strip(
        _ batch: SpanBatch,
        _ key: Int64,
        _ place: StrippingPlace,
        _ identity: TraceIdentity
    ) throws -> StrippedPart {
        var source = batch
        if let substitutes = place.substitutes, !substitutes.isEmpty {
            source = try substituted(batch, PartKey.number(key), substitutes, place.number, identity)
        }
        let stripped = removal.removeContent(of: source).batch
        guard !stripped.spans.isEmpty else { return StrippedPart(key: key, batch: stripped) }
        return StrippedPart(key: key, batch: stripped, part: try encoder.encodeAlone(stripped))
    }

    private func display(of root: SpanID?, in part: StrippedPart, _ place: StrippingPlace) throws -> RootDisplay? {
        let batch = part.batch
        guard let root, let index = batch.spans.firstIndex(where: { $0.spanID == root }),
            place.root == nil || place.root == PlacedSpan(part: PartKey.number(part.key), index: index)
        else { return nil }
        // Alone in its batch, the span is the earliest there and gets a display.
        var only = batch
        only.spans = [batch.spans[index]]
        only.groups[0].spans = 0..<1
        return try loader.extraction.extract(only).groups[0].roots.first
    }
}

// MARK: several versions of a span

extension ContentStripper {
    /// Finds the versions that would have to be compared by what changes now.
    ///
    /// Which of them counts was decided with their content, and stays so.
    private func findVersions(of place: inout StrippingPlace, root: SpanID?) throws {
        place.substitutes = [:]
        guard try hasVersions(place.number), let loaded = try loader.load(place.number, keepingVersions: true) else {
            return
        }
        var winners: [SpanID: StoredVersion] = [:]
        for version in loaded.versions {
            guard let winner = loaded.assembly.place(of: version.facts.spanID)?.version,
                winner.fingerprint == version.facts.fingerprint, winner.part == version.part
            else { continue }
            winners[version.facts.spanID] = version
        }
        place.root = root.flatMap { winners[$0] }?.place
        for version in loaded.versions {
            guard let winner = winners[version.facts.spanID], winner.facts.fingerprint != version.facts.fingerprint,
                winner.facts.end == version.facts.end
            else { continue }
            place.substitutes?[version.place] = winner.place
        }
    }

    /// Whether a span id is there twice, which is rare.
    private func hasVersions(_ number: Int64) throws -> Bool {
        try loader.pool.read { db in
            let sql = "SELECT span_ids FROM parts WHERE part_id >= ? AND part_id < ? AND kind = 0"
            let rows = try Row.fetchCursor(
                db,
                sql: sql,
                arguments: [PartKey.first(of: number), PartKey.end(of: number)]
            )
            var seen: Set<UInt64> = []
            while let row = try rows.next() {
                let isTwice = try row.withUnsafeData(atIndex: 0) { ids in
                    (ids ?? Data()).withUnsafeBytes { ids in
                        stride(from: 0, to: ids.count - ids.count % 8, by: 8).contains {
                            !seen.insert(ids.loadUnaligned(fromByteOffset: $0, as: UInt64.self)).inserted
                        }
                    }
                }
                if isTwice { return true }
            }
            return false
        }
    }

    /// The batch with other spans in some places.
    private func substituted(
        _ batch: SpanBatch,
        _ part: UInt32,
        _ substitutes: [PlacedSpan: PlacedSpan],
        _ number: Int64,
        _ identity: TraceIdentity
    ) throws -> SpanBatch {
        let places = batch.spans.indices.compactMap { index in
            substitutes[PlacedSpan(part: part, index: index)].map { (index, $0) }
        }
        guard !places.isEmpty else { return batch }
        var sources = batch
        var bytes = batch.spans.map { Array(batch.bytes(of: $0)) }
        for (index, winner) in places {
            let key = PartKey.key(number, winner.part)
            let other = try loader.pool.read { db in
                try loader.batch(db, key, identity)
            }
            guard let other, winner.index < other.spans.count else { continue }
            let slice = other.spans[winner.index]
            bytes[index] = Array(other.bytes(of: slice))
            sources.spans[index].resource = UInt32(sources.resources.count)
            sources.spans[index].scope = UInt32(sources.scopes.count)
            sources.resources.append(other.resources[Int(slice.resource)])
            sources.scopes.append(other.scopes[Int(slice.scope)])
        }
        return sources.with(bytes)
    }
}

extension StoredVersion {
    fileprivate var place: PlacedSpan { PlacedSpan(part: part, index: index) }
}

extension SpanBatch {
    /// The same spans with other bytes.
    fileprivate func with(_ spanBytes: [[UInt8]]) -> SpanBatch {
        var offset = 0
        var moved = spans
        for index in moved.indices {
            moved[index].offset = UInt32(offset)
            moved[index].length = UInt32(spanBytes[index].count)
            offset += spanBytes[index].count
        }
        return SpanBatch(
            storage: BatchStorage(copying: spanBytes.flatMap { $0 }),
            resources: resources,
            scopes: scopes,
            spans: moved,
            groups: groups
        )
    }
}
