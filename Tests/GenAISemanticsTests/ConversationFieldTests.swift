// ConversationFieldTests.swift - tool runs, look-ups, embeddings, parameters, steps.

import COTLP
import GenAISemantics
import TestSupport
import Testing
import TraceModel

struct ConversationFieldTests {
    @Test(arguments: [
        SpanDraft([
            "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f", "gen_ai.tool.call.id": "c1",
            "gen_ai.tool.call.arguments": #"{"a":1}"#, "gen_ai.tool.call.result": "done",
        ]),
        SpanDraft([
            "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f", "gen_ai.tool.call.id": "c1",
            "gen_ai.tool.call.arguments": ["a": 1], "gen_ai.tool.call.result": "done",
        ]),
        SpanDraft([
            "openinference.span.kind": "TOOL", "tool.name": "f", "tool.id": "c1", "input.value": #"{"a":1}"#,
            "output.value": "done",
        ]),
        SpanDraft([
            "ai.toolCall.name": "f", "ai.toolCall.id": "c1", "ai.toolCall.args": #"{"a":1}"#,
            "ai.toolCall.result": "done",
        ]),
        SpanDraft([
            "gen_ai.tool.name": "f", "gen_ai.tool.call.id": "c1", "tool_arguments": #"{"a":1}"#,
            "tool_response": "done",
        ]),
        SpanDraft([
            "lk.function_tool.name": "f", "lk.function_tool.id": "c1", "lk.function_tool.arguments": #"{"a":1}"#,
            "lk.function_tool.output": "done",
        ]),
        SpanDraft([
            "traceloop.span.kind": "tool", "gen_ai.tool.name": "f", "gen_ai.tool.call.id": "c1",
            "traceloop.entity.input": #"{"a":1}"#, "traceloop.entity.output": #""done""#,
        ]),
    ])
    func `the run of a tool reads the same from every dialect`(_ draft: SpanDraft) throws {
        let run = try #require(try draft.conversation().toolRun)
        #expect(run.name == "f")
        #expect(run.callID == "c1")
        #expect(run.arguments == .object([JSONMember("a", .number("1"))]))
        #expect(run.result == .string("done"))
    }

    @Test func `events of a tool are its run`() throws {
        var draft = SpanDraft(["gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f"])
        draft.events = [
            ("gen_ai.tool.message", 1, [("role", "tool"), ("content", #"{"a":1}"#), ("id", "c1")]),
            ("gen_ai.choice", 2, [("message", #"[{"text":"done"}]"#), ("id", "c1")]),
        ]
        let conversation = try draft.conversation()
        #expect(conversation.toolRun?.arguments == .object([JSONMember("a", .number("1"))]))
        #expect(conversation.toolRun?.result == .string("done"))
        #expect(conversation.toolRun?.callID == "c1")
        #expect(conversation.input.isEmpty && conversation.output.isEmpty)
    }

    @Test func `a look-up has its query and documents, without vectors`() throws {
        let indexed = try SpanDraft([
            "openinference.span.kind": "RETRIEVER", "input.value": "why?",
            "retrieval.documents.1.document.content": "B",
            "retrieval.documents.0.document.content": "A", "retrieval.documents.0.document.score": 0.5,
        ]).conversation()
        #expect(indexed.retrieval?.query == .string("why?"))
        let first = JSONValue.object([JSONMember("content", .string("A")), JSONMember("score", .number("0.5"))])
        #expect(indexed.retrieval?.documents == [first, .object([JSONMember("content", .string("B"))])])
        let json = try SpanDraft([
            "gen_ai.operation.name": "retrieval", "gen_ai.retrieval.query.text": "why?",
            "gen_ai.retrieval.documents": #"[{"id":"d1","embedding":[1,2,3]}]"#,
        ]).conversation()
        #expect(json.retrieval?.query == .string("why?"))
        #expect(json.retrieval?.documents == [.object([JSONMember("id", .string("d1"))])])
    }

    @Test(arguments: [
        SpanDraft([
            "openinference.span.kind": "EMBEDDING", "embedding.embeddings.0.embedding.text": "a",
            "embedding.embeddings.0.embedding.vector": [0.5, 0.25], "embedding.embeddings.1.embedding.text": "b",
        ]),
        SpanDraft(["openinference.span.kind": "EMBEDDING", "input.value": #"{"model":"m","input":["a","b"]}"#]),
        SpanDraft(["gen_ai.operation.name": "embeddings", "ai.values": [.text(#""a""#), "b"]]),
        SpanDraft(["gen_ai.operation.name": "embeddings", "gen_ai.embeddings.input": #"["a","b"]"#]),
        SpanDraft([
            "gen_ai.operation.name": "embeddings",
            "gen_ai.input.messages": #"[{"role":"user","content":"a"},{"role":"user","content":"b"}]"#,
        ]),
    ])
    func `an embedding has its texts and no vectors`(_ draft: SpanDraft) throws {
        let conversation = try draft.conversation()
        #expect(conversation.embeddingInputs == ["a", "b"])
        #expect(conversation.input.isEmpty)
    }

    @Test func `parameters have canonical names and the first of each counts`() throws {
        let conversation = try SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.request.temperature": 0.5,
            "gen_ai.request.choice.count": 2, "gen_ai.request.stop_sequences": ["x"],
            "llm.invocation_parameters": #"{"model":"m","temperature":1,"maxOutputTokens":7,"tools":[],"top_k":null}"#,
            "ai.settings.maxRetries": 3, "llm.is_streaming": "False",
            "langfuse.observation.model.parameters": #"{"temperature":0.25}"#,
        ]).conversation()
        #expect(
            conversation.requestParams == [
                JSONMember("temperature", .number("0.25")), JSONMember("choice_count", .number("2")),
                JSONMember("stop_sequences", .array([.string("x")])), JSONMember("max_tokens", .number("7")),
                JSONMember("stream", .bool(false)), JSONMember("max_retries", .number("3")),
            ]
        )
    }

    @Test func `system instructions are parts, as text and as a list`() throws {
        let list = SpanDraft([
            "gen_ai.operation.name": "chat", "gen_ai.system_instructions": #"[{"type":"text","content":"Be brief."}]"#,
        ])
        #expect(try list.conversation().systemInstructions == [.text("Be brief.")])
        let text = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.system_instructions": "Be brief."])
        #expect(try text.conversation().systemInstructions == [.text("Be brief.")])
    }

    @Test func `a step has values where it has no messages`() throws {
        let step = try SpanDraft([
            "openinference.span.kind": "CHAIN", "input.value": #"{"question":"why?"}"#, "output.value": "because",
        ]).conversation()
        #expect(step.inputValue == .object([JSONMember("question", .string("why?"))]))
        #expect(step.outputValue == .string("because"))
        #expect(step.input.isEmpty && step.output.isEmpty)
        let graph = try SpanDraft([
            "openinference.span.kind": "CHAIN", "input.value": #"{"messages":[["user","why?"]]}"#,
        ]).conversation()
        #expect(graph.input == [ChatMessage(role: "user", parts: [.text("why?")])])
        #expect(graph.inputValue == nil)
    }

    @Test func `an agent's history is split into what went in and what came out`() throws {
        let history =
            #"[{"role":"user","parts":[{"type":"text","content":"q"}]},{"role":"assistant","parts":[{"type":"text","content":"a"}]},{"role":"user","parts":[{"type":"text","content":"q2"}]},{"role":"assistant","parts":[{"type":"text","content":"a2"}]}]"#
        let conversation = try SpanDraft([
            "gen_ai.operation.name": "invoke_agent", "pydantic_ai.all_messages": .text(history),
        ]).conversation()
        #expect(conversation.input.map(\.parts) == [[.text("q")], [.text("a")], [.text("q2")]])
        #expect(conversation.output.map(\.parts) == [[.text("a2")]])
    }

    @Test(
        arguments: [
            (
                ["content": "Hi?"],
                ["index": 0, "finish_reason": "stop", "message": ["role": "assistant", "content": "Ho."]]
            ),
            // Semantic Kernel.
            (
                .text(#"{"role":"user","content":"Hi?"}"#),
                .text(#"{"message":{"role":"assistant","content":"Ho."},"finish_reason":"stop"}"#)
            ),
        ] as [(DraftValue, DraftValue)]
    )
    func `log records are read like events, with their content in the body`(
        _ asked: DraftValue,
        _ choice: DraftValue
    ) throws {
        let conversation = try withValues([asked, choice]) { values in
            let none = UnsafeBufferPointer<UnsafeMutablePointer<Opentelemetry__Proto__Common__V1__KeyValue>?>(
                start: nil,
                count: 0
            )
            let records = [
                ContentRecord(name: "gen_ai.choice", time: 2, attributes: none, body: values[1]),
                ContentRecord(name: "gen_ai.user.message", time: 1, attributes: none, body: values[0]),
            ]
            return try SpanDraft(["gen_ai.operation.name": "chat"]).conversationIfAny(records: records)
        }
        #expect(conversation?.input == [ChatMessage(role: "user", parts: [.text("Hi?")])])
        #expect(conversation?.output == [ChatMessage(role: "assistant", parts: [.text("Ho.")], finishReason: "stop")])
    }

    /// Lends decoded values.
    private func withValues<Result>(
        _ values: [DraftValue],
        _ body: ([UnsafePointer<Opentelemetry__Proto__Common__V1__AnyValue>]) throws -> Result
    ) throws -> Result {
        let decoded = try values.map { value in
            let bytes = WireWriter { value.write(&$0) }.bytes
            return try #require(opentelemetry__proto__common__v1__any_value__unpack(nil, bytes.count, bytes))
        }
        defer { for value in decoded { opentelemetry__proto__common__v1__any_value__free_unpacked(value, nil) } }
        return try body(decoded.map { UnsafePointer($0) })
    }

    @Test(
        arguments: [
            ("langfuse.trace.tags", ["a", "b c"]), ("tag.tags", .text(#"["a", "b c"]"#)),
            ("ai.telemetry.metadata.tags", ["a", "b c"]), ("langsmith.span.tags", "a, b c,"),
            ("logfire.tags", ["a", "b c", ""]),
            ("traceloop.association.properties.tags", .text(#"["a","b c"]"#)), ("metadata.tags", ["a", "b c"]),
        ] as [(String, DraftValue)]
    )
    func `tags read the same from every dialect`(_ key: String, _ value: DraftValue) throws {
        var draft = SpanDraft(["gen_ai.operation.name": "chat"])
        draft.attributes.append((key, value))
        #expect(try draft.conversation().tags == ["a", "b c"])
    }
}
