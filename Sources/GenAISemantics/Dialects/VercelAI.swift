// VercelAI.swift - what the Vercel AI SDK names (attribute dictionary, section 4.3).

extension Dialect {
    /// The Vercel AI SDK, versions 3 to 6.
    static let vercelAI = Dialect(
        tier: .dialect,
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
