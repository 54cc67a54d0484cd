// OpenLIT.swift - what OpenLIT and Langtrace name (attribute dictionary, section 4.11).

extension Dialect {
    /// OpenLIT and Langtrace.
    static let openLIT = Dialect(
        tier: .dialect,
        content: [
            .key("gen_ai.tool.args"),
            .key("gen_ai.request.tools"),
            .key("gen_ai.request.embedding_inputs"),
            .key("function.args"),
            .key("function.kwargs"),
        ]
    )
}
