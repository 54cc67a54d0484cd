// GenAIContent.swift - content in current `gen_ai.*` (attribute dictionary, section 2).

extension ContentDialect {
    /// The OpenTelemetry conventions for generative AI as they are now.
    static let genAI = ContentDialect(
        input: [.messages("gen_ai.input.messages")],
        output: [.messages("gen_ai.output.messages")],
        names: [
            ContentName(.systemInstructions, "gen_ai.system_instructions"),
            ContentName(.tools, "gen_ai.tool.definitions"),
            ContentName(.toolName, "gen_ai.tool.name"),
            ContentName(.toolCallID, "gen_ai.tool.call.id"),
            ContentName(.toolArguments, "gen_ai.tool.call.arguments"),
            ContentName(.toolResult, "gen_ai.tool.call.result"),
            ContentName(.query, "gen_ai.retrieval.query.text"),
            ContentName(.query, "gen_ai.memory.query.text"),
            ContentName(.documents, "gen_ai.retrieval.documents"),
            ContentName(.documents, "gen_ai.memory.records"),
            ContentName(.finishReason, "gen_ai.response.finish_reasons"),
        ],
        params: [
            ParamName("gen_ai.request.", .prefix),
            ParamName("gen_ai.output.type", .one("output_type")),
            ParamName("openai.request.service_tier", .one("service_tier")),
            ParamName("gen_ai.openai.request.", .prefix),
        ]
    )

    /// Former names of the conventions, and those of early OpenLIT, as attributes of the span.
    static let genAIDeprecated = ContentDialect(
        input: [
            .value("gen_ai.prompt"), .messages("gen_ai.content.prompt"), .messages("gen_ai.prompt_json"),
            .messages("gen_ai.agent.invocation_input"),
        ],
        output: [
            .value("gen_ai.completion"), .messages("gen_ai.content.completion"), .messages("gen_ai.completion_json"),
            .messages("gen_ai.agent.invocation_output"),
        ],
        names: [
            ContentName(.systemInstructions, "gen_ai.system_instruction"),
            ContentName(.systemInstructions, "system_prompt"),
            ContentName(.tools, "gen_ai.agent.tools"),
            ContentName(.toolName, "mcp.tool.name"),
            ContentName(.toolArguments, "gen_ai.tool.args"),
            ContentName(.toolArguments, "gen_ai.tool.input"),
            ContentName(.toolResult, "gen_ai.tool.output"),
            ContentName(.toolResult, "gen_ai.tool.result"),
            ContentName(.embeddingInputs, "gen_ai.embeddings.input"),
            ContentName(.embeddingInputs, "gen_ai.request.embedding_inputs"),
            ContentName(.finishReason, "gen_ai.response.finish_reason"),
        ]
    )
}
