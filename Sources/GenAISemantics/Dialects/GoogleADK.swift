// GoogleADK.swift - what the Agent Development Kit of Google names (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// The Agent Development Kit of Google, beside `gen_ai.*`.
    static let googleADK = Dialect(
        tier: .dialect,
        names: [
            FieldName(.session, "gcp.vertex.agent.session_id")
        ],
        objects: [
            ObjectName("gcp.vertex.agent.llm_response", .lastOnCalls, usage: ["usage_metadata"]),
            ObjectName("gcp.vertex.agent.llm_request", .lastOnCalls, texts: [.init(.requestModel, "model")]),
        ],
        content: [
            .key("gcp.vertex.agent.llm_request"),
            .key("gcp.vertex.agent.llm_response"),
            .key("gcp.vertex.agent.tool_call_args"),
            .key("gcp.vertex.agent.tool_response"),
            .key("gcp.vertex.agent.data"),
        ]
    )
}
