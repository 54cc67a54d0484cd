// TreePlan.swift - in which order and how deep the spans of a tree are written.

import TraceModel
import TraceStore

/// The spans of a trace from the roots down, each before its children, siblings by start.
struct TreePlan: Sendable, Equatable {
    /// A span of the tree.
    struct Node: Sendable, Equatable {
        /// Levels above it; 0 for roots and orphans.
        var depth: Int
        /// Children that are there but not in the tree, for depth or number.
        var omittedChildren: Int
    }

    /// The spans, as written.
    private(set) var outlines: [SpanOutline] = []
    /// One for each of `outlines`.
    private(set) var nodes: [Node] = []
    /// Spans of the trace that are not in the tree.
    private(set) var omitted = 0

    /// Walks the tree with a stack of its own, so that no depth overflows the thread's.
    ///
    /// - Parameters:
    ///   - trace: Every span, ordered by start.
    ///   - levels: Most levels that nest.
    ///   - most: Most spans.
    init(_ trace: [SpanOutline], levels: Int = 500, most: Int = 10_000) {
        let links = Links(trace)
        var kept = [Int](repeating: 0, count: trace.count)
        var order: [Int] = []
        var waiting = links.roots.map { (index: $0, depth: 0) }
        while let (index, depth) = waiting.popLast(), order.count < most {
            order.append(index)
            nodes.append(Node(depth: depth, omittedChildren: 0))
            if let parent = links.parents[index] { kept[parent] += 1 }
            if depth + 1 < levels { links.forEachChild(of: index) { waiting.append(($0, depth + 1)) } }
        }
        for (place, index) in order.enumerated() {
            nodes[place].omittedChildren = links.childCounts[index] - kept[index]
        }
        outlines = order.map { trace[$0] }
        omitted = trace.count - order.count
    }
}

/// Who is whose child, by place in the list; children and roots come last first.
private struct Links {
    private(set) var parents: [Int?]
    private(set) var childCounts: [Int]
    private(set) var roots: [Int] = []
    private var lastChild: [Int?]
    private var earlierSibling: [Int?]

    init(_ trace: [SpanOutline]) {
        parents = Array(repeating: nil, count: trace.count)
        lastChild = parents
        earlierSibling = parents
        childCounts = Array(repeating: 0, count: trace.count)
        var places: [SpanID: Int] = [:]
        places.reserveCapacity(trace.count)
        for (place, outline) in trace.enumerated() { places[outline.spanID] = place }
        for (place, outline) in trace.enumerated() {
            guard outline.hasParent, let parent = places[outline.parentID] else {
                roots.append(place)
                continue
            }
            parents[place] = parent
            earlierSibling[place] = lastChild[parent]
            lastChild[parent] = place
            childCounts[parent] += 1
        }
        roots.reverse()
    }

    func forEachChild(of place: Int, _ body: (Int) -> Void) {
        var child = lastChild[place]
        while let index = child {
            body(index)
            child = earlierSibling[index]
        }
    }
}
