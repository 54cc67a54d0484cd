// LangSmithContent.swift - content as LangSmith writes it (attribute dictionary, section 4.7).

import TraceModel

extension ContentDialect {
    /// LangSmith: what `gen_ai.prompt` and `gen_ai.completion` do not hold.
    static let langSmith = ContentDialect(
        input: [.value("langsmith.span.inputs"), .value("langsmith.inputs")],
        output: [.value("langsmith.span.outputs"), .value("langsmith.outputs")],
        params: [ParamName("langsmith.metadata.ls_temperature", .one("temperature"))]
    )
}
