// OpenLLMetryContent.swift - content as OpenLLMetry and Traceloop write it (attribute dictionary, section 4.1).

import TraceModel

extension ContentDialect {
    /// OpenLLMetry: indexed attributes in the numbering of the request.
    static let openLLMetry = ContentDialect(
        input: [.indexed("gen_ai.prompt."), .indexed("llm.prompt.")],
        output: [.indexed("gen_ai.completion."), .indexed("llm.completions."), .indexed("llm.completion.")],
        names: [
            ConversationName(.tools, indexed: "llm.request.functions."),
            ConversationName(.finishReason, "gen_ai.response.stop_reason"),
            ConversationName(.finishReason, "llm.response.finish_reason"),
            ConversationName(.finishReason, "llm.response.stop_reason"),
        ],
        params: [
            ParamName("llm.temperature", .one("temperature")),
            ParamName("llm.top_p", .one("top_p")),
            ParamName("llm.top_k", .one("top_k")),
            ParamName("llm.max_tokens", .one("max_tokens")),
            ParamName("llm.request.max_tokens", .one("max_tokens")),
            ParamName("llm.frequency_penalty", .one("frequency_penalty")),
            ParamName("llm.presence_penalty", .one("presence_penalty")),
            ParamName("llm.chat.stop_sequences", .one("stop_sequences")),
            ParamName("llm.is_streaming", .one("stream")),
            ParamName("gen_ai.is_streaming", .one("stream")),
        ]
    )

    /// What chains, tasks and tools took and gave.
    static let traceloop = ContentDialect(
        input: [.value("traceloop.entity.input"), .value("gen_ai.task.input")],
        output: [.value("traceloop.entity.output"), .value("gen_ai.task.output")]
    )
}
