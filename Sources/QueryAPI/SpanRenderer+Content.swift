// SpanRenderer+Content.swift - spans with their conversation.

import GenAISemantics
import OTLPCodec

extension SpanRenderer {
    /// Makes a renderer that shows the content of spans in its canonical form, when it shows them in full.
    init(answering detail: SpanDetail) throws(OTLPCodecError) {
        var reader = ConversationReader()
        try self.init(detail: detail) { span, hasCall, json in
            guard let conversation = reader.read(span) else { return }
            guard !hasCall else { return conversation.appendMembers(to: &json) }
            var members: [UInt8] = []
            conversation.appendMembers(to: &members)
            json.append(raw: ",\"content\":{")
            json.append(contentsOf: members.dropFirst())
            json.append(raw: "}")
        }
    }
}
