// Langfuse.swift - what the Langfuse SDK names (attribute dictionary, section 4.4).

import TraceModel

extension Dialect {
    /// The Langfuse SDK.
    static let langfuse = Dialect(
        tier: .userSet,
        names: [
            FieldName(.responseModel, "langfuse.observation.model.name"),
            FieldName(.requestModel, "langfuse.observation.model.name", tier: .deprecated),
            FieldName(.session, "langfuse.session.id"),
            FieldName(.user, "langfuse.user.id"),
        ],
        kinds: [
            KindName(
                "langfuse.observation.type",
                [
                    "generation": .llm,
                    "embedding": .embedding,
                    "agent": .agent,
                    "tool": .tool,
                    "chain": .chain,
                    "retriever": .retriever,
                    "guardrail": .guardrail,
                    "evaluator": .evaluator,
                ]
            )
        ],
        objects: [
            ObjectName("langfuse.observation.usage_details", .first, usage: []),
            ObjectName("langfuse.observation.cost_details", .first, cost: .totalOrParts),
        ],
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
