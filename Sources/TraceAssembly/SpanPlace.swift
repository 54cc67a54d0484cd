// SpanPlace.swift - where the winning version of a span stands in its trace.

public import TraceModel

/// Where the winning version of a span stands in its trace, and how its call counts.
public struct SpanPlace: Sendable, Equatable {
    /// The winning version.
    public var version: SpanVersion
    /// Whether the parent is there, and the link closes no cycle.
    public var hasParent: Bool
    /// What is odd about the span; with `parentCyclic` where that holds.
    public var marks: SpanMarks
    /// The span's call as it is to be stored; nil when it has none.
    public var call: AssembledCall?
}

extension AssembledTrace {
    /// Where a span stands; nil when it is not there.
    ///
    /// Call `settle()` before.
    public func place(of span: SpanID) -> SpanPlace? {
        let index = find(span)
        guard index >= 0 else { return nil }
        let node = nodes[Int(index)]
        return SpanPlace(
            version: node.version,
            hasParent: node.parent >= 0,
            marks: node.marks,
            call: node.call < 0 ? nil : row(of: node.call, isNew: false, removed: false)
        )
    }
}
