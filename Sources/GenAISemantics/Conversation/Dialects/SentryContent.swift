// SentryContent.swift - content as Sentry writes it (attribute dictionary, section 4.9).

import TraceModel

extension ContentDialect {
    /// Sentry's variants of `gen_ai.*`.
    static let sentry = ContentDialect(
        input: [.messages("gen_ai.request.messages")],
        output: [
            .pieces([
                ContentPiece(.texts, "gen_ai.response.text"),
                ContentPiece(.toolCalls, "gen_ai.response.tool_calls"),
            ])
        ],
        names: [
            ConversationName(.tools, "gen_ai.request.available_tools"),
            ConversationName(.tools, "gen_ai.request.tools"),
        ]
    )
}
