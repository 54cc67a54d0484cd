// PromptExample.swift - what a call shows of the prompt that it sent.

import GenAISemantics
import OTLPCodec
import TraceModel
import TraceStore

/// What a call shows of the prompt that it sent; nil where its content is not there any more.
struct PromptExample: Sendable {
    /// The whole hash.
    var hash: [UInt8]?
    /// The beginning of the last message of the user.
    var input: String?

    /// Most characters of the message.
    private static let mostCharacters = 500

    /// Reads the example of a prompt.
    ///
    /// - Parameters:
    ///   - use: The prompt.
    ///   - reader: The store.
    /// - Returns: Nothing when the call is gone.
    /// - Throws: What the store says.
    static func read(_ use: PromptUse, _ reader: BoundedReader) async throws -> PromptExample {
        var example = PromptExample()
        let trace = try await reader.trace(use.exampleNumber)
        guard let outline = trace.outlines.first(where: { $0.spanID == use.exampleSpan }),
            let stored = try await reader.span(outline, of: trace)
        else { return example }
        let records = try ShownRecords()
        records.current = try await reader.records(of: outline, of: trace)
        try SpanDecoder().withSpan(stored.bytes) { span in
            var finder = SpanFinder()
            var conversations = ConversationReader()
            var hashes = [finder.promptHash(of: span)]
            // With attributes of the user's own the model may be known by another name.
            if let call = outline.call?.call, let conversation = conversations.read(span) {
                hashes.append(PromptHash.sha256(of: conversation, model: call.requestModel ?? call.responseModel))
            }
            example.hash = hashes.compactMap { $0 }.first { PromptHash.key(of: $0) == use.hash }
            let conversation = records.withContent { conversations.read(span, records: $0) }
            example.input = conversation?.inputText.map { String($0.prefix(mostCharacters)) }
        }
        return example
    }
}
