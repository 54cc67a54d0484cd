// VercelAIContent.swift - content as the Vercel AI SDK writes it (attribute dictionary, section 4.3).

import TraceModel

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
            ConversationName(.tools, "ai.prompt.tools"),
            ConversationName(.toolName, "ai.toolCall.name"),
            ConversationName(.toolCallID, "ai.toolCall.id"),
            ConversationName(.toolArguments, "ai.toolCall.args"),
            ConversationName(.toolArguments, "ai.toolCall.input"),
            ConversationName(.toolResult, "ai.toolCall.result"),
            ConversationName(.toolResult, "ai.toolCall.output"),
            ConversationName(.embeddingInputs, "ai.values"),
            ConversationName(.embeddingInputs, "ai.value"),
            ConversationName(.finishReason, "ai.response.finishReason"),
            ConversationName(.finishReason, "ai.result.finishReason"),
            ConversationName(.finishReason, "gen_ai.finishReason"),
        ],
        params: [
            ParamName("ai.settings.", .prefix),
            ParamName("ai.prompt.toolChoice", .one("tool_choice")),
        ]
    )
}
