// OpenInference.swift - the kinds of OpenInference (attribute dictionary, section 4.2).

import TraceModel

extension Dialect {
    /// OpenInference.
    ///
    /// A kind of `UNKNOWN` says nothing.
    static let openInference = Dialect(
        tier: .dialect,
        kinds: [
            KindName(
                "openinference.span.kind",
                [
                    "llm": .llm,
                    "embedding": .embedding,
                    "chain": .chain,
                    "retriever": .retriever,
                    "reranker": .reranker,
                    "tool": .tool,
                    "agent": .agent,
                    "guardrail": .guardrail,
                    "evaluator": .evaluator,
                    "prompt": .prompt,
                ]
            )
        ]
    )
}
