// ClaudeCode.swift - what Claude Code names (attribute dictionary, section 4.10).

extension Dialect {
    /// Claude Code, where it was told to send content.
    static let claudeCode = Dialect(
        tier: .dialect,
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
