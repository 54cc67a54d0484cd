// IndexedFamily.swift - flattened attributes back to the values they were made from.

import COTLP
import TraceModel

/// A tree of path segments, built from keys such as `0.tool_calls.10.name`.
///
/// Its size is bounded by the attributes themselves: an index is a label, never a place in an array.
struct IndexedFamily {
    /// Longer paths keep what is left as one name.
    private static let mostSegments = 24

    /// A node, with its children by number; node 0 is the root.
    private struct Node {
        var children: [Substring: Int] = [:]
        var order: [Substring] = []
        var value: UnsafePointer<AnyValue>?
    }

    private var nodes = [Node()]

    init(_ members: [ContentAttributes.Member]) {
        for member in members { insert(member) }
    }

    /// The elements at the top, in the numeric order of their indices; gaps close.
    func elements() -> [JSONValue] {
        value(of: 0, depth: 0).array ?? []
    }

    private mutating func insert(_ member: ContentAttributes.Member) {
        let path = String(decoding: member.path, as: UTF8.self)
        var place = 0
        for segment in path.split(separator: ".", maxSplits: Self.mostSegments - 1) {
            if let next = nodes[place].children[segment] {
                place = next
            } else {
                nodes.append(Node())
                nodes[place].children[segment] = nodes.count - 1
                nodes[place].order.append(segment)
                place = nodes.count - 1
            }
        }
        nodes[place].value = member.value
    }

    /// Calls itself once per segment: at most `mostSegments` deep.
    private func value(of place: Int, depth: Int) -> JSONValue {
        let node = nodes[place]
        // A leaf; a node that has both a value and children keeps the children.
        guard !node.order.isEmpty else { return JSONValue(node.value) }
        func child(_ segment: Substring) -> JSONValue {
            node.children[segment].map { value(of: $0, depth: depth + 1) } ?? .null
        }
        let indices = node.order.compactMap { Self.index($0) }
        guard indices.count == node.order.count else {
            return .object(node.order.map { JSONMember(String($0), child($0)) })
        }
        let ordered = zip(indices, node.order).sorted { $0.0 < $1.0 }
        return .array(ordered.map { child($0.1) })
    }

    /// The index that a segment is; nil for names and for numbers that no list can have.
    private static func index(_ segment: Substring) -> UInt64? {
        guard segment.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return UInt64(segment)
    }
}
