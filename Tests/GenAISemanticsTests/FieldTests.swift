// FieldTests.swift - each field of the call under each of its names.

import GenAISemantics
import Testing
import TraceModel

/// One name under which a field is sent.
struct NamedText: Sendable, CustomTestStringConvertible {
    let key: String
    let field: @Sendable (LLMCall) -> String?
    var testDescription: String { key }

    init(_ key: String, _ field: @escaping @Sendable (LLMCall) -> String?) {
        self.key = key
        self.field = field
    }
}

/// One name under which a count is sent.
struct NamedCount: Sendable, CustomTestStringConvertible {
    let key: String
    let field: @Sendable (TokenUsage) -> Int64?
    var testDescription: String { key }

    init(_ key: String, _ field: @escaping @Sendable (TokenUsage) -> Int64?) {
        self.key = key
        self.field = field
    }
}

struct FieldTests {
    static let texts: [NamedText] = [
        NamedText("gen_ai.operation.name") { $0.operation },
        NamedText("gen_ai.request.model") { $0.requestModel },
        NamedText("gen_ai.response.model") { $0.responseModel },
        NamedText("llm.model") { $0.responseModel },
        NamedText("llm.model") { $0.requestModel },
        NamedText("gen_ai.response.id") { $0.responseID },
        NamedText("anthropic.request.id") { $0.requestID },
        NamedText("request_id") { $0.requestID },
        NamedText("litellm.call_id") { $0.requestID },
        NamedText("gen_ai.provider.name") { $0.provider },
        NamedText("gen_ai.system") { $0.provider },
        NamedText("llm.vendor") { $0.provider },
        NamedText("error.type") { $0.errorType },
    ]

    static let counts: [NamedCount] = [
        NamedCount("gen_ai.usage.input_tokens") { $0.input },
        NamedCount("gen_ai.usage.prompt_tokens") { $0.input },
        NamedCount("llm.tokens.input") { $0.input },
        NamedCount("gen_ai.aggregated_usage.input_tokens") { $0.input },
        NamedCount("gen_ai.usage.output_tokens") { $0.output },
        NamedCount("gen_ai.usage.completion_tokens") { $0.output },
        NamedCount("llm.tokens.output") { $0.output },
        NamedCount("gen_ai.aggregated_usage.output_tokens") { $0.output },
        NamedCount("gen_ai.usage.cache_read.input_tokens") { $0.cacheRead },
        NamedCount("gen_ai.usage.cache_read_input_tokens") { $0.cacheRead },
        NamedCount("gen_ai.usage.input_cached_tokens") { $0.cacheRead },
        NamedCount("gen_ai.usage.cached_tokens") { $0.cacheRead },
        NamedCount("gen_ai.usage.cache_creation.input_tokens") { $0.cacheWrite },
        NamedCount("gen_ai.usage.cache_creation_input_tokens") { $0.cacheWrite },
        NamedCount("gen_ai.usage.reasoning.output_tokens") { $0.reasoning },
        NamedCount("gen_ai.usage.reasoning_tokens") { $0.reasoning },
    ]

    @Test(arguments: texts)
    func `each name of a text field is read`(_ name: NamedText) throws {
        var span = SpanDraft(["openinference.span.kind": "LLM"])
        span.attributes.append((name.key, "value-of-the-field"))
        #expect(try name.field(span.call()) == "value-of-the-field")
    }

    @Test(arguments: counts)
    func `each name of a count is read`(_ name: NamedCount) throws {
        var span = SpanDraft(["openinference.span.kind": "LLM"])
        span.attributes.append((name.key, 42))
        #expect(try name.field(span.call().usage) == 42)
    }

    @Test func `a span without any known attribute says nothing`() throws {
        let reading = try SpanDraft(["http.request.method": "GET", "a": 1, "": "empty key"]).read()
        #expect(reading == .init())
    }

    @Test func `a reader keeps nothing of the span before`() throws {
        var semantics = SpanSemantics()
        let full = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 7, "user.id": "u", "session.id": "s",
            "logfire.span_type": "pending_span",
        ])
        #expect(try full.read(with: &semantics).call?.usage.input == 7)
        #expect(try SpanDraft(["x": "y"]).read(with: &semantics) == .init())
        // Better names of the span before must not outlive it.
        let plain = SpanDraft(["llm.vendor": "groq", "llm.tokens.input": 7, "llm.model": "m"])
        #expect(try plain.read(with: &semantics).call?.usage.input == 7)
        let other = try SpanDraft(["gen_ai.usage.input_tokens": 3, "gen_ai.system": "openai"]).read(with: &semantics)
        #expect(other.call?.usage.input == 3)
        #expect(other.call?.provider == "openai")
        let sparse = try SpanDraft(["gen_ai.operation.name": "chat"]).read(with: &semantics)
        #expect(sparse.call?.usage == TokenUsage())
        #expect(sparse.user == nil)
        #expect(sparse.marks == [])
    }

    @Test func `of two attributes with one key the last wins`() throws {
        var span = SpanDraft(["gen_ai.request.model": "first", "gen_ai.request.model": "second"])
        #expect(try span.call().requestModel == "second")
        span.attributes.append(("gen_ai.request.model", .empty))
        #expect(try span.read().call == nil)
    }

    @Test func `a value that refers to a string table is absent and marked`() throws {
        var span = SpanDraft(["gen_ai.request.model": "m"])
        span.attributes.append(("gen_ai.request.model", .stringIndex(3)))
        let reading = try span.read()
        #expect(reading.marks == .stringIndexIgnored)
        #expect(reading.call?.requestModel == "m")
    }

    @Test func `long text is cut between characters`() throws {
        let model = String(repeating: "é", count: 200)
        #expect(try SpanDraft(["gen_ai.request.model": .text("x" + model)]).call().requestModel?.utf8.count == 255)
    }
}
