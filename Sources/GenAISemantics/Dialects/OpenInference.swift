// OpenInference.swift - the kinds of OpenInference (attribute dictionary, section 4.2).

import TraceModel

extension Dialect {
    /// OpenInference.
    ///
    /// A kind of `UNKNOWN` says nothing.
    static let openInference = Dialect(
        tier: .dialect,
        names: [
            FieldName(.responseModel, "llm.response.model_name"),
            FieldName(.responseModel, "llm.model_name"),
            FieldName(.responseModel, "embedding.model_name"),
            FieldName(.responseModel, "reranker.model_name"),
            FieldName(.requestModel, "llm.request.model_name"),
            FieldName(.provider, "llm.provider"),
            FieldName(.provider, "llm.system"),
            FieldName(.inputTokens, "llm.token_count.prompt"),
            FieldName(.outputTokens, "llm.token_count.completion"),
            FieldName(.totalTokens, "llm.token_count.total"),
            FieldName(.cacheReadTokens, "llm.token_count.prompt_details.cache_read"),
            FieldName(.cacheReadTokens, "llm.token_count.prompt_details.cache_input"),
            FieldName(.cacheWriteTokens, "llm.token_count.prompt_details.cache_write"),
            // Of BeeAI.
            FieldName(.cacheReadTokens, "metadata.usage.cached_prompt_tokens", .onKnownRole),
            FieldName(.cacheWriteTokens, "metadata.usage.cached_creation_tokens", .onKnownRole),
            FieldName(.audioInputTokens, "llm.token_count.prompt_details.audio"),
            FieldName(.audioOutputTokens, "llm.token_count.completion_details.audio"),
            FieldName(.reasoningTokens, "llm.token_count.completion_details.reasoning"),
            FieldName(.cost, "llm.cost.total"),
            FieldName(.finishReasons, "llm.finish_reason"),
        ],
        kinds: [
            KindName(
                "openinference.span.kind",
                [
                    "llm": .llm,
                    "embedding": .embedding,
                    "chain": .chain,
                    "retriever": .retriever,
                    "reranker": .reranker,
                    "tool": .tool,
                    "agent": .agent,
                    "guardrail": .guardrail,
                    "evaluator": .evaluator,
                    "prompt": .prompt,
                ]
            )
        ],
        // LlamaIndex and Haystack: put the messages together, the call follows beside them.
        preparations: ["._prepare_chat_with_tools", "PromptBuilder.run", "ChatPromptBuilder.run"],
        objects: [
            ObjectName("llm.invocation_parameters", .lastOnCalls, texts: [.init(.requestModel, "model")]),
            // The answer of a provider, or LangChain's around it. No attribute has the id of the response, by which another
            // instrumentation's span shows the same call, nor always what decides the price.
            ObjectName(
                "output.value",
                .lastOnCalls,
                isAnswer: true
            ),
        ],
        content: [
            .family("llm.input_messages"),
            .family("llm.output_messages"),
            .family("llm.prompts"),
            .family("llm.choices"),
            .key("llm.function_call"),
            .family("llm.tools"),
            .key("llm.prompt_template.template"),
            .family("llm.prompt_template.variables", keeping: []),
            .key("input.value"),
            .key("output.value"),
            .key("tool.description"),
            .key("tool.parameters"),
            .key("tool.json_schema"),
            .family("retrieval.documents", keeping: ContentName.documentNames),
            .key("reranker.query"),
            .family("reranker.input_documents", keeping: ContentName.documentNames),
            .family("reranker.output_documents", keeping: ContentName.documentNames),
            .family("embedding.embeddings", keeping: []),
            .key("embedding.text"),
            .key("embedding.vector"),
        ],
        numbers: ["llm.invocation_parameters", "embedding.invocation_parameters"]
    )
}
