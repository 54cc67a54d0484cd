// Genkit.swift - what Genkit names (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// Genkit.
    static let genkit = Dialect(
        tier: .dialect,
        names: [
            FieldName(.requestModel, "genkit:name", .onKnownRole),
            FieldName(.session, "genkit:sessionId"),
        ],
        kinds: [
            KindName(
                "genkit:metadata:subtype",
                [
                    "model": .llm,
                    "background-model": .llm,
                    "embedder": .embedding,
                    "retriever": .retriever,
                    "reranker": .reranker,
                    "tool": .tool,
                    "flow": .chain,
                    "agent": .agent,
                    "prompt": .prompt,
                    "executable-prompt": .prompt,
                    "evaluator": .evaluator,
                    "util": .chain,
                ]
            ),
            KindName("genkit:type", ["flow": .chain, "flowstep": .chain]),
        ],
        objects: [
            ObjectName("genkit:output", .lastOnCalls, usage: ["usage"])
        ],
        content: [
            .key("genkit:input"),
            .key("genkit:output"),
        ]
    )
}
