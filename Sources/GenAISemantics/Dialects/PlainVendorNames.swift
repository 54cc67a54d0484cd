// PlainVendorNames.swift - the plain `llm.*` names (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// Names that a program sets by hand.
    ///
    /// Input tokens include cached ones, the cost is in USD.
    static let plainVendorNames = Dialect(
        tier: .userSet,
        names: [
            FieldName(.provider, "llm.vendor"),
            // Section 5 puts this name behind those that say which model answered.
            FieldName(.responseModel, "llm.model", tier: .dialect),
            FieldName(.requestModel, "llm.model", tier: .deprecated),
            FieldName(.inputTokens, "llm.tokens.input"),
            FieldName(.outputTokens, "llm.tokens.output"),
            FieldName(.cost, "llm.cost"),
        ],
        content: [.key("llm.prompt"), .key("llm.response"), .key("llm.completion")]
    )
}
