// LangSmith.swift - what LangSmith names (attribute dictionary, section 4.7).

import TraceModel

extension Dialect {
    /// LangSmith; its messages stand under deprecated `gen_ai.*` names.
    static let langSmith = Dialect(
        tier: .dialect,
        names: [
            FieldName(.requestModel, "langsmith.metadata.ls_model_name"),
            FieldName(.responseModel, "langsmith.metadata.model_name"),
            FieldName(.provider, "langsmith.metadata.ls_provider"),
            FieldName(.session, "langsmith.metadata.thread_id"),
            FieldName(.session, "langsmith.metadata.session_id"),
            FieldName(.session, "langsmith.metadata.conversation_id"),
            FieldName(.user, "langsmith.metadata.user_id"),
        ],
        kinds: [
            KindName(
                "langsmith.span.kind",
                [
                    "llm": .llm,
                    "chain": .chain,
                    "tool": .tool,
                    "retriever": .retriever,
                    "embedding": .embedding,
                    "prompt": .prompt,
                    "parser": .chain,
                ]
            )
        ],
        objects: [
            ObjectName("langsmith.usage_metadata", .last, usage: [], counts: parts),
            ObjectName("langsmith.metadata.usage_metadata", .last, usage: [], counts: parts),
            ObjectName(
                "gen_ai.usage.input_token_details",
                .last,
                counts: [.init(.cacheReadTokens, "cache_read"), .init(.cacheWriteTokens, "cache_creation")]
            ),
            ObjectName("gen_ai.usage.output_token_details", .last, counts: [.init(.reasoningTokens, "reasoning")]),
        ],
        numbers: [
            "langsmith.usage_metadata", "langsmith.metadata.usage_metadata", "gen_ai.usage.input_token_details",
            "gen_ai.usage.output_token_details",
        ]
    )

    /// Parts of the usage, as LangChain writes them.
    private static let parts: [ObjectName.Member] = [
        .init(.cacheReadTokens, "input_token_details", "cache_read"),
        .init(.cacheWriteTokens, "input_token_details", "cache_creation"),
        .init(.cacheWriteFiveMinuteTokens, "input_token_details", "ephemeral_5m_input_tokens"),
        .init(.cacheWriteOneHourTokens, "input_token_details", "ephemeral_1h_input_tokens"),
        .init(.reasoningTokens, "output_token_details", "reasoning"),
    ]
}
