// RoleTests.swift - what a span does, and when it carries a call.

import GenAISemantics
import Testing
import TraceModel

struct RoleTests {
    static let stated: [(String, String, SpanRole)] = [
        ("gen_ai.operation.name", "chat", .llm), ("gen_ai.operation.name", "text_completion", .llm),
        ("gen_ai.operation.name", "generate_content", .llm), ("gen_ai.operation.name", "embeddings", .embedding),
        ("gen_ai.operation.name", "execute_tool", .tool), ("gen_ai.operation.name", "retrieval", .retriever),
        ("gen_ai.operation.name", "invoke_agent", .agent), ("gen_ai.operation.name", "create_agent", .agent),
        ("gen_ai.operation.name", "invoke_workflow", .chain), ("gen_ai.operation.name", "rerank", .reranker),
        ("gen_ai.operation.name", "plan", .other), ("gen_ai.operation.name", "search_memory", .other),
        ("gen_ai.operation.name", "CHAT", .llm),
        ("openinference.span.kind", "LLM", .llm), ("openinference.span.kind", "EMBEDDING", .embedding),
        ("openinference.span.kind", "CHAIN", .chain), ("openinference.span.kind", "RETRIEVER", .retriever),
        ("openinference.span.kind", "RERANKER", .reranker), ("openinference.span.kind", "TOOL", .tool),
        ("openinference.span.kind", "AGENT", .agent), ("openinference.span.kind", "GUARDRAIL", .guardrail),
        ("openinference.span.kind", "EVALUATOR", .evaluator), ("openinference.span.kind", "PROMPT", .prompt),
        ("openinference.span.kind", "Agent", .agent), ("openinference.span.kind", "UNKNOWN", .other),
        ("traceloop.span.kind", "workflow", .chain), ("traceloop.span.kind", "task", .chain),
        ("traceloop.span.kind", "agent", .agent), ("traceloop.span.kind", "tool", .tool),
        ("llm.request.type", "chat", .llm), ("llm.request.type", "completion", .llm),
        ("llm.request.type", "embedding", .embedding), ("llm.request.type", "rerank", .reranker),
        ("llm.request.type", "unknown", .other),
    ]

    @Test(arguments: stated)
    func `each dialect's kinds become roles`(_ key: String, _ value: String, _ role: SpanRole) throws {
        var span = SpanDraft()
        span.attributes = [(key, .text(value))]
        let reading = try span.read()
        #expect(reading.role == role)
        #expect((reading.call != nil) == role.isProviderCall)
    }

    @Test func `an unknown operation leaves the word to other dialects`() throws {
        let span = SpanDraft(["traceloop.span.kind": "task", "gen_ai.operation.name": "vector_db_retrieve"])
        #expect(try span.read().role == .chain)
    }

    @Test func `a current operation wins over a dialect's kind`() throws {
        let span = SpanDraft(["openinference.span.kind": "CHAIN", "gen_ai.operation.name": "chat"])
        #expect(try span.read().role == .llm)
    }

    @Test(arguments: ["gen_ai.usage.input_tokens", "gen_ai.usage.completion_tokens", "llm.tokens.output"])
    func `usage without a kind is a call of a model`(_ key: String) throws {
        var span = SpanDraft()
        span.attributes = [(key, 3)]
        #expect(try span.call().role == .llm)
    }

    @Test(arguments: ["gen_ai.request.model", "gen_ai.response.model", "llm.model"])
    func `a model without a kind is a call of it`(_ key: String) throws {
        var span = SpanDraft()
        span.attributes = [(key, "gpt-4o")]
        #expect(try span.call().role == .llm)
        span.attributes = [(key, "")]
        #expect(try span.read().role == .other)
    }

    @Test(arguments: [("execute_tool", SpanRole.tool), ("plan", .other), ("invoke_agent", .agent)])
    func `a span with a kind keeps it beside usage`(_ operation: String, _ role: SpanRole) throws {
        let call = try SpanDraft(["gen_ai.operation.name": .text(operation), "gen_ai.usage.input_tokens": 5]).call()
        #expect(call.role == role)
        #expect(call.usage.input == 5)
    }

    @Test func `an agent without usage and cost carries no call`() throws {
        let span = SpanDraft(["gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "gpt-4o"])
        #expect(try span.read().call == nil)
    }

    @Test func `aggregated usage is read and marked`() throws {
        let reading = try SpanDraft([
            "gen_ai.operation.name": "invoke_agent", "gen_ai.aggregated_usage.input_tokens": 958,
            "gen_ai.aggregated_usage.output_tokens": 158, "gen_ai.aggregated_usage.cache_read.input_tokens": 256,
        ]).read()
        #expect(reading.marks == .aggregateByName)
        #expect(reading.call?.usage == TokenUsage(input: 958, output: 158, cacheRead: 256))
    }

    @Test func `aggregated usage is not mixed with a span's own`() throws {
        let reading = try SpanDraft([
            "gen_ai.usage.input_tokens": 10, "gen_ai.aggregated_usage.input_tokens": 50,
            "gen_ai.aggregated_usage.output_tokens": 60,
        ]).read()
        #expect(reading.marks == .aggregateByName)
        #expect(reading.call?.usage == TokenUsage(input: 10))
    }

    @Test func `aggregated usage alone does not make a call of a model`() throws {
        let reading = try SpanDraft(["gen_ai.aggregated_usage.input_tokens": 50]).read()
        #expect(reading.role == .agent)
        #expect(reading.call?.carriesUsage == true)
    }

    @Test func `a pending span is marked, a finished one is not`() throws {
        #expect(try SpanDraft(["logfire.span_type": "pending_span"]).read().marks == .pending)
        #expect(try SpanDraft(["logfire.span_type": "span"]).read().marks == [])
    }
}
