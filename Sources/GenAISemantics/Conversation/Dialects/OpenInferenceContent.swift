// OpenInferenceContent.swift - content as OpenInference writes it (attribute dictionary, section 4.2).

import TraceModel

extension ContentDialect {
    /// OpenInference: indexed attributes, one for each leaf.
    static let openInference = ContentDialect(
        input: [.indexed("llm.input_messages."), .indexed("llm.prompts."), .messages("llm.prompts")],
        output: [
            .indexed("llm.output_messages."), .indexed("llm.choices."), .messages("llm.responses"),
            .pieces([ContentPiece(.toolCalls, "llm.function_call")]),
        ],
        names: [
            ConversationName(.tools, indexed: "llm.tools."),
            ConversationName(.toolName, "tool.name"),
            ConversationName(.toolCallID, "tool.id"),
            ConversationName(.toolCallID, "tool_call.id"),
            ConversationName(.toolName, "tool_call.function.name"),
            ConversationName(.toolArguments, "tool_call.function.arguments"),
            ConversationName(.query, "reranker.query"),
            ConversationName(.documents, indexed: "retrieval.documents."),
            ConversationName(.documents, indexed: "reranker.output_documents."),
            ConversationName(.documents, indexed: "reranker.input_documents."),
            ConversationName(.embeddingInputs, indexed: "embedding.embeddings."),
            ConversationName(.embeddingInputs, "embedding.text"),
            ConversationName(.finishReason, "llm.finish_reason"),
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
