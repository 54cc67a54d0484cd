// StreamedRequestTests.swift - of the two spans that Logfire makes of a streamed call, one is the call.

import GenAISemantics
import Testing
import TraceModel

struct StreamedRequestTests {
    /// The request span as Logfire 5 writes it: the model of the answer is a copy of the one asked for.
    private func request(_ data: DraftValue, _ more: KeyValuePairs<String, DraftValue> = [:]) -> SpanDraft {
        var span = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.response.model": "gpt-4o-mini", "gen_ai.input.messages": #"[{"role":"user","parts":[]}]"#,
            "logfire.span_type": "span",
        ])
        span.attributes.append(("request_data", data))
        span.attributes += more.map { ($0.key, $0.value) }
        return span
    }

    static let streams: [DraftValue] = [
        .text(#"{"model":"gpt-4o-mini"}"#),
        .text(#"{"model":"gpt-4o-mini","stream":true}"#),
        .text(#"{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#),
        .map([("model", "gpt-4o-mini"), ("stream", true)]),
        // Emptied where content is not kept.
        .empty,
    ]

    @Test(arguments: streams)
    func `the request of a stream is a step, and no call`(_ data: DraftValue) throws {
        let reading = try request(data).read()
        #expect(reading.role == .chain)
        #expect(reading.call == nil)
    }

    @Test func `earlier releases name no operation`() throws {
        var span = SpanDraft([
            "gen_ai.request.model": "gpt-4o", "logfire.span_type": "span",
            "request_data": #"{"model":"gpt-4o","stream":true,"messages":[]}"#,
        ])
        #expect(try span.read().call == nil)
        span.attributes[2].1 = #"{"model":"gpt-4o"}"#
        #expect(try span.read().call?.requestModel == "gpt-4o")
    }

    @Test func `the span that ends with the answer is the call`() throws {
        var span = request(
            #"{"model":"gpt-4o-mini"}"#,
            [
                "duration": 0.03, "gen_ai.output.messages": "[]", "gen_ai.usage.input_tokens": 131,
                "gen_ai.usage.output_tokens": 25,
            ]
        )
        span.attributes.append(("logfire.span_type", "log"))
        #expect(try span.call().usage == TokenUsage(input: 131, output: 25))
    }

    @Test func `the answer of a stream that tells no usage is a call without it`() throws {
        var span = request(#"{"model":"gpt-4o-mini","stream":true}"#)
        span.attributes.append(("logfire.span_type", "log"))
        let call = try span.call()
        #expect(call.role == .llm)
        #expect(call.usage == TokenUsage())
    }

    @Test func `a request that failed is a call, since nothing else shows it`() throws {
        var span = request(#"{"model":"gpt-4o-mini","stream":true}"#)
        span.statusCode = 2
        span.statusMessage = "Error code: 400"
        #expect(try span.call().errorType == "Error code: 400")
    }

    static let answers: [(String, DraftValue)] = [
        ("gen_ai.response.id", "chatcmpl-1"), ("gen_ai.usage.input_tokens", 131), ("gen_ai.usage.output_tokens", 0),
        ("operation.cost", 0.5), ("response_data", "{}"), ("gen_ai.output.messages", .empty),
        ("gen_ai.response.finish_reasons", #"["stop"]"#),
    ]

    @Test(arguments: answers)
    func `whatever an answer brings makes a call`(_ key: String, _ value: DraftValue) throws {
        var span = request(#"{"model":"gpt-4o-mini"}"#)
        span.attributes.append((key, value))
        #expect(try span.call().role == .llm)
    }

    @Test(arguments: [
        #"{"model":"gpt-4o-mini","stream":false}"#, #"{"model":"gpt-4o-mini","messages":[]}"#,
        #"{"model":"gpt-4o-mini","stream":tr"#, "[redacted]",
    ])
    func `what does not ask for a stream is a call`(_ data: String) throws {
        #expect(try request(.text(data)).call().role == .llm)
    }

    @Test func `spans that are not of Logfire's instrumentation are calls`() throws {
        var span = request(#"{"model":"gpt-4o-mini","stream":true}"#)
        span.attributes.removeAll { $0.0 == "logfire.span_type" }
        #expect(try span.call().role == .llm)
        // Pydantic AI sends through Logfire as well.
        span.attributes = [
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m"), ("logfire.span_type", "span"),
        ]
        #expect(try span.call().role == .llm)
    }

    @Test func `embeddings have no stream`() throws {
        var span = request(#"{"model":"text-embedding-3-small"}"#)
        span.attributes.append(("gen_ai.operation.name", "embeddings"))
        #expect(try span.call().role == .embedding)
    }

    @Test func `raw usage adds the parts that attributes leave out`() throws {
        func usage(_ raw: String, _ more: KeyValuePairs<String, DraftValue> = [:]) throws -> TokenUsage {
            var span = SpanDraft([
                "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 197, "gen_ai.usage.output_tokens": 27,
                "gen_ai.usage.raw": .text(raw),
            ])
            span.attributes += more.map { ($0.key, $0.value) }
            return try span.call().usage
        }
        let chat =
            #"{"completion_tokens":27,"prompt_tokens":197,"prompt_tokens_details":{"cached_tokens":64},"#
            + #""completion_tokens_details":{"reasoning_tokens":8}}"#
        #expect(try usage(chat) == TokenUsage(input: 197, output: 27, cacheRead: 64, reasoning: 8))
        let responses =
            #"{"input_tokens":197,"input_tokens_details":{"cached_tokens":64},"output_tokens":27,"#
            + #""output_tokens_details":{"reasoning_tokens":8},"total_tokens":224}"#
        #expect(try usage(responses) == TokenUsage(input: 197, output: 27, cacheRead: 64, reasoning: 8))
        // The input of the attributes holds what Anthropic counts beside its own.
        let messages =
            #"{"cache_creation_input_tokens":32,"cache_read_input_tokens":64,"input_tokens":101,"#
            + #""output_tokens":27,"service_tier":"standard"}"#
        #expect(try usage(messages) == TokenUsage(input: 197, output: 27, cacheRead: 64, cacheWrite: 32))
        let stated = try usage(chat, ["gen_ai.usage.cache_read.input_tokens": 60])
        #expect(stated == TokenUsage(input: 197, output: 27, cacheRead: 60, reasoning: 8))
        #expect(try usage("no JSON") == TokenUsage(input: 197, output: 27))
    }
}
