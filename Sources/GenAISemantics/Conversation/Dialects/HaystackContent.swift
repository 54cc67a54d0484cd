// HaystackContent.swift - content as Haystack writes it (attribute dictionary, section 4.11).

import TraceModel

extension ContentDialect {
    /// Haystack: components, agents and their steps, pipelines.
    static let haystack = ContentDialect(
        input: [
            .value("haystack.component.input"), .value("haystack.agent.step.llm.input"), .value("haystack.agent.input"),
            .value("haystack.agent.step.tool.input"), .value("haystack.pipeline.input_data"),
        ],
        output: [
            .value("haystack.component.output"), .value("haystack.agent.step.llm.output"),
            .value("haystack.agent.output"), .value("haystack.agent.step.tool.output"),
            .value("haystack.pipeline.output_data"),
        ],
        names: [
            ConversationName(.tools, "haystack.agent.tools"),
            ConversationName(.toolName, "haystack.tool.name"),
            ConversationName(.toolArguments, "haystack.agent.step.tool.input"),
            ConversationName(.toolResult, "haystack.agent.step.tool.output"),
        ]
    )
}
