// LangSmith.swift - what LangSmith names (attribute dictionary, section 4.7).

extension Dialect {
    /// LangSmith; its messages stand under deprecated `gen_ai.*` names.
    static let langSmith = Dialect(
        tier: .dialect,
        numbers: ["langsmith.usage_metadata", "gen_ai.usage.input_token_details", "gen_ai.usage.output_token_details"]
    )
}
