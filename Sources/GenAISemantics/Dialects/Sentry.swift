// Sentry.swift - what Sentry names (attribute dictionary, section 4.9).

extension Dialect {
    /// Sentry.
    static let sentry = Dialect(
        tier: .dialect,
        content: [
            .key("gen_ai.request.messages"),
            .key("gen_ai.request.available_tools"),
            .key("gen_ai.response.text"),
            .key("gen_ai.response.tool_calls"),
            .key("gen_ai.response.object"),
            .key("gen_ai.tool.input"),
            .key("gen_ai.tool.output"),
            .key("gen_ai.tool.message"),
            .key("gen_ai.embeddings.input"),
        ]
    )
}
