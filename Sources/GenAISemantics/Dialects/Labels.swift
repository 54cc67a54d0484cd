// Labels.swift - the tags that an application puts on its spans (attribute dictionary, sections 4.2 to 4.7).

extension Dialect {
    /// What the dialects call their tags.
    fileprivate static let tagNames: [StaticString] = [
        "langfuse.trace.tags", "tag.tags", "ai.telemetry.metadata.tags", "langsmith.span.tags", "logfire.tags",
        "traceloop.association.properties.tags", "metadata.tags",
    ]

    /// By what calls are told apart besides: tags, and where they come from.
    static let labels = Dialect(
        tier: .dialect,
        names: (tagNames.map { "\($0)" } + ["source", "tenant"]).map { FieldName(.label, $0) }
    )
}

extension ContentDialect {
    /// Tags, as spans show them.
    static let tags = ContentDialect(names: Dialect.tagNames.map { ConversationName(.tags, $0) })
}
