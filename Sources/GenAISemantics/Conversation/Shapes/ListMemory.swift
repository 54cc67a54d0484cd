// ListMemory.swift - lists of messages that were read lately: an agent sends the whole conversation with each step.

import TraceModel

/// Lists of messages of the spans before, so that what a list begins with is read once for all of them.
///
/// What it gives is what reading again would give, and takes as much of the limits. Holds at most 4 lists of
/// 512 KiB in all. Not `Sendable`: it belongs to one reader of conversations.
final class ListMemory {
    /// What the elements of a list are.
    struct List {
        fileprivate var side: ShapeReader.Side
        /// How many texts it stands in.
        fileprivate var depth: Int
        fileprivate(set) var elements: [JSONElement]
        /// What stands for each element; as many as there are elements.
        fileprivate(set) var entries: [ListEntry]
    }

    private static let mostBytes = 512 << 10
    private static let shortest = 256
    private var lists = TextMemory<List>(mostTexts: 4, mostBytes: mostBytes)
    private var latestTools: (text: [UInt8], depth: Int, tools: [ToolDefinition], values: Int)?

    /// Takes out the list that begins most like `text`.
    ///
    /// - Returns: The list, cut to the elements that it has in common with the text; nil when there is none.
    func take(_ text: UnsafeBufferPointer<UInt8>, _ side: ShapeReader.Side, depth: Int) -> List? {
        let found = lists.take(text, where: { $0.side == side && $0.depth == depth }) { list, same in
            // Elements are in common together with the comma behind them.
            list.elements.firstIndex { $0.end > same } ?? list.elements.count
        }
        guard var list = found?.made, let count = found?.parts else { return nil }
        list.elements.removeSubrange(count...)
        list.entries.removeSubrange(count...)
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
        let list = List(side: side, depth: depth, elements: elements, entries: entries)
        lists.keep(.init(text: Array(text), made: list))
    }

    /// The tools of a text, when it is the one that was kept, and how many values were read for them.
    func tools(_ text: UnsafeBufferPointer<UInt8>, depth: Int) -> (tools: [ToolDefinition], values: Int)? {
        guard let latestTools, latestTools.depth == depth, latestTools.text.count == text.count,
            text.commonPrefix(with: latestTools.text) == text.count
        else { return nil }
        return (latestTools.tools, latestTools.values)
    }

    /// Keeps the tools of a text for the next span.
    func keep(tools: [ToolDefinition], values: Int, of text: UnsafeBufferPointer<UInt8>, depth: Int) {
        guard text.count >= Self.shortest, text.count <= Self.mostBytes else { return }
        latestTools = (Array(text), depth, tools, values)
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
