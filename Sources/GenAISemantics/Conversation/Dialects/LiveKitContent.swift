// LiveKitContent.swift - content as LiveKit writes it (attribute dictionary, section 4.11).

import TraceModel

extension ContentDialect {
    /// LiveKit agents.
    static let liveKit = ContentDialect(
        input: [
            .messages("lk.chat_ctx"), .messages("lk.user_input"), .messages("lk.user_transcript"),
            .messages("lk.input_text"),
        ],
        output: [
            .pieces([
                ContentPiece(.text, "lk.response.text"),
                ContentPiece(.toolCalls, "lk.response.function_calls"),
            ])
        ],
        names: [
            ConversationName(.systemInstructions, "lk.instructions"),
            ConversationName(.tools, "lk.function_tools"),
            ConversationName(.toolName, "lk.function_tool.name"),
            ConversationName(.toolCallID, "lk.function_tool.id"),
            ConversationName(.toolArguments, "lk.function_tool.arguments"),
            ConversationName(.toolResult, "lk.function_tool.output"),
        ]
    )
}
