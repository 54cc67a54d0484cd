// LiteLLM.swift - what LiteLLM names (attribute dictionary, section 4.8).

import TraceModel

extension Dialect {
    /// LiteLLM; the raw request and answer stand under `llm.` and the name of the provider.
    static let liteLLM = Dialect(
        tier: .dialect,
        names: [
            FieldName(.responseModel, "litellm.provider.model", tier: .deprecated),
            FieldName(.cost, "gen_ai.cost.total_cost"),
            FieldName(.cost, "litellm.cost.total"),
            FieldName(.cost, "llm.response.cost"),
            FieldName(.requestID, "litellm.call_id"),
            FieldName(.user, "litellm.end_user.id"),
            FieldName(.cacheHit, "litellm.cache_hit"),
        ],
        content: [
            .form("llm.*.messages"),
            .form("llm.*.choices"),
            .form("llm.*.content"),
            .form("llm.*.contents"),
            .form("llm.*.candidates"),
            .form("llm.*.instructions"),
            .form("llm.*.system"),
            .form("llm.*.tools"),
            .form("llm.*.data"),
            .form("llm.*.text"),
            // Narrower, since others count tokens under `llm.*.input`, `.output` and `.prompt`.
            .form("llm.*openai*.input"),
            .form("llm.*openai*.output"),
            .form("llm.*openai*.prompt"),
            .form("llm.azure*.input"),
            .form("llm.azure*.output"),
            .form("llm.azure*.prompt"),
            .form("llm.None.input"),
            .form("llm.None.output"),
            .form("llm.None.prompt"),
            .key("guardrail_response"),
        ]
    )
}
