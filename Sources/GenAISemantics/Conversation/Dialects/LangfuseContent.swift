// LangfuseContent.swift - content as the Langfuse SDK writes it (attribute dictionary, section 4.4).

import TraceModel

extension ContentDialect {
    /// What the user set by hand wins over everything else.
    static let langfuse = ContentDialect(
        input: [.value("langfuse.observation.input")],
        output: [.value("langfuse.observation.output")],
        params: [ParamName("langfuse.observation.model.parameters", .object)]
    )
}
