// ListMemoryTests.swift - what spans say again is what it was when it was read for the first time.

import COTLP
import Foundation
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import GenAISemantics

struct ListMemoryTests {
    private static let long = String(repeating: "What is written here is long enough to be kept. ", count: 8)

    /// Elements of lists: messages in many shapes, and what is none.
    private static let elements = [
        #"{"role":"user","content":"\#(long)"}"#,
        #"{"role":"user","parts":[{"type":"text","content":"Is it raining? é \u00e9"}]}"#,
        #"{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"a\":[1,2]}"}}]}"#,
        #"{"role":"tool","tool_call_id":"1","content":"{\"weather\":\"rain\"}"}"#,
        #"{"role":"tool","content":{"type":"function","function":{"name":"f","parameters":{}}}}"#,
        #"{"type":"function_call","call_id":"2","name":"g","arguments":"{}"}"#,
        #"{"type":"function_call_output","call_id":"2","output":"[1]"}"#,
        #"{"type":"text","text":"a block"}"#, #"{"any":"thing"}"#, #""a text""#, "12", "1", "null", "[]",
        #"[{"role":"user","content":"inner"}]"#,
        #"{"role":"assistant","content":"[{\"type\":\"text\",\"text\":\"opened\"}]","finish_reason":"stop"}"#,
    ]

    /// What a reader without any memory of spans before finds.
    private func compare(_ reader: inout ConversationReader, _ draft: SpanDraft, _ remark: String) throws {
        let alone = try draft.conversationIfAny()
        var remembered: Conversation?
        try draft.withSpan { remembered = reader.read($0) }
        #expect(remembered == alone, "\(remark)")
    }

    @Test(arguments: ["gen_ai.input.messages", "gen_ai.output.messages", "input.value", "pydantic_ai.all_messages"])
    func `a conversation that goes on from span to span is read like each of them alone`(_ key: String) async throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<12 {
            await Task.yield()
            var reader = ConversationReader()
            var list = [Self.elements[0]]
            for _ in 0..<12 {
                switch Int.random(in: 0..<8, using: &random) {
                case 0: list.removeLast(min(list.count, 2))
                case 1: list.insert(Self.elements.randomElement(using: &random) ?? "1", at: list.count / 2)
                default: list.append(Self.elements.randomElement(using: &random) ?? "1")
                }
                let separator = Bool.random(using: &random) ? "," : " , "
                var text = "[" + list.joined(separator: separator) + "]"
                if Int.random(in: 0..<10, using: &random) == 0 { text.removeLast() }
                if Int.random(in: 0..<10, using: &random) == 0 { text += " " }
                let draft = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.request.model": "m"])
                var whole = draft
                whole.attributes.append((key, .text(text)))
                try compare(&reader, whole, text)
            }
        }
    }

    @Test func `a list with any one byte changed is read as what it is then`() async throws {
        let text = "[" + Self.elements[..<4].joined(separator: ",") + ",12]"
        let bytes = Array(text.utf8)
        for place in bytes.indices where place < 8 || place > bytes.count - 80 {
            await Task.yield()
            for byte in [UInt8(ascii: "\""), UInt8(ascii: "}"), UInt8(ascii: ",")] {
                var reader = ConversationReader()
                var changed = bytes
                changed[place] = byte
                for value in [text, String(decoding: changed, as: UTF8.self), text + "]"] {
                    let draft = SpanDraft(["gen_ai.request.model": "m", "gen_ai.input.messages": .text(value)])
                    try compare(&reader, draft, value)
                }
            }
        }
    }

    @Test func `tools that come again are the same, and others are not taken for them`() throws {
        let tools = #"[{"type":"function","function":{"name":"f","description":"\#(Self.long)","parameters":{}}}]"#
        var reader = ConversationReader()
        for value in [tools, tools, tools.replacingOccurrences(of: "\"f\"", with: "\"g\""), tools + " ", tools] {
            let draft = SpanDraft(["gen_ai.request.model": "m", "gen_ai.tool.definitions": .text(value)])
            #expect(try draft.conversation().tools.count == 1)
            try compare(&reader, draft, value)
        }
    }

    @Test func `what is known takes as much of the limit as what is read`() async throws {
        let many = { (count: Int) in String(repeating: "1,", count: count) + "1" }
        let list = { (count: Int) in #"[{"role":"user","content":"Hi","extra":[\#(many(count))]}]"# }
        var draft = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.request.model": "m"])
        draft.attributes.append(("gen_ai.system_instructions", .text("[\(many(30_000))]")))
        draft.attributes.append(("gen_ai.input.messages", .text(list(250_000))))
        draft.attributes.append(("gen_ai.output.messages", .text(list(250_000))))
        var reader = ConversationReader()
        var found: [Conversation?] = []
        for _ in 0..<2 {
            await Task.yield()
            try draft.withSpan { found.append(reader.read($0)) }
        }
        // Beyond the limit the output is a text, and no message with one.
        #expect(found[1]?.output.first?.parts.first != .text("Hi"))
        #expect(found[1]?.input.first?.parts.first == .text("Hi"))
        #expect(found[1] == found[0])
    }

    @Test(arguments: Fixtures.captures)
    func `spans of real instrumentation are read one after the other like each of them alone`(
        _ name: String
    ) async throws {
        var reader = ConversationReader()
        try await forEachCapturedSpan(of: name) { span, id in
            var alone = ConversationReader()
            #expect(reader.read(span) == alone.read(span), "\(id.hex)")
        }
    }
}
