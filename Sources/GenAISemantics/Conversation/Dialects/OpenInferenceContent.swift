// OpenInferenceContent.swift - content as OpenInference writes it (attribute dictionary, section 4.2).

extension ContentDialect {
    /// OpenInference: indexed attributes, one for each leaf.
    static let openInference = ContentDialect(
        input: [.indexed("llm.input_messages."), .indexed("llm.prompts."), .messages("llm.prompts")],
        output: [
            .indexed("llm.output_messages."), .indexed("llm.choices."), .messages("llm.responses"),
            .pieces([ContentPiece(.toolCalls, "llm.function_call")]),
        ],
        names: [
            ContentName(.tools, indexed: "llm.tools."),
            ContentName(.toolName, "tool.name"),
            ContentName(.toolCallID, "tool.id"),
            ContentName(.toolCallID, "tool_call.id"),
            ContentName(.toolName, "tool_call.function.name"),
            ContentName(.toolArguments, "tool_call.function.arguments"),
            ContentName(.query, "reranker.query"),
            ContentName(.documents, indexed: "retrieval.documents."),
            ContentName(.documents, indexed: "reranker.output_documents."),
            ContentName(.documents, indexed: "reranker.input_documents."),
            ContentName(.embeddingInputs, indexed: "embedding.embeddings."),
            ContentName(.embeddingInputs, "embedding.text"),
            ContentName(.finishReason, "llm.finish_reason"),
        ],
        params: [
            ParamName("llm.invocation_parameters", .object),
            ParamName("embedding.invocation_parameters", .object),
            ParamName("reranker.top_k", .one("top_k")),
        ]
    )

    /// The whole input and output of any span: the body of a call, or what a step took and gave.
    static let openInferenceValues = ContentDialect(
        input: [.value("input.value")],
        output: [.value("output.value")]
    )
}
