// GenAI.swift - current `gen_ai.*` (attribute dictionary, section 2).

import TraceModel

extension Dialect {
    /// The OpenTelemetry conventions for generative AI as they are now.
    ///
    /// Input tokens include cached ones.
    static let genAI = Dialect(
        tier: .current,
        names: [
            FieldName(.operation, "gen_ai.operation.name"),
            FieldName(.provider, "gen_ai.provider.name"),
            FieldName(.requestModel, "gen_ai.request.model"),
            FieldName(.responseModel, "gen_ai.response.model"),
            FieldName(.inputTokens, "gen_ai.usage.input_tokens"),
            FieldName(.outputTokens, "gen_ai.usage.output_tokens"),
            FieldName(.cacheReadTokens, "gen_ai.usage.cache_read.input_tokens"),
            FieldName(.cacheWriteTokens, "gen_ai.usage.cache_creation.input_tokens"),
            FieldName(.reasoningTokens, "gen_ai.usage.reasoning.output_tokens"),
            FieldName(.audioInputTokens, "gen_ai.usage.audio.input_tokens"),
            FieldName(.audioOutputTokens, "gen_ai.usage.audio.output_tokens"),
            FieldName(.cacheWriteOneHourTokens, "anthropic.usage.cache_creation.ephemeral_1h_input_tokens"),
            FieldName(.responseID, "gen_ai.response.id"),
            FieldName(.finishReasons, "gen_ai.response.finish_reasons"),
            FieldName(.timeToFirstToken, "gen_ai.response.time_to_first_chunk", .seconds),
            FieldName(.timeToFirstToken, "gen_ai.response.time_to_first_token", .seconds),
            FieldName(.timeToFirstToken, "gen_ai.server.time_to_first_token", .seconds),
            FieldName(.streaming, "gen_ai.request.stream"),
            FieldName(.requestID, "anthropic.request.id"),
            FieldName(.errorType, "error.type"),
            FieldName(.serviceTier, "openai.response.service_tier"),
            FieldName(.serviceTier, "gen_ai.openai.response.service_tier", tier: .deprecated),
            FieldName(.serviceTier, "anthropic.response.service_tier", tier: .dialect),
            FieldName(.finishReasons, "anthropic.message.stop_reason", tier: .dialect),
            FieldName(.session, "gen_ai.conversation.id"),
            FieldName(.serverAddress, "server.address"),
            FieldName(.serverAddress, "gen_ai.openai.api_base"),
            FieldName(.httpStatus, "http.response.status_code"),
        ],
        kinds: [
            KindName(
                "gen_ai.operation.name",
                [
                    "chat": .llm,
                    "text_completion": .llm,
                    "generate_content": .llm,
                    "completion": .llm,
                    "responses": .llm,
                    "embeddings": .embedding,
                    "*embeddings.create": .embedding,
                    "embed": .embedding,
                    "embedding": .embedding,
                    "rerank": .reranker,
                    "retrieval": .retriever,
                    "execute_tool": .tool,
                    "create_agent": .agent,
                    "invoke_agent": .agent,
                    "invoke_workflow": .chain,
                    "plan": .other,
                    "search_memory": .other,
                    "create_memory": .other,
                    "update_memory": .other,
                    "upsert_memory": .other,
                    "delete_memory": .other,
                    "create_memory_store": .other,
                    "delete_memory_store": .other,
                ]
            ),
            KindName("mcp.method.name", ["tools/call": .tool]),
        ],
        // To count the tokens of a prompt is free, and nothing answers.
        preparations: ["count_tokens", "countTokens", "CountTokens"],
        content: [
            .key("gen_ai.system_instructions"),
            .key("gen_ai.input.messages"),
            .key("gen_ai.output.messages"),
            .key("gen_ai.tool.definitions"),
            .key("gen_ai.tool.description"),
            .key("gen_ai.tool.call.arguments"),
            .key("gen_ai.tool.call.result"),
            .key("gen_ai.retrieval.query.text"),
            .family("gen_ai.retrieval.documents", keeping: ContentName.documentNames),
            .key("gen_ai.memory.query.text"),
            .key("gen_ai.memory.records"),
            .key("gen_ai.evaluation.explanation"),
        ]
    )
}
