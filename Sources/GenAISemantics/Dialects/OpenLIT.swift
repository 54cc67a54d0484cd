// OpenLIT.swift - what OpenLIT and Langtrace name (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// OpenLIT and Langtrace.
    static let openLIT = Dialect(
        tier: .dialect,
        names: [
            FieldName(.totalTokens, "gen_ai.client.token.usage", tier: .deprecated)
        ],
        kinds: [
            KindName("langtrace.service.type", ["framework": .chain, "vectordb": .retriever])
        ],
        content: [
            .key("gen_ai.tool.args"),
            .key("gen_ai.request.tools"),
            .key("gen_ai.request.embedding_inputs"),
            .key("function.args"),
            .key("function.kwargs"),
        ]
    )
}
