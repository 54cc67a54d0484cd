// GenAIContent.swift - content in current `gen_ai.*` (attribute dictionary, section 2).

import TraceModel

extension ContentDialect {
    /// The OpenTelemetry conventions for generative AI as they are now.
    static let genAI = ContentDialect(
        input: [.messages("gen_ai.input.messages")],
        output: [.messages("gen_ai.output.messages")],
        names: [
            ConversationName(.systemInstructions, "gen_ai.system_instructions"),
            ConversationName(.tools, "gen_ai.tool.definitions"),
            ConversationName(.toolName, "gen_ai.tool.name"),
            ConversationName(.toolCallID, "gen_ai.tool.call.id"),
            ConversationName(.toolArguments, "gen_ai.tool.call.arguments"),
            ConversationName(.toolResult, "gen_ai.tool.call.result"),
            ConversationName(.query, "gen_ai.retrieval.query.text"),
            ConversationName(.query, "gen_ai.memory.query.text"),
            ConversationName(.documents, "gen_ai.retrieval.documents"),
            ConversationName(.documents, "gen_ai.memory.records"),
            ConversationName(.finishReason, "gen_ai.response.finish_reasons"),
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
            ConversationName(.systemInstructions, "gen_ai.system_instruction"),
            ConversationName(.systemInstructions, "system_prompt"),
            ConversationName(.tools, "gen_ai.agent.tools"),
            ConversationName(.toolName, "mcp.tool.name"),
            ConversationName(.toolArguments, "gen_ai.tool.args"),
            ConversationName(.toolArguments, "gen_ai.tool.input"),
            ConversationName(.toolResult, "gen_ai.tool.output"),
            ConversationName(.toolResult, "gen_ai.tool.result"),
            ConversationName(.embeddingInputs, "gen_ai.embeddings.input"),
            ConversationName(.embeddingInputs, "gen_ai.request.embedding_inputs"),
            ConversationName(.finishReason, "gen_ai.response.finish_reason"),
        ]
    )
}
