// SpanRenderer+Content.swift - spans with their conversation.

import GenAISemantics
import OTLPCodec

extension SpanRenderer {
    /// Makes a renderer that shows the content of spans in its canonical form, when it shows them in full.
    ///
    /// - Parameters:
    ///   - detail: How much is shown.
    ///   - records: Lends the log records of the span that is written.
    /// - Throws: `OTLPCodecError` with code `overloaded` when there is no memory for it.
    init(answering detail: SpanDetail, with records: ShownRecords) throws(OTLPCodecError) {
        var reader = ConversationReader()
        try self.init(detail: detail) { span, hasCall, json in
            guard let conversation = records.withContent({ reader.read(span, records: $0) }) else { return }
            guard !hasCall else { return conversation.appendMembers(to: &json) }
            var members: [UInt8] = []
            conversation.appendMembers(to: &members)
            json.append(raw: ",\"content\":{")
            json.append(contentsOf: members.dropFirst())
            json.append(raw: "}")
        }
    }
}
