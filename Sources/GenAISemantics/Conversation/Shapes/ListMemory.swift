// ListMemory.swift - lists of messages that were read lately: an agent sends the whole conversation with each step.

import TraceModel

/// Lists of messages of the spans before, so that what a list begins with is read once for all of them.
///
/// What it gives is what reading again would give, and takes as much of the limits. Holds at most 4 lists of
/// 512 KiB in all. Not `Sendable`: it belongs to one reader of conversations.
final class ListMemory {
    /// A list and what its elements are.
    struct List {
        fileprivate(set) var text: [UInt8]
        fileprivate(set) var side: ShapeReader.Side
        /// How many texts it stands in.
        fileprivate(set) var depth: Int
        fileprivate(set) var elements: [JSONElement]
        /// What stands for each element; as many as there are elements.
        fileprivate(set) var entries: [ListEntry]
    }

    private static let mostLists = 4
    private static let mostBytes = 512 << 10
    private static let shortest = 256
    /// Those that were used last stand last.
    private var lists: [List] = []
    private var bytes = 0
    private var latestTools: (text: [UInt8], depth: Int, tools: [ToolDefinition], values: Int)?

    /// Takes out the list that begins most like `text`.
    ///
    /// - Returns: The list, cut to the elements that it has in common with the text; nil when there is none.
    func take(_ text: UnsafeBufferPointer<UInt8>, _ side: ShapeReader.Side, depth: Int) -> List? {
        var best: (place: Int, count: Int)?
        for (place, list) in lists.enumerated() where list.side == side && list.depth == depth {
            let same = Self.commonPrefix(of: text, list.text)
            // Elements are in common together with the comma behind them.
            let count = list.elements.firstIndex { $0.end > same } ?? list.elements.count
            if count > best?.count ?? 0 { best = (place, count) }
        }
        guard let best else { return nil }
        var list = lists.remove(at: best.place)
        bytes -= list.text.count
        list.elements.removeSubrange(best.count...)
        list.entries.removeSubrange(best.count...)
        return list
    }

    /// Keeps a list for the next span.
    func keep(
        _ text: UnsafeBufferPointer<UInt8>,
        _ side: ShapeReader.Side,
        depth: Int,
        _ elements: [JSONElement],
        _ entries: [ListEntry]
    ) {
        guard text.count >= Self.shortest, text.count <= Self.mostBytes, entries.count == elements.count else { return }
        while let first = lists.first, lists.count >= Self.mostLists || bytes + text.count > Self.mostBytes {
            bytes -= first.text.count
            lists.removeFirst()
        }
        bytes += text.count
        lists.append(List(text: Array(text), side: side, depth: depth, elements: elements, entries: entries))
    }

    /// The tools of a text, when it is the one that was kept, and how many values were read for them.
    func tools(_ text: UnsafeBufferPointer<UInt8>, depth: Int) -> (tools: [ToolDefinition], values: Int)? {
        guard let latestTools, latestTools.depth == depth, latestTools.text.count == text.count,
            Self.commonPrefix(of: text, latestTools.text) == text.count
        else { return nil }
        return (latestTools.tools, latestTools.values)
    }

    /// Keeps the tools of a text for the next span.
    func keep(tools: [ToolDefinition], values: Int, of text: UnsafeBufferPointer<UInt8>, depth: Int) {
        guard text.count >= Self.shortest, text.count <= Self.mostBytes else { return }
        latestTools = (Array(text), depth, tools, values)
    }

    /// How many bytes two texts have in common before they differ.
    static func commonPrefix(of text: UnsafeBufferPointer<UInt8>, _ other: [UInt8]) -> Int {
        other.withUnsafeBytes { other in
            let text = UnsafeRawBufferPointer(text)
            let end = min(text.count, other.count)
            var at = 0
            while at + 8 <= end {
                let difference =
                    text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                    ^ other.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if difference != 0 { return at + difference.littleEndian.trailingZeroBitCount / 8 }
                at += 8
            }
            while at < end, text[at] == other[at] { at += 1 }
            return at
        }
    }
}

/// What an element of a list of messages is, and how many values were read from texts inside of it.
struct ListEntry {
    /// What it is.
    enum Content {
        case tools([ToolDefinition])
        case message(ChatMessage, isItem: Bool)
    }

    var content: Content
    var values: Int
}
