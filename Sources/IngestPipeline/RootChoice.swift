// RootChoice.swift - which spans may stand for their trace.

import TraceModel

/// Chooses the spans of a group that may stand for the trace.
enum RootChoice {
    /// The most spans without parent that are kept of one group; the trace's root is the earliest of all anyway.
    static let mostRoots = 16

    /// The places of the earliest spans without parent and of the earliest span of all, the earliest first.
    ///
    /// A start of 0 is no time and comes last; the smaller span id decides between equal starts. A span that was sent
    /// twice in the same bytes is taken once.
    static func places(in facts: [SpanFacts], _ spans: Range<Int>) -> [Int] {
        var earliest: Int?
        var roots: [Int] = []
        for place in spans {
            if earliest.map({ isEarlier(facts[place], facts[$0]) }) ?? true { earliest = place }
            if facts[place].isRoot { insert(place, into: &roots, facts) }
        }
        if let earliest, !roots.contains(where: { isSame(facts[$0], facts[earliest]) }) {
            roots.insert(earliest, at: 0)
        }
        return roots
    }

    /// Keeps `roots` sorted, distinct and within its bound, so that a hostile group costs no sort of its own.
    private static func insert(_ place: Int, into roots: inout [Int], _ facts: [SpanFacts]) {
        if roots.count == mostRoots, let last = roots.last, !isEarlier(facts[place], facts[last]) { return }
        if roots.contains(where: { isSame(facts[$0], facts[place]) }) { return }
        if roots.count == mostRoots { roots.removeLast() }
        let position = roots.firstIndex { isEarlier(facts[place], facts[$0]) } ?? roots.endIndex
        roots.insert(place, at: position)
    }

    private static func isSame(_ left: SpanFacts, _ right: SpanFacts) -> Bool {
        left.spanID == right.spanID && left.fingerprint == right.fingerprint
    }

    private static func isEarlier(_ left: SpanFacts, _ right: SpanFacts) -> Bool {
        let leftMissing = left.marks.contains(.startMissing)
        let rightMissing = right.marks.contains(.startMissing)
        if leftMissing != rightMissing { return rightMissing }
        return (left.start, left.spanID) < (right.start, right.spanID)
    }
}
