// CodingAgents.swift - content in the events of Gemini CLI and Qwen Code, whose calls become spans.

extension Dialect {
    /// Gemini CLI and Qwen Code: what goes with their calls when the user lets it be sent.
    static let codingAgents = Dialect(
        tier: .dialect,
        content: [
            .key("request_text"),
            .key("response_text"),
            .key("function_args"),
        ]
    )
}
