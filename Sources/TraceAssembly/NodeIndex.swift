// NodeIndex.swift - finds a node by its span id.

import TraceModel

/// An open-addressed table from span id to node index, at most half full.
///
/// Made only for traces too large to be searched node by node. The multiplier is random, so that a sender cannot
/// choose ids that collide; no result depends on it.
struct NodeIndex {
    private var slots = ContiguousArray<Int32>()
    private var shift: UInt64 = 64
    private var count = 0
    private static let multiplier = UInt64.random(in: .min ... .max) | 1

    /// Whether the table is in use.
    var isBuilt: Bool { !slots.isEmpty }

    var byteCount: Int { slots.capacity * MemoryLayout<Int32>.stride }

    /// Enters every node.
    mutating func build(_ nodes: ContiguousArray<Node>) {
        var capacity = 128
        while capacity < nodes.count * 4 { capacity *= 2 }
        slots = ContiguousArray(repeating: -1, count: capacity)
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        count = nodes.count
        for index in nodes.indices { place(Int32(index), nodes[index].id) }
    }

    /// Enters the last node.
    mutating func appendLast(of nodes: ContiguousArray<Node>) {
        guard (count + 1) * 2 <= slots.count else { return build(nodes) }
        count += 1
        place(Int32(nodes.count - 1), nodes[nodes.count - 1].id)
    }

    /// The node of a span; -1 when there is none.
    func find(_ id: SpanID, in nodes: ContiguousArray<Node>) -> Int32 {
        var slot = home(of: id)
        while true {
            let index = slots[slot]
            if index < 0 || nodes[Int(index)].id == id { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    private mutating func place(_ index: Int32, _ id: SpanID) {
        var slot = home(of: id)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = index
    }

    private func home(of id: SpanID) -> Int {
        let folded = id.value ^ (id.value >> 32)
        return Int(truncatingIfNeeded: (folded &* Self.multiplier) >> shift)
    }
}
