// PydanticAIContent.swift - content as Pydantic AI and Logfire write it (attribute dictionary, section 4.5).

import TraceModel

extension ContentDialect {
    /// Pydantic AI, and Logfire's instrumentation of provider clients.
    static let pydanticAI = ContentDialect(
        input: [
            .history("pydantic_ai.all_messages"), .history("all_messages_events"), .history("events"),
            .messages("request_data"),
        ],
        output: [
            .value("final_result"), .history("pydantic_ai.all_messages"), .history("all_messages_events"),
            .history("events"), .messages("response_data"),
        ],
        names: [
            ConversationName(.tools, "model_request_parameters"),
            ConversationName(.toolArguments, "tool_arguments"),
            ConversationName(.toolResult, "tool_response"),
        ]
    )
}
