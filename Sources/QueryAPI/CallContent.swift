// CallContent.swift - what was said in a call that several spans may show.

import GenAISemantics
import OTLPCodec
import TraceModel
import TraceStore

/// What was said in a call: of its span, else of the spans that repeat it.
///
/// The span nearest to the provider counts, and may have numbers alone.
struct CallContent: Sendable {
    /// The text of the last message of the user; see `Conversation.inputText`.
    var input: String?
    /// The text of the first choice; see `Conversation.outputText`.
    var output: String?
    /// The tags of the first span that has some, of those that were looked at for the rest.
    var tags: [String] = []
    /// The hash of the prompt; 32 bytes.
    var hash: [UInt8]?

    /// So many of the spans that repeat a call are looked at.
    private static let mostRepetitions = 8

    /// A span and those that repeat its call, in the order in which they are looked at.
    ///
    /// - Parameters:
    ///   - outline: A span.
    ///   - trace: Its trace.
    /// - Returns: The span alone when it is no call that counts.
    static func places(of outline: SpanOutline, in trace: OpenedTrace) -> [SpanOutline] {
        guard let call = outline.call, call.scope == .own, !call.concerned.isEmpty else { return [outline] }
        let repetitions = Set(call.concerned.prefix(mostRepetitions))
        return [outline] + trace.outlines.filter { repetitions.contains($0.spanID) }
    }

    /// Spans of calls, then some of those that repeat them.
    static func places(of outlines: some Sequence<SpanOutline>, in trace: OpenedTrace) -> [SpanOutline] {
        Array(outlines) + outlines.flatMap { places(of: $0, in: trace).dropFirst() }.prefix(mostRepetitions)
    }

    /// Reads what was said.
    ///
    /// - Parameters:
    ///   - outline: The span of the call.
    ///   - trace: Its trace.
    ///   - reader: The store.
    /// - Returns: Nothing where no span has any.
    /// - Throws: What the store says, and `OTLPCodecError` for a span that cannot be decoded.
    static func read(
        _ outline: SpanOutline,
        of trace: OpenedTrace,
        _ reader: BoundedReader
    ) async throws -> CallContent {
        var content = CallContent()
        for place in places(of: outline, in: trace) where !content.isWhole {
            guard let stored = try await reader.span(place, of: trace) else { continue }
            let records = try ShownRecords()
            records.current = try await reader.records(of: place, of: trace)
            try content.add(stored, records)
        }
        return content
    }

    private var isWhole: Bool { input != nil && output != nil && hash != nil }

    private mutating func add(_ stored: StoredSpan, _ records: ShownRecords) throws {
        try SpanDecoder().withSpan(stored.bytes) { span in
            var conversations = ConversationReader()
            let conversation = records.withContent { conversations.read(span, records: $0) }
            input = input ?? conversation?.inputText
            output = output ?? conversation?.outputText
            if tags.isEmpty { tags = conversation?.tags ?? [] }
            guard hash == nil else { return }
            var finder = SpanFinder()
            hash = finder.promptHash(of: span)
        }
    }
}
