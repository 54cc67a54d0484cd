// ClaudeCodeContent.swift - content as Claude Code writes it (attribute dictionary, section 4.10).

import TraceModel

extension ContentDialect {
    /// Claude Code: content is there only when the user asked for it.
    static let claudeCode = ContentDialect(
        input: [.messages("new_context"), .messages("user_prompt")],
        output: [
            .pieces([
                ContentPiece(.reasoning, "response.thinking_output"),
                ContentPiece(.text, "response.model_output"),
            ])
        ],
        names: [
            ConversationName(.toolName, "tool_name"),
            ConversationName(.toolCallID, "tool_use_id"),
            ConversationName(.toolArguments, "tool_input"),
            ConversationName(.toolResult, "tool_output"),
            ConversationName(.finishReason, "stop_reason"),
        ]
    )
}
