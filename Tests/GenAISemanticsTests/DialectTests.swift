// DialectTests.swift - what each dialect says, by its specification.

import GenAISemantics
import Testing
import TraceModel

struct DialectTests {
    @Test func `OpenInference names roles, models, tokens and cost`() throws {
        let call = try SpanDraft([
            "openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-2024-08-06", "llm.system": "openai",
            "llm.provider": "azure", "llm.token_count.prompt": 100, "llm.token_count.completion": 20,
            "llm.token_count.total": 120, "llm.token_count.prompt_details.cache_read": 60,
            "llm.token_count.prompt_details.audio": 5, "llm.token_count.completion_details.reasoning": 8,
            "llm.cost.total": 0.25, "llm.finish_reason": "stop",
        ]).call()
        #expect(call.role == .llm)
        #expect(call.provider == "azure.ai.openai")
        #expect(call.responseModel == "gpt-4o-2024-08-06")
        var usage = TokenUsage(input: 100, output: 20, cacheRead: 60, reasoning: 8)
        usage.audioInput = 5
        #expect(call.usage == usage)
        #expect(call.costReported?.decimal == "0.25")
        #expect(call.finishReasons == FewStrings(["stop"]))
    }

    @Test func `OpenInference embeddings and rerankers have models of their own names`() throws {
        let embedding = try SpanDraft(["openinference.span.kind": "EMBEDDING", "embedding.model_name": "e-3"]).call()
        #expect(embedding.role == .embedding)
        #expect(embedding.model == "e-3")
        let reranker = try SpanDraft(["openinference.span.kind": "RERANKER", "reranker.model_name": "r-1"]).call()
        #expect(reranker.model == "r-1")
    }

    @Test(arguments: [
        ("ai.generateText", SpanRole.chain, true), ("ai.streamText", .chain, true),
        ("ai.generateText.doGenerate", .llm, false), ("ai.streamObject.doStream", .llm, false),
        ("ai.embedMany.doEmbed", .embedding, false), ("ai.toolCall", .tool, false),
    ])
    func `Vercel's operations tell inner spans from outer ones`(_ id: String, _ role: SpanRole, _ isSum: Bool) throws {
        let reading = try SpanDraft(["ai.operationId": .text(id), "ai.usage.inputTokens": 5]).read()
        #expect(reading.role == role)
        #expect(reading.marks.contains(.aggregateByName) == isSum)
    }

    @Test(arguments: [
        ("openai.chat", "openai"), ("anthropic.messages", "anthropic"), ("google.generative-ai", "gcp.gemini"),
        ("mistral.chat", "mistral_ai"), ("togetherai.chat", "togetherai"), ("amazon-bedrock", "aws.bedrock"),
        ("azure-openai.chat", "azure.ai.openai"),
    ])
    func `Vercel's provider is the part before the dot`(_ sent: String, _ provider: String) throws {
        let call = try SpanDraft([
            "ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": .text(sent), "ai.model.id": "m",
        ]).call()
        #expect(call.provider == provider)
        #expect(call.requestModel == "m")
    }

    @Test func `Vercel up to version 5 leaves Anthropic's cached tokens out, and those of OpenAI in`() throws {
        func usage(_ provider: String, _ more: KeyValuePairs<String, DraftValue> = [:]) throws -> TokenUsage {
            var draft = SpanDraft([
                "ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": .text(provider),
                "ai.usage.inputTokens": 1000, "ai.usage.outputTokens": 10, "ai.usage.cachedInputTokens": 300,
            ])
            draft.attributes += more.map { ($0.key, $0.value) }
            return try draft.call().usage
        }
        #expect(try usage("openai.responses").input == 1000)
        #expect(try usage("anthropic.messages").input == 1300)
        let metadata: DraftValue = #"{"anthropic":{"usage":{"cache_creation_input_tokens":200}}}"#
        let written = try usage("anthropic.messages", ["ai.response.providerMetadata": metadata])
        #expect(written.input == 1500)
        #expect(written.cacheWrite == 200)
        // Version 6 says what is in it.
        let details: KeyValuePairs<String, DraftValue> = [
            "ai.usage.inputTokenDetails.noCacheTokens": 700, "ai.usage.inputTokenDetails.cacheReadTokens": 300,
        ]
        #expect(try usage("anthropic.messages", details).input == 1000)
    }

    @Test func `Langfuse's buckets exclude each other, and go before everything else`() throws {
        let call = try SpanDraft([
            "langfuse.observation.type": "generation", "langfuse.observation.model.name": "claude-sonnet-4-5",
            "gen_ai.request.model": "other", "gen_ai.usage.input_tokens": 7,
            "langfuse.observation.usage_details": .text(
                #"{"input":5,"input_cache_read":100,"input_cache_creation":20,"output":3,"output_reasoning_tokens":4,"total":132}"#
            ),
            "langfuse.observation.cost_details": #"{"input":0.001,"output":0.002}"#,
        ]).call()
        #expect(call.model == "claude-sonnet-4-5")
        #expect(call.usage == TokenUsage(input: 125, output: 7, cacheRead: 100, cacheWrite: 20, reasoning: 4))
        #expect(call.costReported?.decimal == "0.003")
        let total = try SpanDraft([
            "langfuse.observation.type": "generation",
            "langfuse.observation.cost_details": #"{"input":1,"output":2,"total":5}"#,
        ]).call()
        #expect(total.costReported?.decimal == "5")
    }

    @Test func `Langfuse's wrapper of OpenAI sends OpenAI's object`() throws {
        let usage = try SpanDraft([
            "langfuse.observation.type": "generation",
            "langfuse.observation.usage_details": .text(
                #"{"prompt_tokens":163,"completion_tokens":61,"total_tokens":224,"prompt_tokens_details":{"cached_tokens":128},"completion_tokens_details":{"reasoning_tokens":9}}"#
            ),
        ]).call().usage
        #expect(usage == TokenUsage(input: 163, output: 61, cacheRead: 128, reasoning: 9))
    }

    @Test func `MLflow quotes its strings and sums in JSON`() throws {
        let call = try SpanDraft([
            "mlflow.spanType": #""CHAT_MODEL""#, "mlflow.llm.model": #""gpt-4o""#, "mlflow.llm.provider": #""openai""#,
            "mlflow.chat.tokenUsage": #"{"input_tokens":143,"output_tokens":47,"total_tokens":190}"#,
            "mlflow.llm.cost": #"{"input_cost":0.1,"output_cost":0.2,"total_cost":0.3}"#,
        ]).call()
        #expect(call.role == .llm)
        #expect(call.model == "gpt-4o")
        #expect(call.provider == "openai")
        #expect(call.usage == TokenUsage(input: 143, output: 47))
        #expect(call.costReported?.decimal == "0.3")
    }

    @Test func `LangSmith has kinds, models and an object of usage`() throws {
        let reading = try SpanDraft([
            "langsmith.span.kind": "llm", "langsmith.metadata.ls_provider": "anthropic",
            "langsmith.metadata.ls_model_name": "claude-x", "langsmith.metadata.thread_id": "t-1",
            "langsmith.usage_metadata": .text(
                #"{"input_tokens":100,"output_tokens":9,"total_tokens":109,"input_token_details":{"cache_read":80,"cache_creation":5}}"#
            ),
        ]).read()
        #expect(reading.session == "t-1")
        #expect(reading.call?.model == "claude-x")
        #expect(reading.call?.usage == TokenUsage(input: 100, output: 9, cacheRead: 80, cacheWrite: 5))
    }

    @Test func `LiteLLM's total is the cost, and a hit in its cache costs nothing`() throws {
        let call = try SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.cost.total_cost": 0.5, "gen_ai.cost.input_cost": 0.2,
            "gen_ai.cost.original_cost": 0.9, "litellm.call_id": "c-1",
        ]).call()
        #expect(call.costReported?.decimal == "0.5")
        #expect(call.requestID == "c-1")
        let hit = try SpanDraft([
            "gen_ai.operation.name": "chat", "litellm.cost.total": 0.5, "litellm.cache_hit": true,
        ]).call()
        #expect(hit.costReported?.decimal == "0")
    }

    @Test(arguments: [
        ("gen_ai.chat", SpanRole.llm), ("gen_ai.invoke_agent", .agent), ("gen_ai.execute_tool", .tool),
        ("gen_ai.embeddings", .embedding), ("gen_ai.handoff", .other),
    ])
    func `Sentry's operations are roles`(_ operation: String, _ role: SpanRole) throws {
        #expect(try SpanDraft(["sentry.op": .text(operation)]).read().role == role)
    }

    @Test func `Claude Code counts uncached input, under names that count on its spans alone`() throws {
        let attributes: KeyValuePairs<String, DraftValue> = [
            "model": "claude-opus-4-5", "input_tokens": 2, "output_tokens": 10, "cache_read_tokens": 1,
            "ttft_ms": 350, "stop_reason": "end_turn", "request_id": "r-1",
        ]
        var draft = SpanDraft(attributes)
        draft.name = "claude_code.llm_request"
        let call = try draft.call()
        #expect(call.role == .llm)
        #expect(call.usage == TokenUsage(input: 3, output: 10, cacheRead: 1))
        #expect(call.model == "claude-opus-4-5")
        #expect(call.timeToFirstToken == 350_000_000)
        #expect(call.requestID == "r-1")
        draft.name = "sell a car"
        #expect(try draft.read().call == nil)
    }

    @Test func `Genkit's usage stands in the output of models, which wrappers repeat`() throws {
        let output: DraftValue = #"{"message":{},"usage":{"inputTokens":12,"outputTokens":5,"totalTokens":17}}"#
        let call = try SpanDraft([
            "genkit:metadata:subtype": "model", "genkit:name": "googleai/gemini-2.5-flash", "genkit:output": output,
        ]).call()
        #expect(call.usage == TokenUsage(input: 12, output: 5))
        #expect(call.model == "googleai/gemini-2.5-flash")
        let wrapper = try SpanDraft(["genkit:metadata:subtype": "flow", "genkit:output": output]).read()
        #expect(wrapper.role == .chain)
        #expect(wrapper.call == nil)
    }

    @Test func `Haystack's usage stands in the replies of generators`() throws {
        let output: DraftValue = .text(
            #"{"replies":[{"meta":{"model":"gpt-4o","usage":{"prompt_tokens":158,"completion_tokens":64,"prompt_tokens_details":{"cached_tokens":8}}}}]}"#
        )
        let call = try SpanDraft([
            "haystack.component.type": "OpenAIChatGenerator", "haystack.component.output": output,
        ]).call()
        #expect(call.usage == TokenUsage(input: 158, output: 64, cacheRead: 8))
        #expect(call.model == "gpt-4o")
        let joiner = SpanDraft(["haystack.component.type": "AnswerBuilder", "haystack.component.output": output])
        #expect(try joiner.read().call == nil)
        var step = SpanDraft(["haystack.agent.step.llm.output": output])
        step.name = "haystack.agent.step.llm"
        #expect(try step.call().usage.input == 158)
    }

    @Test func `Gemini counts thoughts beside its candidates`() throws {
        let call = try SpanDraft([
            "gen_ai.system": "gcp.vertex.agent", "gen_ai.request.model": "gemini-2.5-pro",
            "gcp.vertex.agent.llm_response": .text(
                #"{"usage_metadata":{"prompt_token_count":10,"candidates_token_count":4,"thoughts_token_count":6,"total_token_count":20}}"#
            ),
        ]).call()
        #expect(call.usage == TokenUsage(input: 10, output: 10, reasoning: 6))
    }

    @Test func `an agent's run of Pydantic AI is known by its messages`() throws {
        let reading = try SpanDraft([
            "agent_name": "a", "model_name": "gpt-4o", "all_messages_events": "[]", "gen_ai.usage.input_tokens": 9,
            "operation.cost": 0.5,
        ]).read()
        #expect(reading.role == .agent)
        #expect(reading.call?.requestModel == "gpt-4o")
        #expect(reading.call?.costReported?.decimal == "0.5")
    }

    @Test func `a total tells whether cached tokens are inside`() throws {
        func input(_ total: Int64) throws -> Int64? {
            try SpanDraft([
                "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 10, "gen_ai.usage.cached_tokens": 50,
                "gen_ai.usage.total_tokens": .whole(total),
            ]).call().usage.input
        }
        #expect(try input(110) == 100)
        #expect(try input(160) == 150)
        // Neither: the rule of the dialect.
        #expect(try input(7) == 100)
    }

    @Test(arguments: [
        (#"{"input_tokens":5,"cache_read_input_tokens":3,"cache_creation":{"ephemeral_1h_input_tokens":0}}"#, Int64(8)),
        (#"{"input_tokens":5,"cache_read_input_tokens":3,"total_tokens":9}"#, 5),
        (#"{"inputTokens":5,"outputTokens":1,"cacheReadInputTokens":3}"#, 8),
        (#"{"input_tokens":5,"input_tokens_details":{"cached_tokens":3}}"#, 5),
        (#"{"prompt_tokens":"5","completion_tokens":1}"#, 5),
    ])
    func `objects of usage are told apart by what they hold`(_ text: String, _ input: Int64) throws {
        let draft = SpanDraft(["mlflow.spanType": "LLM", "mlflow.chat.tokenUsage": .text(text)])
        #expect(try draft.call().usage.input == input)
    }

    @Test(arguments: ["", "[]", "{", "null", #"{"input_tokens":-5}"#, #"{"input_tokens":1.5}"#, #"{"usage":{}}"#])
    func `an object that is none, or holds no counts, says nothing`(_ text: String) throws {
        let reading = try SpanDraft(["mlflow.chat.tokenUsage": .text(text)]).read()
        #expect(reading.call == nil)
    }

    @Test func `nested values are read like JSON text`() throws {
        let nested: DraftValue = ["prompt_tokens": 5, "completion_tokens": 6]
        let draft = SpanDraft(["langfuse.observation.type": "generation", "langfuse.observation.usage_details": nested])
        #expect(try draft.call().usage == TokenUsage(input: 5, output: 6))
    }

    @Test func `a tool of MCP is a tool`() throws {
        #expect(try SpanDraft(["mcp.method.name": "tools/call"]).read().role == .tool)
    }
}
