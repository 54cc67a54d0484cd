// PromptHashTests.swift - which calls sent the same prompt.

import GenAISemantics
import Testing
import TraceModel

@testable import GenAISemantics

struct PromptHashTests {
    private func canonical(_ draft: SpanDraft, model: String? = "m") throws -> String? {
        try draft.conversationIfAny().flatMap { canonical($0, model: model) }
    }

    private func canonical(_ conversation: Conversation, model: String?) -> String? {
        var form = PromptForm()
        form.add(conversation)
        return form.end(model: model, tools: conversation.tools) {
            String(decoding: $0, as: UTF8.self) + String(decoding: $1, as: UTF8.self)
        }
    }

    @Test func `one prompt has one form, whatever dialect carries it`() throws {
        let expected =
            #"{"messages":[{"content":["Hi?"],"role":"user"}],"model":"m","system":["Be brief."],"tools":[]}"#
        for carrier in ConversationDialectTests.carriers {
            #expect(try canonical(carrier.draft) == expected, "\(carrier)")
        }
    }

    @Test func `the hash is the SHA-256 of the form`() throws {
        var conversation = Conversation()
        conversation.input = [ChatMessage(role: "user", parts: [.text("Hi?")])]
        let hash = try #require(PromptHash.sha256(of: conversation, model: "m"))
        let hex = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        // printf '%s' '{"messages":[{"content":["Hi?"],"role":"user"}],"model":"m","system":[],"tools":[]}' | sha256sum
        #expect(hex == "e76937d120c7b558a6d023b121a5acdfefd1ab4f840493603fd0d249ed261e2d")
    }

    @Test func `model, instructions, messages, arguments, results and tools all count`() throws {
        var base = Conversation()
        base.input = [
            ChatMessage(role: "user", parts: [.text("a")]),
            ChatMessage(role: "assistant", parts: [.toolCall(id: "1", name: "f", arguments: .object([]))]),
            ChatMessage(role: "tool", parts: [.toolResult(id: "1", name: "f", result: .string("r"))]),
        ]
        base.tools = [ToolDefinition(name: "f"), ToolDefinition(name: "g")]
        let hash = PromptHash.sha256(of: base, model: "m")
        #expect(hash != nil)
        #expect(PromptHash.sha256(of: base, model: "n") != hash)
        var others: [Conversation] = []
        for change in [
            { (it: inout Conversation) in it.input[0].parts = [.text("b")] },
            { $0.input[0].role = "tool" },
            { $0.input[1].parts = [.toolCall(id: "1", name: "h", arguments: .object([]))] },
            { $0.input[1].parts = [.toolCall(id: "1", name: "f", arguments: .object([JSONMember("x", .null)]))] },
            { $0.input[2].parts = [.toolResult(id: "1", name: "f", result: .string("s"))] },
            { $0.systemInstructions = [.text("s")] },
            { $0.tools.removeLast() },
        ] {
            var other = base
            change(&other)
            others.append(other)
        }
        #expect(Set(others.map { PromptHash.sha256(of: $0, model: "m") }).count == others.count)
        #expect(!others.contains { PromptHash.sha256(of: $0, model: "m") == hash })
    }

    @Test func `ids of calls, thoughts, the order of tools and of members, and the answer do not count`() throws {
        var first = Conversation()
        first.input = [
            ChatMessage(role: "user", parts: [.text("a"), .text("b")]),
            ChatMessage(
                role: "assistant",
                parts: [
                    .reasoning("hm"),
                    .toolCall(
                        id: "1",
                        name: "f",
                        arguments: .object([JSONMember("x", .number("1")), JSONMember("y", .bool(true))])
                    ),
                ]
            ),
        ]
        first.tools = [ToolDefinition(name: "f"), ToolDefinition(name: "g")]
        var second = Conversation()
        second.input = [
            ChatMessage(role: "user", parts: [.text("a\nb")]),
            ChatMessage(
                role: "assistant",
                parts: [
                    .toolCall(
                        id: "2",
                        name: "f",
                        arguments: .object([JSONMember("y", .bool(true)), JSONMember("x", .number("1"))])
                    )
                ]
            ),
        ]
        second.tools = first.tools.reversed()
        second.output = [ChatMessage(role: "assistant", parts: [.text("Ho.")])]
        #expect(PromptHash.sha256(of: first, model: "m") == PromptHash.sha256(of: second, model: "m"))
    }

    @Test func `a call that shows nothing of what was sent has no hash`() {
        var conversation = Conversation()
        conversation.output = [ChatMessage(role: "assistant", parts: [.text("Ho.")])]
        #expect(PromptHash.sha256(of: conversation, model: "m") == nil)
    }

    @Test func `control characters and quotes are escaped`() throws {
        var conversation = Conversation()
        conversation.input = [ChatMessage(role: "user", parts: [.text("a\"\\\n\u{1F}é")])]
        #expect(
            canonical(conversation, model: nil)
                == #"{"messages":[{"content":["a\"\\\u000a\u001fé"],"role":"user"}],"model":null,"system":[],"tools":[]}"#
        )
    }
}
