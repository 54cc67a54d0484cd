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
        ],
        content: [
            .family("llm.input_messages"),
            .family("llm.output_messages"),
            .family("llm.prompts"),
            .family("llm.choices"),
            .key("llm.function_call"),
            .family("llm.tools"),
            .key("llm.prompt_template.template"),
            .family("llm.prompt_template.variables", keeping: []),
            .key("input.value"),
            .key("output.value"),
            .key("tool.description"),
            .key("tool.parameters"),
            .key("tool.json_schema"),
            .family("retrieval.documents", keeping: ContentName.documentNames),
            .key("reranker.query"),
            .family("reranker.input_documents", keeping: ContentName.documentNames),
            .family("reranker.output_documents", keeping: ContentName.documentNames),
            .family("embedding.embeddings", keeping: []),
            .key("embedding.text"),
            .key("embedding.vector"),
        ],
        numbers: ["llm.invocation_parameters", "embedding.invocation_parameters"]
    )
}
