// LiveKitContent.swift - content as LiveKit writes it (attribute dictionary, section 4.11).

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
            ContentName(.systemInstructions, "lk.instructions"),
            ContentName(.tools, "lk.function_tools"),
            ContentName(.toolName, "lk.function_tool.name"),
            ContentName(.toolCallID, "lk.function_tool.id"),
            ContentName(.toolArguments, "lk.function_tool.arguments"),
            ContentName(.toolResult, "lk.function_tool.output"),
        ]
    )
}
