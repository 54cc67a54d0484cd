// LiteLLMContent.swift - content as LiteLLM writes it (attribute dictionary, section 4.8).

import TraceModel

extension ContentDialect {
    /// LiteLLM: the raw bodies that its inner span repeats, by provider.
    static let litellm = ContentDialect(
        input: [.messages("llm.openai.messages"), .messages("llm.anthropic.messages"), .messages("llm.None.input")],
        output: [.messages("llm.openai.choices"), .messages("llm.anthropic.content")],
        names: [
            ConversationName(.systemInstructions, "llm.anthropic.system"),
            ConversationName(.tools, "llm.openai.tools"),
            ConversationName(.tools, "llm.anthropic.tools"),
            ConversationName(.finishReason, "llm.anthropic.stop_reason"),
        ],
        params: [
            ParamName("llm.openai.temperature", .one("temperature")),
            ParamName("llm.openai.max_tokens", .one("max_tokens")),
            ParamName("llm.openai.stream", .one("stream")),
            ParamName("llm.anthropic.temperature", .one("temperature")),
            ParamName("llm.anthropic.max_tokens", .one("max_tokens")),
        ]
    )
}
