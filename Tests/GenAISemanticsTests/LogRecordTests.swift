// LogRecordTests.swift - which log records are calls, which are content.

import COTLP
import GenAISemantics
import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct LogRecordTests {
    private static func classify(_ record: SampleRecord) throws -> LogRecordClass {
        let bytes = BatchStorage(copying: record.bytes)
        return try SpanDecoder().withLogRecord(bytes.bytes) { LogRecordClass($0) }
    }

    private static func call(_ record: SampleRecord) throws -> LogCall {
        guard case .call(let call) = try classify(record) else {
            throw NoCall()
        }
        return call
    }

    private struct NoCall: Error {}

    private static let claude = SampleRecord("claude_code.api_request").with(
        ("model", "claude-sonnet-4-5"),
        ("input_tokens", 2),
        ("output_tokens", 300),
        ("cache_read_tokens", 84_562),
        ("cache_creation_tokens", 100),
        ("cost_usd", 0.05),
        ("duration_ms", 1500),
        ("request_id", "req_1"),
        ("session.id", "s1")
    )

    private static func facts(_ call: LogCall) -> [String: LogCall.Value] {
        Dictionary(call.facts.map { ($0.name, $0.value) }) { $1 }
    }

    @Test func `a request of Claude Code is a call with inclusive input tokens`() throws {
        let call = try Self.call(Self.claude)
        #expect(call.event == "claude_code.api_request")
        #expect(call.session == "s1" && call.identity == "req_1")
        #expect(call.duration == 1_500_000_000)
        #expect(call.failure == nil)
        #expect(
            Self.facts(call) == [
                "gen_ai.operation.name": .text("chat"), "gen_ai.provider.name": .text("anthropic"),
                "gen_ai.request.model": .text("claude-sonnet-4-5"), "gen_ai.usage.input_tokens": .count(84_664),
                "gen_ai.usage.output_tokens": .count(300), "gen_ai.usage.cache_read.input_tokens": .count(84_562),
                "gen_ai.usage.cache_creation.input_tokens": .count(100),
            ]
        )
    }

    @Test func `names may stand in the field, in an attribute or in the body, and numbers in text`() throws {
        var inBody = SampleRecord().with(("event.name", "api_request"), ("input_tokens", "7"), ("duration_ms", "12.5"))
        inBody.body = "claude_code.api_request"
        let inAttribute = SampleRecord("event at source.rs:12").with(
            ("event.name", "claude_code.api_request"),
            ("input_tokens", "7"),
            ("duration_ms", "12.5")
        )
        for record in [inBody, inAttribute] {
            let call = try Self.call(record)
            #expect(Self.facts(call)["gen_ai.usage.input_tokens"] == .count(7))
            #expect(call.duration == 12_500_000)
            #expect(call.identity == nil && call.session == nil)
        }
    }

    @Test func `a failed request says why`() throws {
        let call = try Self.call(
            SampleRecord("claude_code.api_error").with(
                ("model", "claude-sonnet-4-5"),
                ("error", "Overloaded"),
                ("status_code", 529),
                ("duration_ms", 80)
            )
        )
        #expect(call.failure == "Overloaded")
        #expect(Self.facts(call)["error.type"] == .text("529"))
        #expect(Self.facts(call)["gen_ai.usage.input_tokens"] == nil)
    }

    /// Event, thoughts, tools, total; what input and output must be of 100 and 10.
    private static let geminiCases: [(String, Int64, Int64, Int64?, Int64, Int64)] = [
        ("gemini_cli.api_response", 5, 0, 115, 100, 15), ("gemini_cli.api_response", 5, 0, 110, 100, 10),
        ("gemini_cli.api_response", 5, 7, 122, 107, 15), ("gemini_cli.api_response", 5, 0, nil, 100, 15),
        ("qwen-code.api_response", 5, 0, 110, 100, 10), ("qwen-code.api_response", 5, 0, nil, 100, 10),
        ("qwen-code.api_response", 5, 0, 115, 100, 15),
    ]

    @Test(arguments: geminiCases)
    func `where reasoning is counted, the total of all tokens tells`(
        _ event: String,
        _ thoughts: Int64,
        _ tools: Int64,
        _ total: Int64?,
        _ input: Int64,
        _ output: Int64
    ) throws {
        var record = SampleRecord(event).with(
            ("model", "m"),
            ("input_token_count", 100),
            ("output_token_count", 10),
            ("cached_content_token_count", 40),
            ("thoughts_token_count", .whole(thoughts)),
            ("tool_token_count", .whole(tools)),
            ("session.id", "s"),
            ("prompt_id", "p")
        )
        if let total { record = record.with(("total_token_count", .whole(total))) }
        let call = try Self.call(record)
        #expect(Self.facts(call)["gen_ai.usage.input_tokens"] == .count(input))
        #expect(Self.facts(call)["gen_ai.usage.output_tokens"] == .count(output))
        #expect(Self.facts(call)["gen_ai.usage.cache_read.input_tokens"] == .count(40))
        #expect(Self.facts(call)["gen_ai.usage.reasoning.output_tokens"] == .count(thoughts))
    }

    @Test func `a failure of Gemini CLI has newer and older names`() throws {
        let newer = try Self.call(
            SampleRecord("gemini_cli.api_error").with(
                ("model_name", "gemini-2.5-pro"),
                ("error.message", "quota"),
                ("error_type", "ApiError"),
                ("duration", 20)
            )
        )
        let older = try Self.call(
            SampleRecord("gemini_cli.api_error").with(
                ("model", "gemini-2.5-pro"),
                ("error", "quota"),
                ("error_type", "ApiError"),
                ("duration_ms", 20)
            )
        )
        #expect(newer == older)
        #expect(newer.failure == "quota" && newer.duration == 20_000_000)
    }

    @Test func `of the events of a stream of Codex the one that completes it is a call`() throws {
        let event = SampleRecord("event otel.rs:9").with(
            ("event.name", "codex.sse_event"),
            ("conversation.id", "c"),
            ("model", "gpt-5-codex"),
            ("input_token_count", 100),
            ("cached_token_count", 40),
            ("output_token_count", 10),
            ("reasoning_token_count", 5),
            ("tool_token_count", 110)
        )
        let call = try Self.call(event.with(("event.kind", "response.completed")))
        #expect(call.session == "c")
        #expect(Self.facts(call)["gen_ai.usage.input_tokens"] == .count(100))
        #expect(Self.facts(call)["gen_ai.usage.output_tokens"] == .count(10))
        #expect(Self.facts(call)["gen_ai.usage.reasoning.output_tokens"] == .count(5))
        #expect(try Self.classify(event.with(("event.kind", "response.output_item.done"))) == .other)
        let failed = event.with(("event.kind", "response.failed"), ("error.message", "no"))
        #expect(try Self.call(failed).failure == "no")
    }

    @Test(arguments: [
        "gen_ai.user.message", "gen_ai.system.message", "gen_ai.assistant.message", "gen_ai.tool.message",
        "gen_ai.choice", "gen_ai.content.prompt", "gen_ai.content.completion",
        "gen_ai.client.inference.operation.details",
    ])
    func `message events are content, by whichever name`(_ name: String) throws {
        #expect(try Self.classify(SampleRecord(name)) == .content)
        #expect(try Self.classify(SampleRecord().with(("event.name", .text(name)))) == .content)
        var inBody = SampleRecord()
        inBody.body = name
        #expect(try Self.classify(inBody) == .content)
    }

    @Test(arguments: [
        "claude_code.user_prompt", "claude_code.tool_result", "gemini_cli.api_request", "codex.user_prompt",
        "gen_ai.evaluation.result", "api_request", "",
    ])
    func `other records are nothing to the collector`(_ name: String) throws {
        #expect(try Self.classify(SampleRecord(name)) == .other)
    }

    @Test func `a record happened when it was seen, where it does not say`() throws {
        func time(_ record: SampleRecord) throws -> UInt64 {
            let bytes = BatchStorage(copying: record.bytes)
            return try SpanDecoder().withLogRecord(bytes.bytes) { $0.eventTime }
        }
        var record = SampleRecord("gen_ai.choice")
        record.observed = 9
        #expect(try time(record) == record.time)
        record.time = 0
        #expect(try time(record) == 9)
    }
}
