// ConversationDialectTests.swift - one conversation, however each dialect carries it.

import GenAISemantics
import Testing
import TraceModel

struct ConversationDialectTests {
    /// The same question and answer in one dialect.
    struct Carrier: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var attributes: [(String, DraftValue)] = []
        var events: [(name: String, time: UInt64, attributes: [(String, DraftValue)])] = []
        var finish: String?

        init(
            _ name: String,
            _ attributes: KeyValuePairs<String, DraftValue> = [:],
            finish: String? = "stop",
            events: [(name: String, time: UInt64, attributes: [(String, DraftValue)])] = []
        ) {
            testDescription = name
            self.attributes = attributes.map { ($0.key, $0.value) }
            self.events = events
            self.finish = finish
        }

        var draft: SpanDraft {
            var draft = SpanDraft()
            // Makes the span a call in every dialect.
            draft.attributes = [("gen_ai.operation.name", "chat")] + attributes
            draft.events = events
            return draft
        }
    }

    private static let request = """
        {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi?"}]}
        """
    private static let response = """
        {"id":"r","choices":[{"index":0,"message":{"role":"assistant","content":"Ho."},"finish_reason":"stop"}]}
        """
    private static let nested: DraftValue = [
        ["role": "system", "parts": [["type": "text", "content": "Be brief."]]],
        ["role": "user", "parts": [["type": "text", "content": "Hi?"]]],
    ]
    private static let answer: DraftValue = [
        ["role": "assistant", "parts": [["type": "text", "content": "Ho."]], "finish_reason": "stop"]
    ]

    static let carriers = [
        Carrier("current names, nested", ["gen_ai.input.messages": nested, "gen_ai.output.messages": answer]),
        Carrier(
            "current names, JSON text",
            [
                "gen_ai.input.messages":
                    #"[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},{"role":"user","parts":[{"type":"text","content":"Hi?"}]}]"#,
                "gen_ai.output.messages":
                    #"[{"role":"assistant","parts":[{"type":"text","content":"Ho."}],"finish_reason":"stop"}]"#,
            ]
        ),
        Carrier(
            "OpenLLMetry",
            [
                "gen_ai.completion.0.finish_reason": "stop", "gen_ai.completion.0.content": "Ho.",
                "gen_ai.prompt.1.content": "Hi?", "gen_ai.prompt.1.role": "user", "gen_ai.prompt.0.role": "system",
                "gen_ai.prompt.0.content": "Be brief.",
            ]
        ),
        Carrier(
            "OpenInference",
            [
                "llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": "Be brief.",
                "llm.input_messages.1.message.role": "user",
                "llm.input_messages.1.message.contents.0.message_content.type": "text",
                "llm.input_messages.1.message.contents.0.message_content.text": "Hi?",
                "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "Ho.",
                "llm.finish_reason": "stop",
            ]
        ),
        Carrier("OpenInference bodies", ["input.value": .text(request), "output.value": .text(response)]),
        Carrier(
            "Vercel AI SDK",
            [
                "ai.prompt.messages":
                    #"[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi?"}]}]"#,
                "ai.response.text": "Ho.", "ai.response.finishReason": "stop",
            ]
        ),
        Carrier(
            "Vercel AI SDK before 4",
            [
                "ai.prompt": #"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi?"}]}"#,
                "ai.result.text": "Ho.", "gen_ai.finishReason": "stop",
            ]
        ),
        Carrier(
            "Langfuse",
            [
                "langfuse.observation.input": .text(request),
                "langfuse.observation.output": #"{"role":"assistant","content":"Ho."}"#,
            ],
            finish: nil
        ),
        Carrier(
            "Pydantic AI events",
            [
                "events":
                    #"[{"event.name":"gen_ai.system.message","content":"Be brief."},{"event.name":"gen_ai.user.message","role":"user","content":"Hi?"},{"event.name":"gen_ai.choice","index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Ho."}}]"#
            ]
        ),
        Carrier(
            "Logfire",
            ["request_data": .text(request), "response_data": #"{"message":{"role":"assistant","content":"Ho."}}"#],
            finish: nil
        ),
        Carrier("MLflow", ["mlflow.spanInputs": .text(request), "mlflow.spanOutputs": .text(response)]),
        Carrier("LangSmith", ["gen_ai.prompt": .text(request), "gen_ai.completion": .text(response)]),
        Carrier(
            "Sentry",
            [
                "gen_ai.request.messages":
                    #"[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi?"}]"#,
                "gen_ai.response.text": #"["Ho."]"#,
            ],
            finish: nil
        ),
        Carrier(
            "Google ADK",
            [
                "gcp.vertex.agent.llm_request":
                    #"{"model":"g","contents":[{"role":"system","parts":[{"text":"Be brief."}]},{"role":"user","parts":[{"text":"Hi?"}]}]}"#,
                "gcp.vertex.agent.llm_response":
                    #"{"content":{"role":"model","parts":[{"text":"Ho."}]},"finish_reason":"stop"}"#,
            ]
        ),
        Carrier(
            "Genkit",
            [
                "genkit:input":
                    #"{"messages":[{"role":"system","content":[{"text":"Be brief."}]},{"role":"user","content":[{"text":"Hi?"}]}]}"#,
                "genkit:output": #"{"message":{"role":"model","content":[{"text":"Ho."}]},"finishReason":"stop"}"#,
            ]
        ),
        Carrier(
            "Haystack",
            [
                "haystack.component.input":
                    #"{"messages":[{"role":"system","content":[{"text":"Be brief."}]},{"role":"user","content":[{"text":"Hi?"}]}]}"#,
                "haystack.component.output":
                    #"{"replies":[{"role":"assistant","content":[{"text":"Ho."}],"meta":{"finish_reason":"stop"}}]}"#,
            ]
        ),
        Carrier(
            "LiveKit",
            [
                "lk.chat_ctx":
                    #"{"items":[{"type":"message","role":"system","content":["Be brief."]},{"type":"message","role":"user","content":["Hi?"]}]}"#,
                "lk.response.text": "Ho.",
            ],
            finish: nil
        ),
        Carrier(
            "LangChain through Traceloop",
            [
                "traceloop.entity.input":
                    #"{"inputs":{"messages":[{"lc":1,"type":"constructor","id":["langchain","schema","messages","SystemMessage"],"kwargs":{"content":"Be brief."}},{"type":"human","content":"Hi?"}]}}"#,
                "traceloop.entity.output":
                    #"{"outputs":{"generations":[[{"text":"Ho.","message":{"kwargs":{"type":"ai","content":"Ho."}},"generation_info":{"finish_reason":"stop"}}]]}}"#,
            ]
        ),
        Carrier(
            "message events",
            events: [
                (
                    "gen_ai.choice", 30,
                    [("index", 0), ("finish_reason", "stop"), ("message", #"{"role":"assistant","content":"Ho."}"#)]
                ),
                ("gen_ai.user.message", 20, [("content", "Hi?")]),
                ("gen_ai.system.message", 10, [("content", "Be brief."), ("role", "system")]),
            ]
        ),
        Carrier(
            "content events",
            finish: nil,
            events: [
                (
                    "gen_ai.content.prompt", 1,
                    [("gen_ai.prompt", #"[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi?"}]"#)]
                ),
                ("gen_ai.content.completion", 2, [("gen_ai.completion", #"[{"role":"assistant","content":"Ho."}]"#)]),
            ]
        ),
        Carrier(
            "the event of the whole operation",
            events: [
                (
                    "gen_ai.client.inference.operation.details", 1,
                    [("gen_ai.input.messages", nested), ("gen_ai.output.messages", answer)]
                )
            ]
        ),
    ]

    @Test(arguments: carriers)
    func `every dialect gives the same conversation`(_ carrier: Carrier) throws {
        let conversation = try carrier.draft.conversation()
        #expect(
            conversation.input == [
                ChatMessage(role: "system", parts: [.text("Be brief.")]),
                ChatMessage(role: "user", parts: [.text("Hi?")]),
            ]
        )
        let answer = ChatMessage(role: "assistant", parts: [.text("Ho.")], finishReason: carrier.finish)
        #expect(conversation.output == [answer])
        #expect(conversation.source.input != nil && conversation.source.output != nil)
    }

    @Test func `plain text is one message of each side`() throws {
        let conversation = try SpanDraft([
            "llm.vendor": "openai", "llm.model": "m", "llm.prompt": "Hi?", "llm.response": "Ho.",
        ])
        .conversation()
        #expect(conversation.input == [ChatMessage(role: "user", parts: [.text("Hi?")])])
        #expect(conversation.output == [ChatMessage(role: "assistant", parts: [.text("Ho.")])])
    }

    @Test func `what the user set wins, and each side is taken where it is`() throws {
        let conversation = try SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.output.messages": Self.answer,
            "langfuse.observation.output": "Set.",
            "input.value": "Lower.",
        ]).conversation()
        #expect(conversation.input == [ChatMessage(role: "user", parts: [.text("Lower.")])])
        #expect(conversation.output == [ChatMessage(role: "assistant", parts: [.text("Set.")])])
        #expect(conversation.source.input == "input.value")
        #expect(conversation.source.output == "langfuse.observation.output")
    }

    @Test func `a place without parts gives way to one with parts, and keeps its reason`() throws {
        let conversation = try SpanDraft([
            "gen_ai.operation.name": "chat",
            "gen_ai.output.messages": #"[{"role":"assistant","parts":[],"finish_reason":"tool_calls"}]"#,
            "gen_ai.completion.0.function_call.name": "f", "gen_ai.completion.0.function_call.arguments": #"{"a":1}"#,
        ]).conversation()
        let call = MessagePart.toolCall(id: nil, name: "f", arguments: .object([JSONMember("a", .number("1"))]))
        #expect(conversation.output == [ChatMessage(role: "assistant", parts: [call], finishReason: "tool_calls")])
    }

    @Test func `indices are sorted as numbers and may have gaps`() throws {
        var draft = SpanDraft(["gen_ai.operation.name": "chat"])
        for index in [10, 2, 9, 999_999_999_999, 0] {
            draft.attributes.append(("gen_ai.prompt.\(index).content", .text("\(index)")))
        }
        let texts = try draft.conversation().input.map(\.parts)
        #expect(texts == [0, 2, 9, 10, 999_999_999_999].map { [.text("\($0)")] })
    }

    @Test func `a span without content has no conversation`() throws {
        #expect(
            try SpanDraft(["gen_ai.operation.name": "chat", "http.route": "/", "gen_ai.prompt.variable.q": "x"])
                .conversationIfAny() == nil
        )
    }
}
