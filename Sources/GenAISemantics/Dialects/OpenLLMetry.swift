// OpenLLMetry.swift - the kinds of OpenLLMetry and Traceloop (attribute dictionary, section 4.1).

import TraceModel

extension Dialect {
    /// OpenLLMetry.
    ///
    /// A request type of `unknown` says nothing.
    static let openLLMetry = Dialect(
        tier: .dialect,
        names: [
            FieldName(.operation, "llm.request.type"),
            FieldName(.inputTokens, "llm.usage.prompt_tokens", tier: .deprecated),
            FieldName(.inputTokens, "llm.usage.input_tokens", tier: .deprecated),
            FieldName(.outputTokens, "llm.usage.completion_tokens", tier: .deprecated),
            FieldName(.outputTokens, "llm.usage.output_tokens", tier: .deprecated),
            FieldName(.reasoningTokens, "llm.usage.reasoning_tokens", tier: .deprecated),
            FieldName(.cacheReadTokens, "llm.usage.cache_read_input_tokens", tier: .deprecated),
            FieldName(.cacheWriteTokens, "llm.usage.cache_creation_input_tokens", tier: .deprecated),
            FieldName(.totalTokens, "llm.usage.total_tokens", tier: .deprecated),
            FieldName(.streaming, "llm.is_streaming"),
            FieldName(.finishReasons, "llm.response.finish_reason"),
            FieldName(.finishReasons, "gen_ai.completion.0.finish_reason"),
            FieldName(.session, "traceloop.association.properties.session_id"),
            FieldName(.session, "traceloop.association.properties.thread_id"),
            FieldName(.session, "traceloop.association.properties.conversation_id"),
            FieldName(.user, "traceloop.association.properties.user_id"),
        ],
        kinds: [
            KindName(
                "llm.request.type",
                ["chat": .llm, "completion": .llm, "embedding": .embedding, "rerank": .reranker]
            ),
            KindName(
                "traceloop.span.kind",
                ["workflow": .chain, "task": .chain, "agent": .agent, "tool": .tool]
            ),
        ],
        content: [
            .family("llm.request.functions"),
            .key("llm.content.completion.chunk"),
            .family("llm.completions"),
            .key("traceloop.entity.input"),
            .key("traceloop.entity.output"),
            .key("traceloop.prompt.template"),
            .family("traceloop.prompt.template_variables", keeping: []),
            .key("gen_ai.task.input"),
            .key("gen_ai.task.output"),
            .key("db.query.result.document"),
            .key("db.query.result.metadata"),
            .key("db.query.result.vector"),
            .key("db.query.embeddings.vector"),
            // No content, but often credentials.
            .key("llm.headers"),
        ]
    )
}
