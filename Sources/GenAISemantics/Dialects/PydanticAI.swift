// PydanticAI.swift - what Pydantic AI and Logfire add to `gen_ai.*` (attribute dictionary, section 4.5).

import TraceModel

extension Dialect {
    /// Pydantic AI and Logfire.
    ///
    /// Agent runs carry the sum of their calls under names of its own.
    static let pydanticAI = Dialect(
        tier: .dialect,
        names: [
            FieldName(.cost, "operation.cost"),
            FieldName(.requestModel, "model_name", .onKnownRole),
            FieldName(.cacheReadTokens, "gen_ai.usage.details.cache_read_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.details.cache_read_input_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.details.cached_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.details.cache_write_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.details.cache_creation_input_tokens"),
            FieldName(.audioInputTokens, "gen_ai.usage.details.input_audio_tokens"),
            FieldName(.audioOutputTokens, "gen_ai.usage.details.output_audio_tokens"),
            FieldName(.summedInputTokens, "gen_ai.aggregated_usage.input_tokens"),
            FieldName(.summedOutputTokens, "gen_ai.aggregated_usage.output_tokens"),
            FieldName(.summedCacheReadTokens, "gen_ai.aggregated_usage.cache_read.input_tokens"),
            FieldName(.summedCacheReadTokens, "gen_ai.aggregated_usage.details.cache_read_tokens"),
            FieldName(.summedCacheWriteTokens, "gen_ai.aggregated_usage.cache_creation.input_tokens"),
            FieldName(.summedCacheWriteTokens, "gen_ai.aggregated_usage.cache_write.input_tokens"),
            FieldName(.summedCacheWriteTokens, "gen_ai.aggregated_usage.details.cache_write_tokens"),
            FieldName(.summedReasoningTokens, "gen_ai.aggregated_usage.reasoning.output_tokens"),
            FieldName(.summedReasoningTokens, "gen_ai.aggregated_usage.details.reasoning_tokens"),
        ],
        kinds: [
            // Of the run of an agent, whose usage older releases write like that of a call.
            KindName("all_messages_events", ["": .agent]),
            KindName("pydantic_ai.all_messages", ["": .agent]),
        ],
        marks: [
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.input_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.output_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.cache_read.input_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.details.cache_read_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.cache_creation.input_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.cache_write.input_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.details.cache_write_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.reasoning.output_tokens"),
            MarkName(.aggregateByName, "gen_ai.aggregated_usage.details.reasoning_tokens"),
            MarkName(.pending, "logfire.span_type", values: ["pending_span"]),
        ],
        objects: [
            ObjectName("gen_ai.usage.raw", .last, usage: [])
        ],
        content: [
            .key("pydantic_ai.all_messages"),
            .key("all_messages_events"),
            .key("events"),
            .key("final_result"),
            .key("model_request_parameters"),
            .key("tool_arguments"),
            .key("tool_response"),
            .key("request_data"),
            .key("response_data"),
        ],
        numbers: ["gen_ai.usage.raw", "logfire.metrics"]
    )
}
