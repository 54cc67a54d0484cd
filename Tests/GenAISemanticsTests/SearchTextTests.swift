// SearchTextTests.swift - what can be searched for in attributes.

import COTLP
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import GenAISemantics

struct SearchTextTests {
    private func texts(_ attributes: (String, SampleValue)...) throws -> [String] {
        var span = SampleSpan(trace: 1, id: 1)
        for attribute in attributes { span = span.with(attribute) }
        let storage = BatchStorage(copying: SampleSpan.request([span]))
        let batch = try ExportRequestDecoder().decode(storage, project: nil).batch
        var texts = TextList()
        try SpanDecoder().withSpan(batch.bytes(of: batch.spans[0])) { span in
            let list = UnsafeBufferPointer(start: span.pointee.attributes, count: span.pointee.n_attributes)
            SpanTexts.collect(list, into: &texts)
        }
        return texts.strings(in: 0..<texts.count)
    }

    @Test func `messages give what was said, not who said it or by which id`() throws {
        let messages = """
            [{"role":"user","parts":[{"type":"text","content":"a \\"quoted\\" \\u00e9\\ud83d\\ude00\\nline"}]},
             {"role":"assistant","tool_calls":[{"id":"call_1","type":"function",
               "function":{"name":"find","arguments":"{\\"id\\":\\"order-1\\",\\"type\\":\\"late\\",\\"n\\":4}"}}]}]
            """
        #expect(
            try texts(("gen_ai.input.messages", .text(messages))) == [
                "a \"quoted\" é😀\nline", "find", "order-1", "late", "4",
            ]
        )
    }

    @Test func `a text of very many escapes is found whole`() throws {
        // Looking for the end of the text anew behind each escape would take hours.
        let text = String(repeating: "\\u00e9", count: 2_000_000)
        let found = try texts(("gen_ai.input.messages", .text(#"[{"role":"user","content":"\#(text)\""}]"#)))
        #expect(found == [String(repeating: "é", count: 2_000_000) + "\""])
    }

    @Test func `offered tools, vectors and signatures are no texts`() throws {
        let body = """
            {"model":"m","tools":[{"name":"hammer","description":"hits"}],"embedding":[1,2],"n":3,
             "messages":[{"role":"user","content":"hello","signature":"abc"}]}
            """
        #expect(try texts(("input.value", .text(body))) == ["m", "hello"])
    }

    @Test func `what goes into a tool and comes out counts to the last member`() throws {
        let found = try texts(
            (
                "gen_ai.tool.call.arguments",
                #"{"type":"late","id":"call_7","deep":{"role":"boss","list":[1,"two",{"n":-3.5}]}}"#
            ),
            ("gen_ai.tool.call.result", #""quoted""#)
        )
        #expect(found == ["late", "call_7", "boss", "two", "-3.5", "quoted"])
    }

    @Test func `flattened messages give their contents`() throws {
        let found = try texts(
            ("gen_ai.prompt.0.role", "user"),
            ("gen_ai.prompt.0.content", "flat"),
            ("llm.input_messages.0.message.role", "user"),
            ("llm.input_messages.0.message.content", "flatter"),
            ("llm.tools.0.tool.json_schema", #"{"name":"hammer"}"#),
            ("gen_ai.request.model", "m")
        )
        #expect(found == ["flat", "flatter"])
    }

    @Test(arguments: [
        "[not json", "{", "[1,2", #"{"a"}x"#, "[INST] hi [/INST]", #"{"a":"b\"#, "]", "{]}", "[[[\"a", #"["\u12"#,
    ])
    func `what only begins like JSON is text as a whole`(_ text: String) throws {
        #expect(try texts(("input.value", .text(text))).contains(text))
    }

    @Test func `hostile depth ends in text`() throws {
        let deep = String(repeating: "[", count: 5_000) + #""x""# + String(repeating: "]", count: 5_000)
        #expect(try texts(("input.value", .text(deep))) == [deep])
        var nested = "core"
        for _ in 0..<9 { nested = "[" + JSONQuote.quoted(nested) + "]" }
        #expect(try texts(("input.value", .text(nested))).allSatisfy { $0.contains("core") })
    }

    @Test func `escapes are decoded as JSON has them`() {
        for (escaped, text) in [
            (#"a\nb\tc\/d\\e\"f"#, "a\nb\tc/d\\e\"f"), (#"\u0041\u00Df"#, "Aß"), (#"\ud83d"#, "\u{FFFD}"),
            (#"\ud83dx"#, "\u{FFFD}x"), (#"tail\"#, #"tail\"#), (#"\u00"#, "u00"), ("plain", "plain"), ("", ""),
        ] {
            var source = escaped
            var decoded = ""
            source.withUTF8 { JSONEscapes.withDecoded($0) { decoded = String(decoding: $0, as: UTF8.self) } }
            #expect(decoded == text, "\(escaped)")
        }
    }
}

private enum JSONQuote {
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
