// ContentKeysTests.swift - which attributes hold content.

import Foundation
import GenAISemantics
import Testing

struct ContentKeysTests {
    private func kind(_ key: String) -> AttributeKind {
        Array(key.utf8).withUnsafeBytes { ContentKeys.standard.kind(of: $0) }
    }

    @Test(arguments: [
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.retrieval.query.text",
        "gen_ai.retrieval.documents", "gen_ai.memory.records", "gen_ai.prompt", "gen_ai.completion",
        "gen_ai.prompt.0.content", "gen_ai.prompt.12.tool_calls.3.arguments", "gen_ai.completion.0.reasoning",
        "gen_ai.prompt.variable.name", "llm.request.functions.0.parameters", "llm.request.functions.0.description",
        "llm.input_messages.3.message.content", "llm.output_messages.0.message.contents.1.message_content.text",
        "llm.input_messages.0.message.tool_calls.0.tool_call.function.arguments", "llm.prompts.0.prompt.text",
        "llm.prompts", "llm.choices.0.completion.text", "input.value", "output.value", "llm.tools.0.tool.json_schema",
        "retrieval.documents.0.document.content", "retrieval.documents.0.document.metadata", "reranker.query",
        "embedding.embeddings.0.embedding.text", "embedding.embeddings.0.embedding.vector",
        "llm.prompt_template.variables", "traceloop.entity.input", "traceloop.entity.output",
        "llm.content.completion.chunk", "ai.prompt", "ai.prompt.messages", "ai.prompt.tools", "ai.values",
        "ai.response.text", "ai.response.toolCalls", "ai.toolCall.args", "ai.toolCall.result", "ai.result.text",
        "langfuse.observation.input", "langfuse.observation.output", "langfuse.trace.input", "mlflow.spanInputs",
        "mlflow.spanOutputs", "mlflow.chat.tools", "mlflow.traceInputs", "pydantic_ai.all_messages",
        "all_messages_events", "final_result", "model_request_parameters", "tool_arguments", "tool_response", "events",
        "gen_ai.request.messages", "gen_ai.response.text", "gen_ai.tool.input", "gen_ai.embeddings.input",
        "genkit:input", "genkit:output", "haystack.component.input", "haystack.agent.step.llm.output",
        "haystack.pipeline.input_data", "gcp.vertex.agent.llm_request", "gcp.vertex.agent.tool_response",
        "lk.chat_ctx", "lk.response.text", "lk.function_tool.output", "input", "output", "content", "message",
        "tool.result", "request_data", "response_data", "raw_input", "request", "response",
        "llm.openai.messages", "llm.anthropic.system", "llm.openai.choices", "llm.None.input", "llm.headers",
    ])
    func `messages, arguments, results and documents are content`(_ key: String) {
        #expect([.content, .answer, .facts].contains(kind(key)))
    }

    @Test(arguments: [
        "gen_ai.usage.input_tokens", "gen_ai.request.model", "gen_ai.response.id", "gen_ai.response.finish_reasons",
        "gen_ai.prompt.0.role", "gen_ai.prompt.name", "gen_ai.completion.0.finish_reason",
        "gen_ai.completion.0.tool_calls.0.name", "gen_ai.completion.0.tool_calls.0.id", "gen_ai.tool.name",
        "gen_ai.tool.call.id", "llm.input_messages.0.message.role", "llm.token_count.prompt", "llm.tokens.input",
        "llm.tokens.output", "llm.cost.prompt", "llm.cost", "llm.model", "llm.system",
        "retrieval.documents.0.document.id",
        "retrieval.documents.0.document.score", "embedding.model_name", "ai.model.id", "ai.usage.promptTokens",
        "ai.toolCall.name", "langfuse.observation.type", "langfuse.session.id", "mlflow.spanType", "session.id",
        "user.id", "http.url", "", ".", "gen_ai.", "gen_ai.promptx.0.content", "service.name", "tool.name",
        "haystack.component.input_types",
    ])
    func `numbers, names, roles and ids are none`(_ key: String) {
        #expect(kind(key) != .content)
    }

    @Test func `JSON with numbers and names that are read are told apart`() {
        #expect(kind("langfuse.observation.usage_details") == .numbers)
        #expect(kind("mlflow.chat.tokenUsage") == .numbers)
        #expect(kind("gen_ai.usage.raw") == .numbers)
        #expect(kind("gen_ai.request.model") == .name)
        #expect(kind("exception.type") == .name)
        #expect(kind("whatever") == .other)
    }

    @Test(arguments: [
        ("user.email", "user.email", true), ("user.email", "user.emails", false), ("user.*", "user.email", true),
        ("*.email", "a.b.email", true), ("*.email", "email", false), ("a*b*c", "a-b-c", true), ("a*b*c", "ac", false),
        ("a*a", "a", false), ("*token*", "my_token_2", true), ("*token*", "tok", false), ("**", "", true),
        ("a*bc*c", "abcc", true), ("a*bc*c", "abc", false),
    ])
    func `a star in a form stands for any bytes`(_ form: String, _ key: String, _ isMatch: Bool) {
        #expect(Array(key.utf8).withUnsafeBytes { KeyForm(form).matches($0) } == isMatch)
    }
}
