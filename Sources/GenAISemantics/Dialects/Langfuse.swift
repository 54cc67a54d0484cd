// Langfuse.swift - what the Langfuse SDK names (attribute dictionary, section 4.4).

extension Dialect {
    /// The Langfuse SDK.
    static let langfuse = Dialect(
        tier: .dialect,
        content: [
            .key("langfuse.observation.input"),
            .key("langfuse.observation.output"),
            .key("langfuse.trace.input"),
            .key("langfuse.trace.output"),
            .key("langfuse.experiment.item.expected_output"),
        ],
        numbers: [
            "langfuse.observation.usage_details", "langfuse.observation.cost_details",
            "langfuse.observation.model.parameters",
        ]
    )
}
