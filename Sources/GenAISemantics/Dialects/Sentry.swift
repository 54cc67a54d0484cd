// Sentry.swift - what Sentry names (attribute dictionary, section 4.9).

import TraceModel

extension Dialect {
    /// Sentry.
    static let sentry = Dialect(
        tier: .dialect,
        kinds: [
            KindName(
                "sentry.op",
                [
                    "gen_ai.chat": .llm,
                    "gen_ai.responses": .llm,
                    "gen_ai.messages": .llm,
                    "gen_ai.text_completion": .llm,
                    "gen_ai.generate_content": .llm,
                    "gen_ai.generate_text": .llm,
                    "gen_ai.stream_text": .llm,
                    "gen_ai.generate_object": .llm,
                    "gen_ai.stream_object": .llm,
                    "gen_ai.embeddings": .embedding,
                    "gen_ai.embed": .embedding,
                    "gen_ai.rerank": .reranker,
                    "gen_ai.invoke_agent": .agent,
                    "gen_ai.create_agent": .agent,
                    "gen_ai.execute_tool": .tool,
                    "gen_ai.pipeline": .chain,
                    "gen_ai.handoff": .other,
                ]
            )
        ],
        content: [
            .key("gen_ai.request.messages"),
            .key("gen_ai.request.available_tools"),
            .key("gen_ai.response.text"),
            .key("gen_ai.response.tool_calls"),
            .key("gen_ai.response.object"),
            .key("gen_ai.tool.input"),
            .key("gen_ai.tool.output"),
            .key("gen_ai.tool.message"),
            .key("gen_ai.embeddings.input"),
        ]
    )
}
