// Haystack.swift - what Haystack names (attribute dictionary, section 4.11).

import TraceModel

extension Dialect {
    /// Haystack: usage stands only inside what a component gave out, which outer components repeat.
    static let haystack = Dialect(
        tier: .dialect,
        kinds: [
            KindName(
                "haystack.component.type",
                [
                    "*Generator": .llm,
                    "*Embedder": .embedding,
                    "*Retriever": .retriever,
                    "*Ranker": .reranker,
                    "*Agent": .agent,
                    "*ToolInvoker": .tool,
                    "*PromptBuilder": .prompt,
                    "": .chain,
                ]
            ),
            KindName("haystack.pipeline.input_data", ["": .chain]),
            KindName("haystack.tool.name", ["": .tool]),
        ],
        spanNames: [
            "haystack.agent.run": .agent,
            "haystack.agent.step": .chain,
            "haystack.agent.step.llm": .llm,
            "haystack.agent.step.tool": .tool,
            "haystack.pipeline.run": .chain,
            "haystack.async_pipeline.run": .chain,
        ],
        objects: [
            ObjectName(
                "haystack.component.output",
                .lastOnCalls,
                usage: ["replies", "*", "meta", "usage"],
                texts: [.init(.responseModel, "replies", "*", "meta", "model")]
            ),
            ObjectName(
                "haystack.agent.step.llm.output",
                .lastOnCalls,
                usage: ["replies", "*", "meta", "usage"],
                texts: [.init(.responseModel, "replies", "*", "meta", "model")]
            ),
            // Of generators that answer plain text, and of embedders.
            ObjectName("haystack.component.output", .lastOnCalls, usage: ["meta", "*", "usage"]),
            ObjectName(
                "haystack.component.output",
                .lastOnCalls,
                usage: ["meta", "usage"],
                texts: [.init(.responseModel, "meta", "model")]
            ),
        ],
        content: [
            .key("haystack.pipeline.input_data"),
            .key("haystack.pipeline.output_data"),
            .key("haystack.agent.tools"),
            .key("haystack.tool.description"),
            .form("haystack.*.input"),
            .form("haystack.*.output"),
        ]
    )
}
