// GenAIDeprecated.swift - former `gen_ai.*` names that are still sent (attribute dictionary, sections 2 and 7).

import TraceModel

extension Dialect {
    /// Former names of the conventions, and the other names under `gen_ai.usage` for the same numbers.
    static let genAIDeprecated = Dialect(
        tier: .deprecated,
        names: [
            FieldName(.provider, "gen_ai.system"),
            FieldName(.inputTokens, "gen_ai.usage.prompt_tokens"),
            FieldName(.outputTokens, "gen_ai.usage.completion_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.cache_read_input_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.cache_read_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.input_tokens.cached"),
            FieldName(.cacheReadTokens, "gen_ai.usage.input_cached_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.cached_input_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.cached_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.cache_write.input_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.cache_creation_input_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.cache_creation_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.cache_write_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.input_tokens.cache_write"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.input_cache_creation"),
            FieldName(.reasoningTokens, "gen_ai.usage.reasoning_tokens"),
            FieldName(.reasoningTokens, "gen_ai.usage.output_tokens.reasoning"),
            FieldName(.reasoningTokens, "gen_ai.usage.details.reasoning_tokens"),
            FieldName(.totalTokens, "gen_ai.usage.total_tokens"),
            FieldName(.streaming, "gen_ai.is_streaming"),
            FieldName(.streaming, "gen_ai.response.streaming"),
            FieldName(.finishReasons, "gen_ai.response.finish_reason"),
            FieldName(.finishReasons, "gen_ai.response.stop_reason"),
            FieldName(.httpStatus, "http.status_code"),
        ],
        content: [
            .family("gen_ai.prompt"),
            .family("gen_ai.prompt.variable", keeping: []),
            .family("gen_ai.completion"),
            // Of the events gen_ai.user.message, gen_ai.choice and their like.
            .key("content"),
            .key("tool_calls"),
            .key("gen_ai.event.content"),
        ]
    )
}
