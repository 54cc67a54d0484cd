// TraceExtent.swift - what a summary needs of all spans, kept as they arrive.

import TraceModel

/// What a summary needs of all spans; nodes are indexes, -1 means none.
struct TraceExtent {
    /// The least start that is given.
    var start: Int64?
    /// The least end of the spans whose start is missing.
    var leastEnd: Int64 = .max
    var end: Int64 = .min
    var errors = 0
    /// The first span without parent.
    var root: Int32 = -1
    /// The first span.
    var first: Int32 = -1
    /// The first span that names a service.
    var service: Int32 = -1
    /// The first span that names a session.
    var session: Int32 = -1
    /// The first span that names a user.
    var user: Int32 = -1
    /// Whether a version that went may have been an extreme.
    var isStale = false
    private var markCounts = SIMD16<Int32>()

    /// The marks that any span has.
    var marks: SpanMarks {
        var bits: UInt16 = 0
        for bit in 0..<16 where markCounts[bit] > 0 { bits |= 1 << UInt16(bit) }
        return SpanMarks(rawValue: bits)
    }

    func names(_ index: Int32) -> Bool {
        index == root || index == first || index == service || index == session || index == user
    }

    mutating func count(_ marks: SpanMarks, by change: Int32) {
        var bits = marks.rawValue
        while bits != 0 {
            markCounts[bits.trailingZeroBitCount] += change
            bits &= bits - 1
        }
    }
}

extension AssembledTrace {
    /// Counts a node in.
    mutating func extend(by index: Int32) {
        let node = nodes[Int(index)]
        if node.marks.contains(.startMissing) {
            extent.leastEnd = min(extent.leastEnd, node.end)
        } else {
            extent.start = min(extent.start ?? node.start, node.start)
        }
        extent.end = max(extent.end, node.end)
        extent.errors += node.status == .error ? 1 : 0
        extent.count(node.marks.subtracting(.parentCyclic), by: 1)
        if node.isRoot, isFirst(index, before: extent.root) { extent.root = index }
        if isFirst(index, before: extent.first) { extent.first = index }
        if !node.service.isNone, isFirst(index, before: extent.service) { extent.service = index }
        if !node.session.isNone, isFirst(index, before: extent.session) { extent.session = index }
        if !node.user.isNone, isFirst(index, before: extent.user) { extent.user = index }
    }

    /// Counts a version out that another one is about to replace.
    mutating func retract(_ index: Int32, for new: Node) {
        let old = nodes[Int(index)]
        extent.errors -= old.status == .error ? 1 : 0
        extent.count(old.marks.subtracting(.parentCyclic), by: -1)
        if old.marks.contains(.startMissing) != new.marks.contains(.startMissing) { extent.isStale = true }
        if old.start < new.start, old.start == extent.start || extent.names(index) { extent.isStale = true }
        if old.end > new.end, old.end == extent.end { extent.isStale = true }
        if old.end < new.end, old.end == extent.leastEnd { extent.isStale = true }
        if extent.service == index, new.service.isNone { extent.isStale = true }
        if extent.session == index, new.session.isNone { extent.isStale = true }
        if extent.user == index, new.user.isNone { extent.isStale = true }
    }

    /// Finds everything again that versions which went may have decided.
    mutating func rescanExtent() {
        extent = TraceExtent()
        for index in nodes.indices { extend(by: Int32(index)) }
        extent.count(.parentCyclic, by: Int32(cyclicCount))
    }

    private func isFirst(_ index: Int32, before other: Int32) -> Bool {
        other < 0 || nodes[Int(index)].startsBefore(nodes[Int(other)])
    }
}
