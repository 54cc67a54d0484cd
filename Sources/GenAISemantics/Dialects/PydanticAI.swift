// PydanticAI.swift - what Pydantic AI and Logfire add to `gen_ai.*` (attribute dictionary, section 4.5).

import TraceModel

extension Dialect {
    /// Pydantic AI and Logfire.
    ///
    /// Agent runs carry the sum of their calls under names of its own. Logfire makes two spans of a streamed call, of
    /// which the one that ends with the answer counts: see `AttributeSlots.isRequestOfStream`.
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
            FieldName(.spanType, "logfire.span_type"),
            FieldName(.requestBody, "request_data"),
            FieldName(.responseBody, "response_data"),
            FieldName(.responseBody, "gen_ai.output.messages"),
        ],
        kinds: [
            // Of the run of an agent, whose usage older releases write like that of a call.
            KindName("all_messages_events", ["": .agent]),
            KindName("pydantic_ai.all_messages", ["": .agent]),
            // Logfire's span of a request of Anthropic's client.
            KindName("url", ["*/count_tokens": .chain, "*/count_tokens?beta=true": .chain]),
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
            // Logfire: the provider's own object, whose parts the attributes leave out.
            ObjectName(
                "gen_ai.usage.raw",
                .last,
                usage: [],
                counts: [
                    .init(.cacheReadTokens, "prompt_tokens_details", "cached_tokens"),
                    .init(.cacheReadTokens, "input_tokens_details", "cached_tokens"),
                    .init(.cacheReadTokens, "cache_read_input_tokens"),
                    .init(.cacheWriteTokens, "cache_creation_input_tokens"),
                    .init(.cacheWriteOneHourTokens, "cache_creation", "ephemeral_1h_input_tokens"),
                    .init(.reasoningTokens, "completion_tokens_details", "reasoning_tokens"),
                    .init(.reasoningTokens, "output_tokens_details", "reasoning_tokens"),
                ]
            )
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
            // Of Logfire's spans of the OpenAI Agents SDK and of MCP.
            .key("raw_input"),
            .key("request"),
            .key("response"),
        ],
        numbers: ["gen_ai.usage.raw", "logfire.metrics"]
    )
}
