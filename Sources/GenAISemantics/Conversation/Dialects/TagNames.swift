// TagNames.swift - the tags that an application puts on its spans (attribute dictionary, sections 4.2 to 4.7).

extension ContentDialect {
    /// What the dialects call their tags.
    static let tags = ContentDialect(
        names: [
            ConversationName(.tags, "langfuse.trace.tags"),
            ConversationName(.tags, "tag.tags"),
            ConversationName(.tags, "ai.telemetry.metadata.tags"),
            ConversationName(.tags, "langsmith.span.tags"),
            ConversationName(.tags, "logfire.tags"),
            ConversationName(.tags, "traceloop.association.properties.tags"),
            ConversationName(.tags, "metadata.tags"),
        ]
    )
}
