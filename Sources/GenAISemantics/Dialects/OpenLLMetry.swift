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
        ],
        content: [
            .family("llm.request.functions"),
            .key("llm.content.completion.chunk"),
            .family("llm.completions"),
            .key("traceloop.entity.input"),
            .key("traceloop.entity.output"),
            .key("traceloop.prompt.template"),
            .family("traceloop.prompt.template_variables", keeping: []),
            .key("gen_ai.task.input"),
            .key("gen_ai.task.output"),
            .key("db.query.result.document"),
            .key("db.query.result.metadata"),
            .key("db.query.result.vector"),
            .key("db.query.embeddings.vector"),
            // No content, but often credentials.
            .key("llm.headers"),
        ]
    )
}
