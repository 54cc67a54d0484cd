// MappingTests.swift - attributes of the user's own, and counts that contradict each other.

import GenAISemantics
import Testing
import TraceModel

struct MappingTests {
    private func read(_ draft: SpanDraft, _ mappings: [AttributeMapping]) throws -> SpanReading {
        var semantics = SpanSemantics(AttributeConventions(mappings: mappings))
        return try draft.read(with: &semantics)
    }

    @Test func `every field can be given by an attribute of one's own`() throws {
        let values: [(AttributeMapping.Field, DraftValue)] = [
            (.kind, "embedding"), (.operation, "embed"), (.provider, "OpenAI"), (.requestModel, "a"),
            (.responseModel, "b"), (.inputTokens, 100), (.outputTokens, 20), (.cacheReadTokens, 30),
            (.cacheWriteTokens, 10), (.reasoningTokens, 5), (.cost, "0.25"), (.responseID, "r"), (.requestID, "q"),
            (.finishReasons, "stop"), (.timeToFirstToken, 12), (.streaming, true), (.errorType, "timeout"),
            (.session, "s"), (.user, "u"),
        ]
        #expect(values.count == AttributeMapping.Field.allCases.count)
        var draft = SpanDraft()
        draft.attributes = values.map { ("acme.\($0.0.rawValue)", $0.1) }
        let reading = try read(draft, values.map { AttributeMapping(attribute: "acme.\($0.0.rawValue)", field: $0.0) })
        var call = LLMCall(role: .embedding)
        call.operation = "embed"
        call.provider = "openai"
        call.requestModel = "a"
        call.responseModel = "b"
        call.usage = TokenUsage(input: 100, output: 20, cacheRead: 30, cacheWrite: 10, reasoning: 5)
        call.costReported = PicoUSD(decimal: "0.25")
        call.responseID = "r"
        call.requestID = "q"
        call.finishReasons = FewStrings(["stop"])
        call.timeToFirstToken = 12_000_000
        call.isStreaming = true
        call.errorType = "timeout"
        #expect(reading.call == call)
        #expect(reading.session == "s")
        #expect(reading.user == "u")
        #expect(try draft.read().call == nil)
    }

    @Test func `an attribute of one's own comes before those of dialects, and values may have other names`() throws {
        let draft = SpanDraft([
            "gen_ai.request.model": "theirs", "gen_ai.operation.name": "chat", "acme.model": "mine",
            "acme.step": "LookUp",
        ])
        let mappings = [
            AttributeMapping(attribute: "acme.model", field: .requestModel),
            AttributeMapping(attribute: "acme.step", field: .kind, roles: ["Lookup": .retriever]),
        ]
        #expect(try read(draft, mappings).role == .retriever)
        #expect(try read(draft, Array(mappings.prefix(1))).call?.requestModel == "mine")
        #expect(try read(SpanDraft(["acme.step": "other", "gen_ai.operation.name": "chat"]), mappings).role == .llm)
    }

    @Test(
        arguments: [
            (2, 84_562, nil, nil, .cacheAboveInput), (100, 30, 20, 120, []), (100, 30, 20, 121, .totalMismatch),
            (100, 30, 20, 150, []), (10, 30, 20, 99, [.cacheAboveInput, .totalMismatch]),
        ] as [(Int64, Int64, Int64?, Int64?, SpanMarks)]
    )
    func `counts that contradict each other are marked`(
        _ input: Int64,
        _ cached: Int64,
        _ output: Int64?,
        _ total: Int64?,
        _ marks: SpanMarks
    ) throws {
        var draft = SpanDraft(["gen_ai.operation.name": "chat"])
        draft.attributes.append(("gen_ai.usage.input_tokens", .whole(input)))
        draft.attributes.append(("gen_ai.usage.cache_read.input_tokens", .whole(cached)))
        if let output { draft.attributes.append(("gen_ai.usage.output_tokens", .whole(output))) }
        if let total { draft.attributes.append(("gen_ai.usage.total_tokens", .whole(total))) }
        #expect(try draft.read().marks == marks)
    }

    @Test func `cached tokens that a dialect counts apart are no contradiction`() throws {
        let draft = SpanDraft(["span.type": "llm_request", "input_tokens": 2, "cache_read_tokens": 84_562])
        var named = draft
        named.name = "claude_code.llm_request"
        #expect(try named.read().marks.isEmpty)
        #expect(try named.read().call?.usage.input == 84_564)
    }
}
