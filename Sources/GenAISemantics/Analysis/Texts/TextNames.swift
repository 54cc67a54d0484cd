// TextNames.swift - the names of members that are about a message, and not in it.

import TraceModel

/// What the name of a member says about its value.
enum TextName: UInt8 {
    /// The value is content.
    case content
    /// A short text is the name of a role or kind.
    case label
    /// A text is an identifier that its provider made.
    case identifier
    /// What is below is the tools that were offered.
    case offer
    /// Nothing below is for people.
    case machine

    /// What a name says.
    static func of(_ name: UnsafeBufferPointer<UInt8>) -> TextName {
        table.number(of: name).map { kinds[$0] } ?? .content
    }

    /// Whether a text under such a name is no content.
    func hides(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .content: false
        case .label: text.count <= 32 && !text.contains(UInt8(ascii: " "))
        case .identifier:
            Self.madeUp.contains { prefix in
                text.count > prefix.utf8CodeUnitCount
                    && prefix.withUTF8Buffer { text[..<$0.count].elementsEqual($0) }
            }
        case .offer, .machine: true
        }
    }

    /// How the identifiers of messages and calls begin.
    private static let madeUp: [StaticString] = [
        "call_", "toolu_", "tooluse_", "chatcmpl-", "msg_", "resp_", "fc_", "rs_", "pyd_ai_", "lc_run-", "run-",
    ]

    private static let names: [(name: String, kind: TextName)] =
        ["role", "_role", "type", "_type", "kind", "part_kind", "part-kind", "block_type", "event.name", "modality"]
        .map { ($0, .label) }
        + ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason", "mime_type", "mimeType"]
        .map { ($0, .label) }
        + ["media_type", "mediaType", "object", "message_kind", "message.role", "format"].map { ($0, .label) }
        + ["id", "tool_call_id", "toolCallId", "call_id", "tool_use_id", "toolUseId", "run_id", "response_id"]
        .map { ($0, .identifier) }
        + ["tools", "functions", "function_tools", "output_tools", "tool_definitions", "response_format"]
        .map { ($0, .offer) }
        + [
            "signature", "thoughtSignature", "thought_signature", "encrypted_content", "logprobs", "embedding",
            "vector",
        ]
        .map { ($0, .machine) }

    private static let table = ByteKeyTable(names.map(\.name))
    private static let kinds = names.map(\.kind)
}
