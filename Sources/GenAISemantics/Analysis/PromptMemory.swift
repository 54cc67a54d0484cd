// PromptMemory.swift - forms of prompts that were made lately: an agent sends the whole conversation with each step.

import TraceModel

/// Lists of messages of the spans before, with the form that they were written in, so that what a list begins with is
/// read once for all of them.
///
/// What comes of it is what reading again would give. Holds at most 4 lists of 256 KiB in all, and their forms.
struct PromptMemory {
    /// The form behind one message.
    struct Mark {
        /// Where the message ends in the text.
        var end: Int
        /// Messages so far that have parts.
        var count: Int
        /// What the limit on values left for what comes behind it.
        var valuesLeft: Int
        var place: PromptForm.Place
    }

    /// What there was before the first message.
    struct Start: Equatable {
        var valuesLeft: Int
        var place: PromptForm.Place
    }

    /// A list, and its form at the end.
    struct List {
        fileprivate var text: [UInt8]
        fileprivate var start: Start
        /// One for each message.
        fileprivate(set) var marks: [Mark]
        fileprivate(set) var messages: [UInt8]
        fileprivate(set) var system: [UInt8]
    }

    private static let mostLists = 4
    private static let mostBytes = 256 << 10
    /// Shorter lists are read as quickly as remembered.
    private static let shortest = 2048
    /// Those that were used last stand last.
    private var lists: [List] = []
    /// Bytes of the lists that are kept.
    private(set) var bytesKept = 0

    /// Whether a list is long enough to be remembered.
    static func isWorthwhile(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count >= shortest && text.count <= mostBytes
    }

    /// Takes out the list that begins most like `text` and began with the same form.
    ///
    /// - Parameters:
    ///   - text: A list of messages in JSON.
    ///   - start: What there is before its first message.
    ///   - system: The instructions so far.
    /// - Returns: The list, cut to the messages that it has in common with the text; nil when there is none.
    mutating func take(_ text: UnsafeBufferPointer<UInt8>, _ start: Start, system: [UInt8]) -> List? {
        var best: (place: Int, count: Int)?
        for (place, list) in lists.enumerated() where list.start == start && list.system.starts(with: system) {
            let same = ListMemory.commonPrefix(of: text, list.text)
            let count = list.marks.firstIndex { $0.end > same } ?? list.marks.count
            if count > best?.count ?? 0 { best = (place, count) }
        }
        guard let best else { return nil }
        var list = lists.remove(at: best.place)
        bytesKept -= list.text.count
        list.marks.removeSubrange(best.count...)
        return list
    }

    /// Keeps a list for the next span.
    mutating func keep(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Start,
        _ marks: [Mark],
        messages: [UInt8],
        system: [UInt8]
    ) {
        while let first = lists.first, lists.count >= Self.mostLists || bytesKept + text.count > Self.mostBytes {
            bytesKept -= first.text.count
            lists.removeFirst()
        }
        bytesKept += text.count
        lists.append(List(text: Array(text), start: start, marks: marks, messages: messages, system: system))
    }
}
