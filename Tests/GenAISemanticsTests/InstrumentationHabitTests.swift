// InstrumentationHabitTests.swift - what single instrumentations do in their own way.

import GenAISemantics
import OTLPCodec
import Testing
import TraceModel

struct InstrumentationHabitTests {
    private func read(_ span: SpanDraft, scope: String) throws -> SpanReading {
        var semantics = SpanSemantics()
        semantics.habits = Array(scope.utf8).withUnsafeBufferPointer { ScopeHabits(scopeNamed: $0) }
        return try span.read(with: &semantics)
    }

    @Test(arguments: [
        ("opentelemetry.instrumentation.bedrock", Int64(253)),
        ("opentelemetry.instrumentation.botocore.bedrock-runtime", 253), ("openlit.instrumentation.bedrock", 253),
        ("openlit.instrumentation.anthropic", 253), ("opentelemetry.instrumentation.anthropic", 157),
        ("com.anthropic.sdk.python", 157), ("", 157),
    ])
    func `some instrumentations leave cached tokens out of the input`(_ scope: String, _ input: Int64) throws {
        for provider in ["anthropic", "aws.bedrock"] {
            try check(scope, input, provider)
        }
    }

    private func check(_ scope: String, _ input: Int64, _ provider: String) throws {
        let span = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": .text(provider), "gen_ai.usage.input_tokens": 157,
            "gen_ai.usage.output_tokens": 34,
            "gen_ai.usage.total_tokens": 191, "gen_ai.usage.cache_read.input_tokens": 64,
            "gen_ai.usage.cache_creation.input_tokens": 32,
        ])
        let reading = try read(span, scope: scope)
        #expect(reading.call?.usage == TokenUsage(input: input, output: 34, cacheRead: 64, cacheWrite: 32))
        #expect(reading.marks.isEmpty)
    }

    @Test func `the same instrumentation leaves nothing out of the input of another provider`() throws {
        let span = SpanDraft([
            "openinference.span.kind": "LLM", "llm.provider": "OpenAI", "llm.token_count.prompt": 104,
            "llm.token_count.prompt_details.cache_read": 64,
        ])
        #expect(try read(span, scope: "openinference.instrumentation.agno").call?.usage.input == 104)
    }

    @Test func `Anthropic's own client names the operation of its calls`() throws {
        let scope = "com.anthropic.sdk.python"
        let session = SpanDraft(["gen_ai.request.model": "claude-sonnet-4-5"]).named("anthropic.sessions.create")
        #expect(try read(session, scope: scope).call == nil)
        let chat = SpanDraft(["gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.operation.name": "chat"])
        #expect(try read(chat, scope: scope).role == .llm)
    }

    @Test func `events of BeeAI's calls are no calls`() throws {
        let scope = "openinference.instrumentation.beeai"
        let event = SpanDraft(["openinference.span.kind": "LLM", "metadata.path": "backend.openai.chat.new_token"])
        #expect(try read(event, scope: scope).role == .chain)
        #expect(try read(event, scope: scope).call == nil)
        let call = SpanDraft([
            "openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-mini", "llm.token_count.prompt": 128,
            "metadata.usage.cached_prompt_tokens": 64,
        ])
        #expect(try read(call, scope: scope).call?.usage == TokenUsage(input: 128, cacheRead: 64))
    }

    @Test func `an agent that OpenInference calls a model is an agent`() throws {
        let span = SpanDraft([
            "openinference.span.kind": "LLM", "gen_ai.request.model": "gemini-2.5-flash",
            "gen_ai.usage.input_tokens": 120, "gen_ai.usage.output_tokens": 23,
        ])
        #expect(try span.named("invoke_agent helper").read().role == .agent)
    }

    @Test func `an agent whose sum is nothing has no usage`() throws {
        let span = SpanDraft([
            "traceloop.span.kind": "agent", "gen_ai.usage.input_tokens": 0, "gen_ai.usage.output_tokens": 0,
        ])
        #expect(try span.read().call == nil)
        #expect(try SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 0]).read().call != nil)
    }

    @Test func `a cost of nothing from OpenLIT is a price that it does not know`() throws {
        func cost(_ cost: DraftValue, scope: String) throws -> PicoUSD? {
            let span = SpanDraft([
                "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 1, "gen_ai.usage.cost": cost,
            ])
            return try read(span, scope: scope).call?.costReported
        }
        #expect(try cost(0, scope: "openlit.instrumentation.openai") == nil)
        #expect(try cost(0.5, scope: "openlit.instrumentation.openai") == PicoUSD(decimal: "0.5"))
        #expect(try cost(0, scope: "my.gateway") == PicoUSD(0))
    }

    @Test(arguments: [
        SpanDraft(["openinference.span.kind": "LLM", "llm.model_name": "m", "output.value": #"{"input_tokens":77}"#])
            .named("messages.count_tokens"),
        SpanDraft(["gen_ai.request.model": "m", "anthropic.message.count_tokens.input_tokens": 77])
            .named("anthropic.messages.count_tokens"),
        SpanDraft(["gen_ai.usage.input_tokens": 77]).named("count_tokens"),
        SpanDraft(["gen_ai.request.model": "m", "url": "/v1/messages/count_tokens?beta=true"]).named("Message"),
        SpanDraft(["openinference.span.kind": "LLM"]).named("count_tokens"),
        SpanDraft(["openinference.span.kind": "LLM"]).named("ChatPromptBuilder.run"),
        SpanDraft(["gen_ai.request.model": "m", "url": "/v1/messages/count_tokens"]).named(
            "Anthropic API call to {url!r}"
        ),
    ])
    func `to count tokens or to make a prompt is no call`(_ span: SpanDraft) throws {
        let reading = try span.read()
        #expect(reading.role == .chain)
        #expect(reading.call == nil)
    }

    @Test(arguments: ["count_tokens", "answer_and_count_tokens", "MyPromptBuilder.run"])
    func `a call that answered is one whatever its user named it`(_ name: String) throws {
        let span = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 50,
        ])
        #expect(try span.named(name).read().role == .llm)
        #expect(try SpanDraft(["gen_ai.operation.name": "chat"]).named("and_count_tokens").read().role == .llm)
    }

    @Test func `a tool that counts tokens stays a tool`() throws {
        #expect(try SpanDraft(["gen_ai.operation.name": "execute_tool"]).named("count_tokens").read().role == .tool)
    }

    @Test(arguments: [("1", nil), ("1795486313", nil), ("1795486313123", nil), ("17954863131234", "17954863131234")])
    func `a time is no id of an answer`(_ sent: String, _ id: String?) throws {
        let span = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.response.id": .text(sent)])
        #expect(try span.call().responseID == id)
    }

    @Test func `the tier and the end of an answer are read as Anthropic's own client names them`() throws {
        let call = try SpanDraft([
            "gen_ai.operation.name": "chat", "anthropic.response.service_tier": "batch",
            "anthropic.message.stop_reason": "end_turn",
        ]).call()
        #expect(call.serviceTier == "batch")
        #expect(call.finishReasons.array == ["end_turn"])
    }

    @Test(arguments: [
        ("titan-embed-text-v2:0", Int64(0), SpanRole.embedding), ("cohere.rerank-v3-5:0", 0, .reranker),
        ("titan-embed-text-v2:0", 3, .llm), ("nova-lite-v1:0", 0, .llm),
        ("unembedded", 0, .llm),
    ])
    func `a model that answers nothing tells by its name what it does`(
        _ model: String,
        _ output: Int64,
        _ role: SpanRole
    ) throws {
        let span = SpanDraft([
            "gen_ai.operation.name": "text_completion", "gen_ai.request.model": .text(model),
            "gen_ai.usage.input_tokens": 144, "gen_ai.usage.output_tokens": .whole(output),
        ])
        #expect(try span.read().role == role)
    }

    @Test func `a chat without an answer is no embedding, whatever its model is named`() throws {
        var span = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.request.model": "embedded-support"])
        #expect(try span.read().role == .llm)
        span.attributes.append(("gen_ai.usage.input_tokens", 5))
        #expect(try span.read().role == .llm)
    }

    @Test(arguments: [("gpt-4o", "openai"), ("llama3.2", "ollama")])
    func `what listens at Ollama's port is Ollama when the model is nobody's`(_ model: String, _ name: String) throws {
        let span = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": .text(model),
            "gen_ai.openai.api_base": "http://localhost:11434/v1/",
        ])
        #expect(try span.call().provider == name)
    }

    @Test(arguments: [
        ("https://api.groq.com/openai/v1/", "groq"), ("https://u:p@api.groq.com/v1", "groq"), ("a/", "openai"),
        ("https://API.X.ai/v1", "x_ai"), ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://me.openai.azure.com/openai/", "azure.ai.openai"), ("https://api.openai.com/v1/", "openai"),
        ("http://gateway.internal:4000/v1", "openai"), ("://", "openai"), ("", "openai"),
    ])
    func `the server tells whom OpenAI's client speaks to`(_ base: String, _ provider: String) throws {
        let span = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.openai.api_base": .text(base),
        ])
        #expect(try span.call().provider == provider)
    }

    @Test func `Vertex is told from Google's other service by either attribute`() throws {
        let span = SpanDraft(["openinference.span.kind": "LLM", "llm.provider": "google", "llm.system": "vertexai"])
        #expect(try span.call().provider == "gcp.vertex_ai")
        #expect(
            try SpanDraft(["openinference.span.kind": "LLM", "llm.provider": "google"]).call().provider == "gcp.gemini"
        )
    }

    private func answered(_ output: String, _ attributes: KeyValuePairs<String, DraftValue> = [:]) throws -> LLMCall {
        var span = SpanDraft(attributes)
        span.attributes += [
            ("openinference.span.kind", "LLM"), ("llm.model_name", "m"), ("output.value", .text(output)),
        ]
        return try span.call()
    }

    @Test func `an answer that OpenInference keeps whole tells what decides the price`() throws {
        let flex = try answered(#"{"object":"chat.completion","service_tier":"flex","usage":{"cost":0.25}}"#)
        #expect(flex.serviceTier == "flex")
        #expect(flex.costReported == PicoUSD(decimal: "0.25"))
        let image = try answered(#"{"created":1,"data":[],"usage":{"input_tokens":149,"output_tokens":235}}"#)
        #expect(image.usage == TokenUsage(input: 149, output: 235))
        let bedrock = try answered(
            #"{"stop_reason":"x","usage":{"cache_read_input_tokens":64,"cache_creation_input_tokens":32}}"#,
            ["llm.token_count.prompt": 223, "llm.token_count.completion": 9]
        )
        #expect(bedrock.usage == TokenUsage(input: 223, output: 9, cacheRead: 64, cacheWrite: 32))
    }

    @Test func `parts of the input in an answer of LangChain explain a total`() throws {
        let usage = #"{"input_tokens":269,"input_token_details":{"cache_creation":32,"cache_read":64}}"#
        let call = try answered(
            #"{"generations":[[{"message":{"kwargs":{"usage_metadata":\#(usage)}}}]]}"#,
            ["llm.token_count.prompt": 173, "llm.token_count.completion": 34, "llm.token_count.total": 303]
        )
        #expect(call.usage == TokenUsage(input: 269, output: 34, cacheRead: 64, cacheWrite: 32))
    }

    @Test func `LangSmith tells the parts of the input beside it`() throws {
        let call = try SpanDraft([
            "langsmith.span.kind": "llm", "gen_ai.usage.input_tokens": 152, "gen_ai.usage.output_tokens": 20,
            "langsmith.metadata.usage_metadata":
                #"{"input_tokens":152,"input_token_details":{"cache_read":64},"output_token_details":{"reasoning":10}}"#,
        ]).call()
        #expect(call.usage == TokenUsage(input: 152, output: 20, cacheRead: 64, reasoning: 10))
    }

    @Test func `tokens written for an hour are tokens written`() throws {
        let details = #"{"cache_creation":0,"ephemeral_5m_input_tokens":32,"ephemeral_1h_input_tokens":16}"#
        let call = try answered(
            #"{"generations":[[{"message":{"kwargs":{"usage_metadata":{"input_token_details":\#(details)}}}}]]}"#,
            ["llm.token_count.prompt": 224, "llm.token_count.completion": 24, "llm.token_count.total": 248]
        )
        #expect(call.usage.cacheWrite == 48)
        #expect(call.usage.cacheWriteOneHour == 16)
        #expect(call.usage.input == 224)
    }

    @Test(arguments: [
        #"{"usage":{"input_tokens":7,"output_tokens":8,"cost":9},"service_tier":"flex"}"#,
        #"{"object":"bill","usage":{"input_tokens":7,"output_tokens":8,"cost":900},"service_tier":"flex"}"#,
        #"{"created":"yesterday","choices":["a"],"data":1,"usage":{"input_tokens":7,"output_tokens":8}}"#,
        #"{"stop_reason":"x","usage":7,"candidates":[],"generations":[[]],"text":"x"}"#,
    ])
    func `what a model answered as JSON of its own tells no tokens`(_ output: String) throws {
        let call = try answered(output)
        #expect(!call.usage.isKnown)
        #expect(call.costReported == nil)
        #expect(call.serviceTier == nil)
    }

    @Test(arguments: [
        #"{"id":"chatcmpl-1","object":"chat.completion","service_tier":"flex","usage":{"cost":"0.25"}}"#,
        #"{"created":1,"data":[],"usage":{"input_tokens":"100","output_tokens":5,"input_tokens_details":{"image_tokens":1}}}"#,
        #"{"stop_reason":"x","usage":{"cache_creation":null,"cache_read_input_tokens":64,"input_tokens":100,"output_tokens":5,"service_tier":null}}"#,
        #"{"stop_reason":"x","usage":{"cache_creation_input_tokens":0,"cache_read_input_tokens":64,"input_tokens":100,"output_tokens":5,"total_tokens":null}}"#,
        #"{"text":"hi","usage":{"type":"tokens","input_tokens":119,"output_tokens":36,"input_token_details":{"audio_tokens":109}}}"#,
        #"{"created":1,"data":[],"usage":{"input":100,"output":5,"input_images":7}}"#,
        #"{"candidates":[],"usage_metadata":{"cached_content_token_count":64}}"#,
        #"{"generations":[[{"message":{"kwargs":{"usage_metadata":{"input_token_details":{"cache_creation":0,"ephemeral_1h_input_tokens":16}}}}}]]}"#,
        #"{"object":"response","service_tier":"MyPassword","usage":"Insomnia"}"#,
    ])
    func `what stays of an answer without its words is read like the whole one`(_ output: String) throws {
        let whole = try answered(output)
        var json: [UInt8] = []
        if let facts = Array(output.utf8).withUnsafeBufferPointer(AnswerFacts.kept) { json.appendJSON(facts) }
        let kept = String(decoding: json, as: UTF8.self)
        #expect(try answered(kept) == whole)
        #expect(!kept.contains("MyPassword") && !kept.contains("Insomnia"))
        let totals: KeyValuePairs<String, DraftValue> = [
            "llm.token_count.prompt": 300, "llm.token_count.completion": 9,
        ]
        #expect(try answered(kept, totals) == answered(output, totals))
    }
}

extension SpanDraft {
    fileprivate func named(_ name: String) -> SpanDraft {
        var copy = self
        copy.name = name
        return copy
    }
}
