// GeneralContent.swift - plain names for content that belong to no dialect (attribute dictionary, section 4.11).

import TraceModel

extension ContentDialect {
    /// Names that a program sets by hand, and those of tools that write only the whole input and output.
    static let general = ContentDialect(
        input: [
            .messages("llm.prompt"), .messages("llm.messages"), .value("lmnr.span.input"),
            .value("braintrust.input_json"),
            .value("braintrust.input"), .value("langwatch.input"), .value("input"), .value("smolagents.task"),
        ],
        output: [
            .messages("llm.response"), .messages("llm.completion"), .value("lmnr.span.output"),
            .value("braintrust.output_json"), .value("braintrust.output"), .value("langwatch.output"), .value("output"),
        ],
        names: [
            ConversationName(.tools, "tools"),
            ConversationName(.toolName, "spring.ai.tool.definition.name"),
            ConversationName(.toolArguments, "spring.ai.tool.call.arguments"),
            ConversationName(.toolResult, "spring.ai.tool.call.result"),
            ConversationName(.query, "db.vector.query.content"),
            ConversationName(.documents, "db.vector.query.response.documents"),
        ]
    )
}
