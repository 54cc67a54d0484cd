// TraceSpans.swift - which of the stored versions are the spans of a trace.

import TraceAssembly
import TraceModel
import TraceStore

/// The spans of one trace in the order in which they are stored, one version of each.
///
/// Made of the ids alone. Spans are decoded only where there are several versions of one, and only when one of these
/// comes up.
struct TraceSpans {
    /// Where a version is stored.
    struct Place {
        /// The key of its part.
        var key: Int64
        /// Its place in the part.
        var index: Int
    }

    let trace: TraceRow
    private var keys: [Int64] = []
    /// Of each part the number of versions up to its end.
    private var ends: [Int] = []
    /// The ids of all versions.
    private(set) var ids: [SpanID] = []
    /// The ids of which there is more than one version.
    private let repeated: Set<SpanID>
    /// Of those the version that wins; nil until it is asked for.
    private var winners: [SpanID: Int]?

    init(of trace: TraceRow, in source: SpanSource) throws(StoreError) {
        self.trace = trace
        let rows = try source.connection.statement(
            "SELECT part_id, span_ids FROM parts WHERE part_id >= ? AND part_id < ? AND kind = 0 ORDER BY part_id"
        )
        defer { rows.reset() }
        rows.bind(1, PartKey.first(of: trace.number))
        rows.bind(2, PartKey.end(of: trace.number))
        while try rows.step() {
            let bytes = rows.blob(1)
            for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
                let id = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                ids.append(SpanID(UInt64(bigEndian: id)))
            }
            keys.append(rows.integer(0))
            ends.append(ids.count)
        }
        let sorted = ids.count > 1 ? ids.sorted() : []
        repeated = Set(zip(sorted, sorted.dropFirst()).lazy.filter { $0 == $1 }.map(\.0))
    }

    /// The place of a version among all.
    func place(of version: Int) -> Place {
        var (low, high) = (0, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > version { high = middle } else { low = middle + 1 }
        }
        return Place(key: keys[low], index: version - (low > 0 ? ends[low - 1] : 0))
    }

    /// The first version from a place on that is a span, and the wanted one where one is named; nil when there is none.
    mutating func next(from start: Int, wanted: SpanID?, in source: SpanSource) throws(StoreError) -> Int? {
        var version = start
        while version < ids.count {
            let id = ids[version]
            if wanted == nil || wanted == id {
                guard repeated.contains(id) else { return version }
                if winners == nil { winners = try resolved(in: source) }
                if winners?[id] == version { return version }
            }
            version += 1
        }
        return nil
    }

    /// The versions that win, by the rules that decided on arrival.
    private func resolved(in source: SpanSource) throws(StoreError) -> [SpanID: Int] {
        var assembly = AssembledTrace()
        var versions: [(version: Int, facts: SpanFacts, part: UInt32)] = []
        var others = ExtractedParts()
        for (number, key) in keys.enumerated() {
            let first = number > 0 ? ends[number - 1] : 0
            let found = (first..<ends[number]).filter { repeated.contains(ids[$0]) }
            guard !found.isEmpty else { continue }
            let batch = try source.batch(of: key, in: trace)
            guard batch.spans.count == ends[number] - first else {
                throw StoreError(code: .unavailable, message: "the database is damaged: part \(key)")
            }
            let read = try source.extract(found.map { $0 - first }, of: batch, in: trace)
            let part = PartKey.number(key)
            var own = FingerprintPlaces()
            for (index, version) in found.enumerated() {
                assembly.insert(index, of: read, part: part) { stored in
                    guard stored.part == part else { return isGreater(read, index, than: stored, &others, source) }
                    let known = own.first(stored.fingerprint, in: read.facts)
                    return read.isGreater(index, than: stored, at: known, in: read)
                }
                versions.append((version, read.facts[index], part))
            }
        }
        assembly.settle()
        var winners: [SpanID: Int] = [:]
        for (version, facts, part) in versions where winners[facts.spanID] == nil {
            let best = assembly.place(of: facts.spanID)?.version
            if best?.fingerprint == facts.fingerprint, best?.part == part { winners[facts.spanID] = version }
        }
        return winners
    }

    /// The last tie-break between versions in two parts: the greater bytes win.
    private func isGreater(
        _ batch: SpanBatch,
        _ index: Int,
        than stored: SpanVersion,
        _ others: inout ExtractedParts,
        _ source: SpanSource
    ) -> Bool {
        others.isGreater(batch, index, than: stored, of: trace.number) {
            let other = try source.batch(of: PartKey.key(trace.number, stored.part), in: trace)
            return try source.extract(Array(other.spans.indices), of: other, in: trace)
        }
    }
}
