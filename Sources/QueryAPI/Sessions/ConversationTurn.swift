// ConversationTurn.swift - what was said in one trace of a session.

import GenAISemantics
import OTLPCodec
import TraceModel
import TraceStore

/// What the user said in one trace, and what came of it.
struct ConversationTurn: Sendable {
    /// The trace.
    var trace: TraceSummary
    /// The last message of the user in the first call that has one, else the input of the root.
    var input: String?
    /// The output of the last call that has text, else the output of the root.
    var output: String?
    /// Whether one of them was cut.
    var isCut = false

    /// Most bytes of a text that are shown.
    static let mostBytes = 65_536
    /// So many calls from the beginning, and so many from the end, are looked at.
    private static let mostCalls = 8

    /// Reads what was said.
    ///
    /// - Parameters:
    ///   - trace: The trace.
    ///   - reader: The store.
    /// - Returns: A turn without texts when there are none.
    /// - Throws: What the store says.
    static func read(_ trace: TraceSummary, _ reader: BoundedReader) async throws -> ConversationTurn {
        var turn = ConversationTurn(trace: trace)
        let opened = try await reader.trace(trace.number)
        let calls = opened.outlines.filter { $0.call?.scope == .own && $0.call?.call.role.isTalk == true }
        let first = CallContent.places(of: calls.prefix(mostCalls), in: opened)
        turn.input = try await text(of: first, of: opened, reader) { $0.inputText }
        let last = CallContent.places(of: calls.suffix(mostCalls).reversed(), in: opened)
        turn.output = try await text(of: last, of: opened, reader) { $0.outputText }
        let roots = opened.outlines.filter { $0.spanID == trace.root.spanID }
        if turn.input == nil { turn.input = try await text(of: roots, of: opened, reader) { $0.inputText } }
        if turn.output == nil { turn.output = try await text(of: roots, of: opened, reader) { $0.outputText } }
        turn.cut()
        return turn
    }

    /// The text of the first span that has one.
    private static func text(
        of outlines: [SpanOutline],
        of trace: OpenedTrace,
        _ reader: BoundedReader,
        _ text: (Conversation) -> String?
    ) async throws -> String? {
        guard !outlines.isEmpty else { return nil }
        var slices = try await SpanSlices(of: outlines, in: trace, reader: reader, showing: .full)
        while let slice = try await slices.next() {
            for entry in slice {
                guard let stored = entry.stored else { continue }
                let records = try ShownRecords()
                records.current = entry.records
                var found: String?
                try SpanDecoder().withSpan(stored.bytes) { span in
                    var conversations = ConversationReader()
                    let conversation = records.withContent { conversations.read(span, records: $0) }
                    found = conversation.flatMap(text)
                }
                if let found { return found }
            }
        }
        return nil
    }

    private mutating func cut() {
        for text in [\ConversationTurn.input, \ConversationTurn.output] {
            guard let long = self[keyPath: text], long.utf8.count > Self.mostBytes else { continue }
            self[keyPath: text] = long.cut(toBytes: Self.mostBytes)
            isCut = true
        }
    }

    /// Appends it as an object.
    func append(to json: inout [UInt8]) {
        json.append(raw: "{\"trace_id\":")
        json.appendJSON(trace.traceID.hex)
        json.append(member: "start_time") { $0.appendJSON(time: trace.start) }
        json.append(text: input, as: "input_text")
        json.append(text: output, as: "output_text")
        if isCut { json.append(raw: ",\"truncated\":true") }
        json.append(member: "model") { $0.appendJSON(trace.llm?.model) }
        json.append(member: "cost") { $0.appendJSON(trace.llm?.cost) }
        json.append(member: "duration_ms") { $0.appendJSON(milliseconds: max(0, trace.end - trace.start)) }
        json.append(member: "status") { $0.appendJSON(trace.status.rawValue) }
        json.append(raw: "}")
    }
}

extension SpanRole {
    /// Whether messages go to and fro: embeddings and rerankers only read.
    fileprivate var isTalk: Bool { self != .embedding && self != .reranker }
}

extension String {
    /// The beginning of the text, of at most so many bytes of UTF-8, with no character of Unicode cut.
    func cut(toBytes most: Int) -> String {
        guard utf8.count > most else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: most)
        while end.samePosition(in: unicodeScalars) == nil, end > startIndex { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
