// GoogleADKContent.swift - content as Google's agent kit writes it (attribute dictionary, section 4.11).

import TraceModel

extension ContentDialect {
    /// Google ADK: Gemini bodies; `{}` where a span has none.
    static let googleADK = ContentDialect(
        input: [.messages("gcp.vertex.agent.llm_request")],
        output: [.messages("gcp.vertex.agent.llm_response")],
        names: [
            ConversationName(.toolArguments, "gcp.vertex.agent.tool_call_args"),
            ConversationName(.toolResult, "gcp.vertex.agent.tool_response"),
        ]
    )
}
