// PrecedenceTests.swift - which of several names wins, and what counts as valid.

import GenAISemantics
import Testing
import TraceModel

struct PrecedenceTests {
    @Test func `plain names that the user set win over current ones`() throws {
        let call = try SpanDraft([
            "gen_ai.provider.name": "openai", "llm.vendor": "anthropic",
            "gen_ai.usage.input_tokens": 1, "llm.tokens.input": 2,
            "gen_ai.usage.cost": 0.1, "llm.cost": 0.2,
        ]).call()
        #expect(call.provider == "anthropic")
        #expect(call.usage.input == 2)
        #expect(call.costReported == PicoUSD(decimal: "0.2"))
    }

    @Test func `current names win over deprecated ones, wherever they stand`() throws {
        let call = try SpanDraft([
            "gen_ai.usage.prompt_tokens": 1, "gen_ai.usage.input_tokens": 2,
            "gen_ai.usage.output_tokens": 4, "gen_ai.usage.completion_tokens": 3,
            "gen_ai.system": "openai", "gen_ai.provider.name": "groq",
        ]).call()
        #expect(call.usage.input == 2)
        #expect(call.usage.output == 4)
        #expect(call.provider == "groq")
    }

    @Test func `the model that answered wins over the plain model name`() throws {
        let call = try SpanDraft(["llm.model": "plain", "gen_ai.response.model": "r", "gen_ai.request.model": "q"])
            .call()
        #expect(call.responseModel == "r")
        #expect(call.requestModel == "q")
    }

    @Test func `several names of one number are one number`() throws {
        let usage = try SpanDraft([
            "gen_ai.usage.input_tokens": 100, "gen_ai.usage.cache_read.input_tokens": 60,
            "gen_ai.usage.input_cached_tokens": 60, "gen_ai.usage.cached_tokens": 60,
        ]).call().usage
        #expect(usage == TokenUsage(input: 100, cacheRead: 60))
    }

    @Test(arguments: [
        DraftValue.whole(-1), .real(-0.5), .real(1.5), .real(.nan), .real(.infinity), .real(0x1p63), .text("many"),
        .text(""), .text("0x10"), .text("nan"), .text("-3"), .text("9223372036854775808"), .truth(true), .list([5]),
        .text(#"{"other":12}"#), .text(#"{"intValue":}"#), .text("{"), .text("\""), .text("{\"intValue\""), .empty,
    ])
    func `an invalid number falls through to the next name`(_ value: DraftValue) throws {
        let usage = try SpanDraft(["gen_ai.usage.input_tokens": value, "gen_ai.usage.prompt_tokens": 9]).call().usage
        #expect(usage.input == 9)
    }

    @Test(arguments: [
        (DraftValue.whole(12), Int64(12)), (.whole(0), 0), (.real(12), 12), (.text("12"), 12), (.text(" 12\n"), 12),
        (.text("12.0"), 12), (.text("1.2e1"), 12), (.text(#"{"intValue":12}"#), 12), (.text(#"{"intValue":"12"}"#), 12),
        (.text(#" { "doubleValue" : 12.0 } "#), 12), (.text(#""12""#), 12), (.map([("intValue", 12)]), 12),
        (.text("9223372036854775807"), .max), (.whole(.max), .max),
    ])
    func `numbers are read however they are written`(_ value: DraftValue, _ expected: Int64) throws {
        let usage = try SpanDraft(["gen_ai.usage.input_tokens": value]).call().usage
        #expect(usage.input == expected)
    }

    @Test func `an empty text falls through to the next name`() throws {
        let call = try SpanDraft(["gen_ai.provider.name": "", "gen_ai.system": "groq", "gen_ai.request.model": "m"])
            .call()
        #expect(call.provider == "groq")
    }

    @Test(arguments: [
        (["session.id", "gen_ai.conversation.id", "thread.id", "conversation.id"], true),
        (["user.id", "enduser.id", "user_id", "user.email"], false),
    ])
    func `sessions and users follow the order of the dictionary`(_ keys: [String], _ areSessions: Bool) throws {
        for best in keys.indices {
            var span = SpanDraft()
            // The best name stands last, so that the order on the wire decides nothing.
            span.attributes = keys[best...].reversed().map { ($0, .text("by \($0)")) }
            let reading = try span.read()
            #expect((areSessions ? reading.session : reading.user) == "by \(keys[best])")
            #expect(reading.call == nil)
        }
    }

    @Test func `a numeric user is a user but a numeric thread is no session`() throws {
        let reading = try SpanDraft(["user_id": 17, "thread.id": 140_735]).read()
        #expect(reading.user == "17")
        #expect(reading.session == nil)
        #expect(reading.call == nil)
    }
}
