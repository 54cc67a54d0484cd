// VercelAI.swift - what the Vercel AI SDK names (attribute dictionary, section 4.3).

import TraceModel

extension Dialect {
    /// The Vercel AI SDK, versions 3 to 6.
    static let vercelAI = Dialect(
        tier: .dialect,
        names: [
            FieldName(.operation, "ai.operationId"),
            FieldName(.provider, "ai.model.provider", .beforeDot),
            FieldName(.responseModel, "ai.response.model"),
            FieldName(.requestModel, "ai.model.id"),
            FieldName(.inputTokens, "ai.usage.inputTokens"),
            FieldName(.inputTokens, "ai.usage.promptTokens"),
            FieldName(.inputTokens, "ai.usage.tokens"),
            FieldName(.outputTokens, "ai.usage.outputTokens"),
            FieldName(.outputTokens, "ai.usage.completionTokens"),
            FieldName(.totalTokens, "ai.usage.totalTokens"),
            FieldName(.cacheReadTokens, "ai.usage.inputTokenDetails.cacheReadTokens"),
            FieldName(.cacheReadTokens, "ai.usage.cachedInputTokens"),
            FieldName(.cacheWriteTokens, "ai.usage.inputTokenDetails.cacheWriteTokens"),
            FieldName(.reasoningTokens, "ai.usage.outputTokenDetails.reasoningTokens"),
            FieldName(.reasoningTokens, "ai.usage.reasoningTokens"),
            FieldName(.responseID, "ai.response.id"),
            FieldName(.finishReasons, "ai.response.finishReason"),
            FieldName(.finishReasons, "gen_ai.finishReason"),
            FieldName(.finishReasons, "ai.finishReason"),
            FieldName(.timeToFirstToken, "ai.response.msToFirstChunk", .milliseconds),
            FieldName(.timeToFirstToken, "ai.stream.msToFirstChunk", .milliseconds),
            FieldName(.session, "ai.telemetry.metadata.sessionId"),
            FieldName(.user, "ai.telemetry.metadata.userId"),
            // Up to version 5 the input of Anthropic's models leaves cached tokens out.
            FieldName(.cachedApart, "ai.operationId"),
            FieldName(.cachedInside, "ai.usage.inputTokenDetails.noCacheTokens"),
            FieldName(.cachedInside, "ai.usage.inputTokenDetails.cacheReadTokens"),
            FieldName(.cachedInside, "ai.usage.inputTokenDetails.cacheWriteTokens"),
        ],
        kinds: [
            KindName(
                "ai.operationId",
                [
                    "*.doGenerate": .llm,
                    "*.doStream": .llm,
                    "*.doEmbed": .embedding,
                    "*.doRerank": .reranker,
                    "ai.toolcall": .tool,
                    "ai.generatetext": .chain,
                    "ai.streamtext": .chain,
                    "ai.generateobject": .chain,
                    "ai.streamobject": .chain,
                    "ai.embed": .chain,
                    "ai.embedmany": .chain,
                    "ai.rerank": .chain,
                ]
            )
        ],
        marks: [
            // Outer spans repeat the sum of their inner ones.
            MarkName(
                .aggregateByName,
                "ai.operationId",
                values: [
                    "ai.generateText", "ai.streamText", "ai.generateObject", "ai.streamObject", "ai.embed",
                    "ai.embedMany", "ai.rerank",
                ]
            )
        ],
        objects: [
            ObjectName(
                "ai.response.providerMetadata",
                .last,
                counts: [
                    .init(.cacheWriteTokens, "anthropic", "usage", "cache_creation_input_tokens"),
                    .init(.cacheWriteTokens, "anthropic", "cacheCreationInputTokens"),
                    .init(.cacheReadTokens, "anthropic", "usage", "cache_read_input_tokens"),
                    .init(
                        .cacheWriteOneHourTokens,
                        "anthropic",
                        "usage",
                        "cache_creation",
                        "ephemeral_1h_input_tokens"
                    ),
                    .init(.cacheWriteTokens, "bedrock", "usage", "cacheWriteInputTokens"),
                    .init(.cacheReadTokens, "bedrock", "usage", "cacheReadInputTokens"),
                ]
            )
        ],
        content: [
            .family("ai.prompt", keeping: []),
            .key("ai.value"),
            .key("ai.values"),
            .key("ai.embedding"),
            .key("ai.embeddings"),
            .key("ai.response.text"),
            .key("ai.response.object"),
            .key("ai.response.toolCalls"),
            .key("ai.response.reasoning"),
            .key("ai.response.files"),
            .key("ai.result.text"),
            .key("ai.result.object"),
            .key("ai.result.toolCalls"),
            .key("ai.toolCall.args"),
            .key("ai.toolCall.result"),
            .key("ai.schema"),
        ],
        numbers: ["ai.response.providerMetadata"]
    )
}
