// PromptMemory.swift - forms of prompts that were made lately: an agent sends the whole conversation with each step.

import Crypto
import TraceModel

/// Lists of messages of the spans before, with the form that they were written in, so that what a list begins with is
/// read once for all of them.
///
/// What comes of it is what reading again would give. Holds at most 4 lists of 256 KiB in all, and their forms; those of
/// the same trace are shared with other requests when they are long.
struct PromptMemory {
    /// The form behind one message.
    struct Mark: Sendable {
        /// Where the message ends in the text.
        var end: Int
        /// Messages so far that have parts.
        var count: Int
        /// What the limit on values left for what comes behind it.
        var valuesLeft: Int
        var place: PromptForm.Place
    }

    /// What there was before the first message.
    struct Start: Equatable, Sendable {
        var valuesLeft: Int
        var place: PromptForm.Place
    }

    /// The form of a list at its end.
    struct List: Sendable {
        fileprivate(set) var trace: TraceID?
        /// Under which it is shared; nil while it is not.
        var number: Int?
        let start: Start
        /// One for each message.
        fileprivate(set) var marks: [Mark]
        let messages: [UInt8]
        let system: [UInt8]
        /// The hash of the first bytes of the messages, and how many these are.
        let hash: SHA256?
        let hashed: Int
    }

    private static let mostBytes = 256 << 10
    /// Shorter lists are read as quickly as remembered.
    private static let shortest = 2048
    /// Shorter lists are read again in less time than sharing them takes.
    private static let shortestShared = 8 << 10
    private var lists = TextMemory<List>(mostTexts: 4, mostBytes: mostBytes)
    private let recent: RecentPrompts?
    /// The trace whose span is read.
    var trace: TraceID?
    /// What was taken out last is shared under this number; nil when it is not, or with another trace.
    private var taken: Int?

    /// Makes an empty memory that shares its lists with others.
    init(sharing recent: RecentPrompts? = nil) {
        self.recent = recent
    }

    /// Bytes of the lists that are kept.
    var bytesKept: Int { lists.bytesKept }

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
        taken = nil
        if text.count >= Self.shortestShared { fetch() }
        let fits = { (list: List) in list.start == start && list.system.starts(with: system) }
        let found = lists.take(text, where: fits) { list, same in
            list.marks.firstIndex { $0.end > same } ?? list.marks.count
        }
        guard var list = found?.made, let count = found?.parts else { return nil }
        list.marks.removeSubrange(count...)
        if list.trace == trace { taken = list.number }
        return list
    }

    /// Keeps a list for the next span.
    mutating func keep(_ text: UnsafeBufferPointer<UInt8>, _ list: List) {
        var list = list
        list.trace = trace
        let prompt = RecentPrompts.Prompt(text: Array(text), made: list)
        lists.keep(prompt)
        if let trace, text.count >= Self.shortestShared { recent?.keep(prompt, of: trace, insteadOf: taken) }
    }

    /// Brings in what is shared of the trace.
    private mutating func fetch() {
        guard let recent, let trace else { return }
        let shared = recent.prompts(of: trace)
        guard !shared.isEmpty else { return }
        lists.removeAll { $0.trace == trace }
        for prompt in shared { lists.keep(prompt) }
    }
}
