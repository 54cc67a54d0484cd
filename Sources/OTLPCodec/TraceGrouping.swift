// TraceGrouping.swift - brings the spans of one trace together.

import COTLP
import TraceModel

/// The spans of a scan as slices, those of one project and trace side by side.
///
/// Groups stand in the order in which they first appear, the spans of each in the order of arrival.
struct TraceGrouping {
    private(set) var spans: [SpanSlice]
    private(set) var groups: [TraceGroup]

    /// Groups by counting: finds the group of each span, then puts every slice in its place.
    init(_ scan: cotlp_scan, projects: ResourceProjects) {
        let found = UnsafeBufferPointer(start: scan.spans, count: scan.span_count)
        var table = GroupTable()
        let groupOf = [UInt32](unsafeUninitializedCapacity: found.count) { places, count in
            for (index, span) in found.enumerated() {
                let project = projects.ofResource.isEmpty ? 0 : projects.ofResource[Int(span.resource)]
                places.initializeElement(at: index, to: table.add(span, project: project))
            }
            count = found.count
        }
        var next = table.starts()
        groups = zip(table.entries, next).map { entry, start in
            TraceGroup(
                project: projects.names[Int(entry.project)],
                traceID: TraceID(high: entry.high, low: entry.low),
                spans: start..<start + Int(entry.count)
            )
        }
        spans = [SpanSlice](unsafeUninitializedCapacity: found.count) { slices, count in
            for (index, span) in found.enumerated() {
                let group = Int(groupOf[index])
                slices.initializeElement(at: next[group], to: SpanSlice(span))
                next[group] += 1
            }
            count = found.count
        }
    }
}

/// The groups by project and trace: an open-addressing map that is never more than half full.
private struct GroupTable {
    struct Entry {
        let high: UInt64
        let low: UInt64
        let project: UInt32
        var count: UInt32
    }

    /// Drawn once per process, so that nobody can choose trace ids that collide.
    private static let seeds = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max) | 1)

    private(set) var entries: [Entry] = []
    /// Numbers of entries plus one, 0 for a free slot; the count is a power of two.
    private var slots = [UInt32](repeating: 0, count: 256)
    private let seeds = Self.seeds
    /// The group of the span before, since spans of a trace often follow each other.
    private var last = 0

    /// The number of the span's group, which now has one span more.
    mutating func add(_ span: cotlp_span, project: UInt32) -> UInt32 {
        if !(last < entries.count && entries[last].holds(span, project)) {
            last = find(span, project)
        }
        entries[last].count += 1
        return UInt32(last)
    }

    /// Where each group starts when all stand side by side.
    func starts() -> [Int] {
        var start = 0
        return entries.map { entry in
            defer { start += Int(entry.count) }
            return start
        }
    }

    private mutating func find(_ span: cotlp_span, _ project: UInt32) -> Int {
        if entries.count * 2 >= slots.count { grow() }
        var slot = home(span.trace_high, span.trace_low, project)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if entries[number].holds(span, project) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        entries.append(Entry(high: span.trace_high, low: span.trace_low, project: project, count: 0))
        slots[slot] = UInt32(entries.count)
        return entries.count - 1
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        for (number, entry) in entries.enumerated() {
            var slot = home(entry.high, entry.low, entry.project)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    private func home(_ high: UInt64, _ low: UInt64, _ project: UInt32) -> Int {
        let first = (high ^ seeds.0).multipliedFullWidth(by: seeds.1 &+ UInt64(project) << 1)
        let second = (first.high ^ first.low ^ low).multipliedFullWidth(by: seeds.1)
        return Int(truncatingIfNeeded: second.high ^ second.low) & (slots.count - 1)
    }
}

extension GroupTable.Entry {
    fileprivate func holds(_ span: cotlp_span, _ project: UInt32) -> Bool {
        low == span.trace_low && high == span.trace_high && self.project == project
    }
}

extension SpanSlice {
    fileprivate init(_ span: cotlp_span) {
        self.init(
            offset: span.offset,
            length: span.length,
            resource: span.resource,
            scope: span.scope,
            traceID: TraceID(high: span.trace_high, low: span.trace_low),
            spanID: SpanID(span.span_id)
        )
    }
}
