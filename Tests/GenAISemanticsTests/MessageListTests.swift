// MessageListTests.swift - prompts that are hashed as they stand have the hash of what is read of them.

import COTLP
import Foundation
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import GenAISemantics

struct MessageListTests {
    /// Lists of messages, and what is nearly one.
    private static let texts = [
        #"[{"role":"user","content":"Hi?"}]"#,
        #" [ { "role" : "system" , "content" : "Be brief." } , {"role":"user","content":"Hi?"} ] "#,
        #"[{"role":"system","content":"a"},{"role":"user","content":"b"},{"role":"system","content":"c"}]"#,
        #"[{"content":"Hi?","role":"user"},{"parts":[{"content":"x","type":"text"}],"role":"assistant"}]"#,
        #"[{"role":"user","parts":[{"type":"text","content":"a"},{"type":"text","text":"b"}]}]"#,
        #"[{"role":"user","parts":[{"type":"text","content":""}]},{"role":"user","content":""}]"#,
        #"[{"role":"user","content":"a\nb\t\"q\" \\ \/ \u00e9 \ud83d\ude00 \ud83d \u0000 \b\f\r"}]"#,
        #"[{"role":"user","content":"é 😀 \u4f60"}]"#,
        #"[{"role":"USER","content":"a"},{"role":"developer","content":"b"},{"role":"Human","content":"c"}]"#,
        #"[{"role":"user","content":"[{\"type\":\"text\",\"text\":\"inner\"}]"}]"#,
        #"[{"role":"user","content":" \n[{\"type\":\"text\",\"text\":\"inner\"}]"}]"#,
        #"[{"role":"user","content":"{\"a\":1}"},{"role":"user","content":"\u005b1]"}]"#,
        #"[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"b\":1,\"a\":2}"}}]}]"#,
        #"[{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":{"b":1,"a":[2.50]}}]},"#
            + #"{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"ok"}]}]"#,
        #"[{"role":"user","content":"a"},{"role":"tool","tool_call_id":"1","content":"r"}]"#,
        #"[{"role":"tool","content":{"type":"function","function":{"name":"f"}}},{"role":"user","content":"a"}]"#,
        #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]}]"#,
        #"[{"role":"assistant","content":"a","reasoning_content":"t"},{"role":"user","content":"b","name":"n"}]"#,
        #"[{"role":"user","content":"a","name":"n","finish_reason":"stop"},{"role":"user","content":"b","name":1}]"#,
        #"[{"role":"user","content":"a","content":"b"}]"#,
        #"[{"role":"user","role":"assistant","content":"a"}]"#,
        #"[{"role":"user","parts":[{"type":"text","content":"a"}],"content":"b"}]"#,
        #"[{"role":"user","parts":[]},{"role":"user","content":null}]"#,
        #"[{"role":"user"}]"#, #"[]"#, #"[{}]"#, #"{"role":"user","content":"a"}"#, #"["user","a"]"#,
        #"[{"type":"text","text":"a"}]"#, #"[{"role":"user","content":"a"},{"type":"text","text":"b"}]"#,
        #"[{"role":"user","content":"a"},"b"]"#, #"[{"role":"user","content":"a"}"#,
        #"[{"role":"user","content":"a"}] x"#, #"[{"role":"user","content":"a"},]"#,
        "[{\"role\":\"user\",\"content\":\"a\nb\"}]", #"[{"role":"user","content":"a\x"}]"#,
        #"[{"role":"user","content":"\ud83d"}]"#, #"[{"role":"user","content":"\u12"}]"#,
        #"[{"role":1,"content":"a"}]"#, #"[{"role":"user","content":1}]"#, #"not JSON"#, "",
        "[{\"role\":\"user\",\"content\":\(nested(62))}]", "[{\"role\":\"user\",\"content\":\(nested(63))}]",
    ]

    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    /// Compares the hash that a finder takes with that of the whole conversation.
    private func compare(_ span: UnsafePointer<OTLPSpan>, _ remark: String) {
        var semantics = SpanSemantics()
        let call = semantics.read(span).call
        var finder = SpanFinder()
        let hash = finder.promptHash(of: span)
        guard let call else { return #expect(hash == nil) }
        var reader = ConversationReader()
        let conversation = reader.read(span)
        let model = call.requestModel ?? call.responseModel
        #expect(hash == conversation.flatMap { PromptHash.sha256(of: $0, model: model) }, "\(remark)")
    }

    @Test(arguments: ["gen_ai.input.messages", "input.value", "gen_ai.prompt", "traceloop.entity.input"])
    func `a list of messages has the hash of the conversation that it is`(_ key: String) throws {
        for text in Self.texts {
            let draft = SpanDraft([
                "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "openinference.span.kind": "LLM",
            ])
            var whole = draft
            whole.attributes.append((key, .text(text)))
            try whole.withSpan { compare($0, text) }
            whole.attributes.append(("gen_ai.system_instructions", #"[{"type":"text","content":"apart"}]"#))
            try whole.withSpan { compare($0, text) }
        }
    }

    @Test func `a list of messages with any one byte changed has the hash of what it is then`() throws {
        let text = Array(
            #"[{"role":"system","content":"a"},{"role":"user","parts":[{"type":"text","content":"b\n"}]}]"#.utf8
        )
        for place in text.indices {
            for byte in [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "}"), UInt8(ascii: " "), 0x0A, 0x78] {
                var changed = text
                changed[place] = byte
                let value = String(decoding: changed, as: UTF8.self)
                let draft = SpanDraft(["gen_ai.request.model": "m", "gen_ai.input.messages": .text(value)])
                try draft.withSpan { compare($0, value) }
            }
        }
    }

    @Test(arguments: Fixtures.captures)
    func `each call of real instrumentation has the hash of its conversation`(_ name: String) async throws {
        try await forEachCapturedSpan(of: name) { compare($0, $1.hex) }
    }
}
