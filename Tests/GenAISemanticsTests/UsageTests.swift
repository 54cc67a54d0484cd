// UsageTests.swift - inclusive totals, and reported cost.

import GenAISemantics
import Testing
import TraceModel

struct UsageTests {
    @Test func `cache parts within the input leave it as it is`() throws {
        let usage = try SpanDraft([
            "gen_ai.usage.input_tokens": 130_213, "gen_ai.usage.cache_read.input_tokens": 128_955,
            "gen_ai.usage.cache_creation.input_tokens": 1253,
        ]).call().usage
        #expect(usage == TokenUsage(input: 130_213, cacheRead: 128_955, cacheWrite: 1253))
    }

    @Test func `cache parts greater than the input were counted apart`() throws {
        let usage = try SpanDraft([
            "gen_ai.usage.input_tokens": 2, "gen_ai.usage.cache_read.input_tokens": 84_562,
            "gen_ai.usage.cache_creation.input_tokens": 7096,
        ]).call().usage
        #expect(usage == TokenUsage(input: 91_660, cacheRead: 84_562, cacheWrite: 7096))
    }

    @Test(arguments: [
        (Int64(10), Int64(10), Int64(10)), (10, 11, 21), (0, 64, 64), (100, 64, 100),
        (.max - 1, .max, .max),
    ])
    func `reasoning greater than the output was counted apart`(_ output: Int64, _ part: Int64, _ total: Int64) throws {
        let usage = try SpanDraft([
            "gen_ai.usage.output_tokens": .whole(output), "gen_ai.usage.reasoning.output_tokens": .whole(part),
        ]).call().usage
        #expect(usage == TokenUsage(output: total, reasoning: part))
    }

    @Test(
        arguments: [
            ("gemini-2.5-flash", Int64(203), nil, Int64(35)), ("google/gemini-2.5-pro", 203, nil, 35),
            ("gemini-2.5-flash", 193, nil, 25), ("gemini-2.5-flash", 190, nil, 25), ("gemini-2.5-flash", 203, 4, 25),
            ("gpt-5", 203, nil, 25), ("gemini-2.0-flash", 203, nil, 25), ("models/gemini-3-pro", 203, nil, 35),
        ] as [(String, Int64, Int64?, Int64)]
    )
    func `what only the total of a Gemini model holds are its thoughts`(
        _ model: String,
        _ total: Int64,
        _ reasoning: Int64?,
        _ output: Int64
    ) throws {
        var draft: KeyValuePairs<String, DraftValue> = [
            "gen_ai.request.model": .text(model), "gen_ai.usage.input_tokens": 168,
            "gen_ai.usage.output_tokens": 25, "gen_ai.usage.total_tokens": .whole(total),
        ]
        if let reasoning {
            draft = [
                "gen_ai.request.model": .text(model), "gen_ai.usage.input_tokens": 168,
                "gen_ai.usage.output_tokens": 25, "gen_ai.usage.total_tokens": .whole(total),
                "gen_ai.usage.reasoning.output_tokens": .whole(reasoning),
            ]
        }
        #expect(try SpanDraft(draft).call().usage.output == output)
    }

    @Test func `input that is exactly its cached part stays`() throws {
        let usage = try SpanDraft([
            "gen_ai.usage.input_tokens": 10, "gen_ai.usage.cache_read.input_tokens": 10,
        ]).call().usage
        #expect(usage.input == 10)
    }

    @Test func `huge parts do not overflow`() throws {
        let usage = try SpanDraft([
            "gen_ai.usage.input_tokens": 5, "gen_ai.usage.cache_read.input_tokens": .whole(.max),
            "gen_ai.usage.cache_creation.input_tokens": .whole(.max),
        ]).call().usage
        #expect(usage.input == .max)
    }

    @Test func `an unknown total stays unknown beside known parts`() throws {
        let usage = try SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.usage.cache_read.input_tokens": 10,
        ]).call().usage
        #expect(usage == TokenUsage(cacheRead: 10))
    }

    @Test(arguments: [
        (DraftValue.real(0.0135), "0.0135"), (.whole(2), "2"), (.whole(0), "0"), (.real(0), "0"),
        (.text("0.0135"), "0.0135"), (.text("1.5e-05"), "0.000015"), (.text(#"{"doubleValue":0.25}"#), "0.25"),
    ])
    func `a reported cost is read exactly`(_ value: DraftValue, _ expected: String) throws {
        #expect(try SpanDraft(["llm.cost": value]).call().costReported?.decimal == expected)
    }

    @Test(arguments: [DraftValue.real(-0.01), .text("-1"), .text("$1"), .real(.nan), .real(1e300), .text("free")])
    func `an invalid cost falls through to the next name`(_ value: DraftValue) throws {
        let call = try SpanDraft(["llm.cost": value, "gen_ai.usage.cost": 0.5]).call()
        #expect(call.costReported == PicoUSD(decimal: "0.5"))
    }

    @Test(arguments: ["llm.cost", "gen_ai.usage.cost", "gen_ai.usage.total_cost", "llm.usage.cost"])
    func `a cost of models counts on any span`(_ key: String) throws {
        var span = SpanDraft()
        span.attributes = [(key, 0.5)]
        let reading = try span.read()
        #expect(reading.role == .other)
        #expect(reading.call?.costReported == PicoUSD(decimal: "0.5"))
    }

    @Test func `a bare cost counts only where other attributes show the role`() throws {
        #expect(try SpanDraft(["cost": 12.5, "user_id": "u", "http.route": "/checkout"]).read().call == nil)
        let tool = try SpanDraft(["cost": 12.5, "gen_ai.operation.name": "execute_tool"]).call()
        #expect(tool.costReported == PicoUSD(decimal: "12.5"))
        let model = try SpanDraft(["gen_ai.request.model": "m", "cost": 12.5]).call()
        #expect(model.costReported == PicoUSD(decimal: "12.5"))
    }

    @Test func `the plain names of a program make a complete call`() throws {
        let call = try SpanDraft([
            "llm.vendor": "openai", "llm.model": "gpt-4", "llm.tokens.input": 150, "llm.tokens.output": 200,
            "llm.cost": 0.0135,
        ]).call()
        #expect(call.role == .llm)
        #expect(call.provider == "openai")
        #expect(call.model == "gpt-4")
        #expect(call.usage == TokenUsage(input: 150, output: 200))
        #expect(call.costReported?.decimal == "0.0135")
    }
}
