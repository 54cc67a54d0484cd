// OpenLLMetry.swift - the kinds of OpenLLMetry and Traceloop (attribute dictionary, section 4.1).

import TraceModel

extension Dialect {
    /// OpenLLMetry.
    ///
    /// A request type of `unknown` says nothing.
    static let openLLMetry = Dialect(
        tier: .dialect,
        names: [
            FieldName(.operation, "llm.request.type")
        ],
        kinds: [
            KindName(
                "llm.request.type",
                ["chat": .llm, "completion": .llm, "embedding": .embedding, "rerank": .reranker]
            ),
            KindName(
                "traceloop.span.kind",
                ["workflow": .chain, "task": .chain, "agent": .agent, "tool": .tool]
            ),
        ]
    )
}
