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
    /// The spans that the rule of its call speaks of; nil when it has no call.
    public var concerned: ConcernedSpans?
}

/// The other spans that decided how a call counts.
///
/// Of a sum: the calls below that it sums. Of a repetition: the one that counts instead. Of a call that counts: the spans
/// that repeat it.
public struct ConcernedSpans: Sendable, Equatable {
    /// The first of them; at most `limit`.
    public var spans: [SpanID] = []
    /// Whether there are more.
    public var isCut = false

    /// Most spans that are named.
    public static let limit = 100

    /// Names nobody.
    public init() {}
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
            marks: marks(of: node),
            call: node.call < 0 ? nil : row(of: node.call, isNew: false, removed: false),
            concerned: node.call < 0 ? nil : concerned(by: node.call)
        )
    }

    private func marks(of node: Node) -> SpanMarks {
        guard node.call >= 0 else { return node.marks }
        let record = calls[Int(node.call)]
        guard record.scope == .own else { return node.marks }
        return node.marks.union(CallTotals.marks(record, effectiveFields(of: record)))
    }

    private func concerned(by call: Int32) -> ConcernedSpans {
        let record = calls[Int(call)]
        var concerned = ConcernedSpans()
        switch record.scope {
        case .own:
            for repetition in repetitions(of: call) { concerned.add(span(of: repetition)) }
        case .duplicate:
            if record.target >= 0 {
                concerned.add(span(of: record.target))
            } else if record.group >= 0, groups[Int(record.group)].winner >= 0 {
                concerned.add(span(of: groups[Int(record.group)].winner))
            }
        case .aggregate:
            addUsage(below: record.node, to: &concerned)
        }
        return concerned
    }

    private func span(of call: Int32) -> SpanID {
        nodes[Int(calls[Int(call)].node)].id
    }

    /// Adds the calls that count below a node, as far as there is room.
    private func addUsage(below index: Int32, to concerned: inout ConcernedSpans) {
        var stack = [nodes[Int(index)].firstChild]
        while let next = stack.popLast(), !concerned.isCut {
            guard next >= 0 else { continue }
            let node = nodes[Int(next)]
            stack.append(node.nextSibling)
            if node.call >= 0, calls[Int(node.call)].scope == .own, calls[Int(node.call)].fields.carriesUsage {
                concerned.add(node.id)
            }
            if node.flags.contains(.usageBelow) { stack.append(node.firstChild) }
        }
    }
}

extension ConcernedSpans {
    fileprivate mutating func add(_ span: SpanID) {
        if spans.count < Self.limit { spans.append(span) } else { isCut = true }
    }
}
