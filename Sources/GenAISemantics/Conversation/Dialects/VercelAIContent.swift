// VercelAIContent.swift - content as the Vercel AI SDK writes it (attribute dictionary, section 4.3).

extension ContentDialect {
    /// Vercel AI SDK, version 3 to 6.
    static let vercelAI = ContentDialect(
        input: [.messages("ai.prompt.messages"), .messages("ai.prompt")],
        output: [
            .pieces([
                ContentPiece(.reasoning, "ai.response.reasoning"),
                ContentPiece(.text, "ai.response.text"),
                ContentPiece(.json, "ai.response.object"),
                ContentPiece(.toolCalls, "ai.response.toolCalls"),
            ]),
            .pieces([
                ContentPiece(.text, "ai.result.text"),
                ContentPiece(.json, "ai.result.object"),
                ContentPiece(.toolCalls, "ai.result.toolCalls"),
            ]),
        ],
        names: [
            ContentName(.tools, "ai.prompt.tools"),
            ContentName(.toolName, "ai.toolCall.name"),
            ContentName(.toolCallID, "ai.toolCall.id"),
            ContentName(.toolArguments, "ai.toolCall.args"),
            ContentName(.toolArguments, "ai.toolCall.input"),
            ContentName(.toolResult, "ai.toolCall.result"),
            ContentName(.toolResult, "ai.toolCall.output"),
            ContentName(.embeddingInputs, "ai.values"),
            ContentName(.embeddingInputs, "ai.value"),
            ContentName(.finishReason, "ai.response.finishReason"),
            ContentName(.finishReason, "ai.result.finishReason"),
            ContentName(.finishReason, "gen_ai.finishReason"),
        ],
        params: [
            ParamName("ai.settings.", .prefix),
            ParamName("ai.prompt.toolChoice", .one("tool_choice")),
        ]
    )
}
