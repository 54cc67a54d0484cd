// PromptMemoryTests.swift - a finder that remembers says what one says that does not.

import COTLP
import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import GenAISemantics

struct PromptMemoryTests {
    private static let long = String(repeating: "a long text ", count: 100)

    /// Messages of all kinds, which a conversation is made of.
    private static let messages = [
        #"{"role":"user","content":"\#(long)"}"#,
        #"{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":{"b":1,"a":[2.50]}}]}"#,
        #"{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"\#(long)"}]}"#,
        #"{"role":"system","content":"be brief"}"#,
        #"{"role":"assistant","content":"[{\"type\":\"text\",\"text\":\"inner\"}]"}"#,
        #"{"role":"user","parts":[]}"#,
        #"{"role":"user","content":"a\nb \ud83d\ude00"}"#,
        #"{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"so"}]}"#,
    ]

    private static func span(_ list: String, instructions: String? = nil) -> SpanDraft {
        var draft = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.request.model": "m"])
        draft.attributes.append(("gen_ai.input.messages", .text(list)))
        if let instructions { draft.attributes.append(("gen_ai.system_instructions", .text(instructions))) }
        return draft
    }

    /// Reads spans with one finder, with several that share what they read, and each with one of its own.
    private func compare(_ spans: [SpanDraft]) throws {
        var finder = SpanFinder()
        let recent = RecentPrompts()
        for (place, span) in spans.enumerated() {
            try span.withSpan { span in
                var alone = SpanFinder()
                let hash = alone.promptHash(of: span)
                #expect(finder.promptHash(of: span) == hash, "span \(place)")
                #expect(hash != nil)
                var sharing = SpanFinder(sharing: recent)
                #expect(sharing.promptHash(of: span) == hash, "span \(place)")
            }
        }
    }

    @Test func `a conversation that grows has the hash of each of its steps`() throws {
        let steps = (1...40).map { step in
            "[" + (0..<step).map { Self.messages[$0 % Self.messages.count] }.joined(separator: ",") + "]"
        }
        try compare(steps.map { Self.span($0) })
        try compare(steps.reversed().map { Self.span($0) })
    }

    @Test func `conversations that differ after a while are told apart`() throws {
        let start = Self.messages[0...3].joined(separator: ",")
        var lists: [String] = []
        for first in Self.messages.indices {
            for second in Self.messages.indices {
                lists.append("[\(start),\(Self.messages[first]),\(Self.messages[second])]")
                lists.append("[\(start), \(Self.messages[second])]")
            }
        }
        try compare(lists.map { Self.span($0) })
    }

    @Test func `instructions that stand apart are those of the span`() throws {
        let list = "[" + Self.messages[0...4].joined(separator: ",") + "]"
        let parts = [
            nil, #"[{"type":"text","content":"one"}]"#, #"[{"type":"text","content":"two"}]"#,
            #"[{"type":"text","content":"one"},{"type":"text","content":"two"}]"#, nil,
        ]
        try compare((parts + parts.reversed()).map { Self.span(list, instructions: $0) })
    }

    @Test(arguments: ["", " ", ",", ",x]", "}]", ",{}]", ",1]", "] x", ",{\"role\":\"user\"}]"])
    func `a list that ends otherwise is what it is`(_ end: String) throws {
        let list = "[" + Self.messages[0...4].joined(separator: ",")
        try compare([Self.span(list + "]"), Self.span(list + end), Self.span(list + "]"), Self.span(list + end)])
    }

    @Test func `with any byte changed it has the hash of what it is then`() async throws {
        let text = Array(("[" + Self.messages[0...5].joined(separator: ",") + "]").utf8)
        for place in stride(from: 0, to: text.count, by: 7) {
            await Task.yield()
            var changed = text
            changed[place] = changed[place] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            let whole = Self.span(String(decoding: text, as: UTF8.self))
            try compare([whole, Self.span(String(decoding: changed, as: UTF8.self)), whole])
        }
    }

    @Test func `many conversations at a time leave bounded memory and true hashes`() throws {
        let huge = String(repeating: "y", count: 100_000)
        var spans: [SpanDraft] = []
        for round in 0..<3 {
            for talk in 0..<7 {
                let own = #"{"role":"user","content":"\#(talk) \#(huge)"}"#
                let rest = (0...round).map { Self.messages[$0] }
                spans.append(Self.span("[" + ([own] + rest).joined(separator: ",") + "]"))
            }
        }
        try compare(spans)
        var memory = PromptMemory()
        let start = PromptMemory.Start(valuesLeft: 1, place: PromptForm().place)
        let form = PromptMemory.List(start: start, marks: [], messages: [], system: [], hash: nil, hashed: 0)
        for span in spans {
            guard case .text(let text) = span.attributes.last?.1 else { continue }
            var list = text
            list.withUTF8 { memory.keep($0, form) }
            #expect(memory.bytesKept <= 256 << 10)
        }
    }

    @Test func `what is known takes as much of the limit as what is read`() throws {
        let many = { (count: Int) in String(repeating: "1,", count: count) + "1" }
        let tool = #"[{"role":"assistant","tool_calls":[{"function":{"name":"f"}}],"extra":["#
        /// Whether the second of two spans asks for a tool, behind so many values of its input.
        func asks(_ values: Int) throws -> Bool {
            let list = #"[{"role":"user","content":"[\#(many(values))]"}]"#
            var span = Self.span(list, instructions: "[\(many(300_000))]")
            span.attributes.append(("gen_ai.output.messages", .text(tool + many(150_000) + "]}]")))
            var finder = SpanFinder()
            var found: [Bool] = []
            for _ in 0..<2 { try span.withSpan { found.append(finder.matches($0, .tool, "f")) } }
            #expect(found[0] == found[1])
            return found[1]
        }
        #expect(try asks(2000))
        #expect(try !asks(120_000))
    }

    @Test(arguments: Fixtures.captures)
    func `calls of real instrumentation have the same hash after each other`(_ name: String) async throws {
        var finder = SpanFinder()
        let recent = RecentPrompts()
        try await forEachCapturedSpan(of: name) { span, id in
            var alone = SpanFinder()
            let hash = alone.promptHash(of: span)
            #expect(finder.promptHash(of: span) == hash, "\(id.hex)")
            var sharing = SpanFinder(sharing: recent)
            #expect(sharing.promptHash(of: span) == hash, "\(id.hex)")
        }
    }
}
