// ClaudeCode.swift - what Claude Code names (attribute dictionary, section 4.10).

import TraceModel

extension Dialect {
    /// Claude Code, where it was told to send content.
    static let claudeCode = Dialect(
        tier: .dialect,
        names: [
            FieldName(.requestModel, "model", tier: .deprecated, .onKnownRole),
            // Only what no cache held.
            FieldName(.inputTokens, "input_tokens", tier: .deprecated, .cachedApart),
            FieldName(.outputTokens, "output_tokens", tier: .deprecated, .onKnownRole),
            FieldName(.cacheReadTokens, "cache_read_tokens", tier: .deprecated, .onKnownRole),
            FieldName(.cacheWriteTokens, "cache_creation_tokens", tier: .deprecated, .onKnownRole),
            FieldName(.timeToFirstToken, "ttft_ms", .milliseconds),
            FieldName(.finishReasons, "stop_reason", tier: .deprecated),
        ],
        spanNames: [
            "claude_code.interaction": .agent,
            "claude_code.llm_request": .llm,
            "claude_code.tool": .tool,
            "claude_code.tool.execution": .tool,
            "claude_code.tool.blocked_on_user": .other,
        ],
        content: [
            .key("user_prompt"),
            .key("tool_input"),
            .key("tool_parameters"),
            .key("tool_result"),
            .key("full_command"),
            .key("new_context"),
            .key("response.model_output"),
        ]
    )
}
