// LiveKit.swift - what LiveKit names (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// LiveKit, beside `gen_ai.*`.
    static let liveKit = Dialect(
        tier: .dialect,
        names: [
            FieldName(.timeToFirstToken, "lk.response.ttft", .seconds)
        ],
        objects: [
            ObjectName("lk.llm_metrics", .lastOnCalls, usage: [])
        ],
        content: [
            .key("lk.input_text"),
            .key("lk.user_input"),
            .key("lk.user_transcript"),
            .key("lk.chat_ctx"),
            .key("lk.instructions"),
            .key("lk.response.text"),
            .key("lk.response.function_calls"),
            .key("lk.function_tool.arguments"),
            .key("lk.function_tool.output"),
        ]
    )
}
