// Node.swift - what the assembly keeps of one span.

import TraceModel

/// Derived facts of a node; all but `providerUsage` follow from the tree.
struct NodeFlags: OptionSet {
    let rawValue: UInt8

    /// The span is a call of a provider's model and carries usage.
    static let providerUsage = NodeFlags(rawValue: 1 << 0)
    /// Some descendant has `providerUsage`; then every ancestor of the node has this flag too.
    static let usageBelow = NodeFlags(rawValue: 1 << 1)
    /// The span's call shares an id with another one.
    static let peered = NodeFlags(rawValue: 1 << 2)
    /// Some descendant is `peered`; then every ancestor of the node has this flag too.
    static let peersBelow = NodeFlags(rawValue: 1 << 3)
}

/// What the assembly keeps of one span: its winning version and its links.
///
/// 88 bytes. Links are indexes into the node array; -1 means none.
struct Node {
    var id: SpanID
    var parentID: SpanID
    var start: Int64
    var end: Int64
    var fingerprint: UInt64
    var length: UInt32
    var part: UInt32
    /// The parent, when it is there and the link closes no cycle.
    var parent: Int32 = -1
    var firstChild: Int32 = -1
    /// The next child of the same parent; of an orphan: the next orphan that waits for the same parent.
    var nextSibling: Int32 = -1
    /// Some node nearer to the top of the tree, or the node itself at the top; shortened by look-ups.
    var anchor: Int32
    /// Index of the call; -1 when the winning version has none.
    var call: Int32 = -1
    var session: Symbol
    var user: Symbol
    var service: Symbol
    var marks: SpanMarks
    var role: SpanRole
    var status: SpanStatus
    var flags: NodeFlags = []

    /// Takes over the facts of a version; `parentCyclic` is for the assembly alone to set.
    init(_ facts: SpanFacts, index: Int32, part: UInt32) {
        id = facts.spanID
        parentID = facts.parentID
        start = facts.start
        end = facts.end
        fingerprint = facts.fingerprint
        length = facts.length
        self.part = part
        anchor = index
        session = .none
        user = .none
        service = .none
        marks = facts.marks.subtracting(.parentCyclic)
        role = facts.role
        status = facts.status
    }

    /// Whether the sender gave the span no parent.
    var isRoot: Bool { parentID.isNone && !marks.contains(.parentInvalid) }

    /// Whether the span names a parent that may still arrive.
    var waitsForParent: Bool {
        parent < 0 && !parentID.isNone && marks.isDisjoint(with: [.parentInvalid, .parentCyclic])
    }

    /// Whether the span is a call of a provider's model.
    var isModelCall: Bool { role.isProviderCall && call >= 0 }

    var version: SpanVersion {
        SpanVersion(spanID: id, fingerprint: fingerprint, length: length, part: part)
    }

    var order: StartOrder {
        StartOrder(isMissing: marks.contains(.startMissing), start: start, id: id)
    }

    func startsBefore(_ other: Node) -> Bool {
        order < other.order
    }
}

/// The one order of spans in time: a missing start sorts last, ties go to the smaller id.
struct StartOrder: Comparable {
    var isMissing: Bool
    var start: Int64
    var id: SpanID

    static func < (left: StartOrder, right: StartOrder) -> Bool {
        guard left.isMissing == right.isMissing else { return right.isMissing }
        return left.start != right.start ? left.start < right.start : left.id < right.id
    }
}
