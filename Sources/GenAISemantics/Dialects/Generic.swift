// Generic.swift - names for cost, identity and requests that belong to no dialect (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// General names, in the orders of section 5.
    static let generic = Dialect(
        tier: .deprecated,
        names: [
            FieldName(.cost, "gen_ai.usage.cost", tier: .current),
            FieldName(.cost, "gen_ai.usage.total_cost"),
            FieldName(.cost, "cost_usd"),
            FieldName(.cost, "llm.usage.cost"),
            FieldName(.cost, "cost", .onKnownRole),
            FieldName(.session, "session.id", tier: .userSet),
            // As a number this is the thread of the operating system.
            FieldName(.session, "thread.id", .textOnly),
            FieldName(.session, "conversation.id"),
            FieldName(.user, "user.id"),
            FieldName(.user, "enduser.id"),
            FieldName(.user, "user_id"),
            FieldName(.user, "user.email"),
            FieldName(.user, "gen_ai.user"),
            FieldName(.user, "gen_ai.request.user"),
            FieldName(.user, "llm.user"),
            FieldName(.responseModel, "model", .onKnownRole),
            FieldName(.requestID, "request_id"),
            FieldName(.service, "service.name"),
        ],
        marks: [
            MarkName(.synthesized, "skein.synthesized")
        ],
        content: [
            .key("input"),
            .key("inputs"),
            .key("output"),
            .key("outputs"),
            .key("prompt"),
            .key("completion"),
            .key("messages"),
            .key("message"),
            .family("message.content"),
            .family("message.contents"),
            .family("message.tool_calls"),
            .key("instructions"),
            .key("system_prompt"),
            .key("tools"),
        ]
    )
}
