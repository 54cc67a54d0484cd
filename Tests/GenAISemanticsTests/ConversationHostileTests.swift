// ConversationHostileTests.swift - content that means harm: it is read in bounds, and stays text.

import GenAISemantics
import Testing

@Suite(.serialized) struct ConversationHostileTests {
    private func input(_ text: String) throws -> [ChatMessage] {
        try SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.input.messages": .text(text)]).conversation().input
    }

    @Test(arguments: [
        String(repeating: "[", count: 200_000), String(repeating: #"{"message":"#, count: 100_000),
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65), #"[{"role":"user","content":"cut off"#,
        "\"", "{}x", "[\u{0}]",
    ])
    func `what is no JSON within the limits is kept as text`(_ text: String) throws {
        #expect(try input(text) == [ChatMessage(role: "user", parts: [.text(text)])])
    }

    @Test func `deep wrappers within the limit are read without overflow`() throws {
        let deep = String(repeating: #"{"inputs":"#, count: 63) + "1" + String(repeating: "}", count: 63)
        #expect(try !input(deep).isEmpty)
        let lists = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try !input(lists).isEmpty)
    }

    @Test(
        arguments: [
            "messages", "chat_history", "items", "contents", "input", "prompt", "output", "outputs", "replies",
            "inputs",
            "kwargs", "request", "response", "data", "update", "generations", "choices", "value", "message", "results",
        ]
    )
    func `what is wrapped many times and comes to nothing is looked through once`(_ name: String) throws {
        let head = name == "value" ? #"{"type":"raw","value":"# : #"{"model":"m","\#(name)":"#
        // Each would be read twice or more at each level, so that thirty levels would take for ever.
        let shapes = [
            (#"\#(head)"#, "}"), (#"\#(head)["#, "]}"), (#"\#(head)[["user","x"],"#, "]}"),
            (#"\#(head)[["user","x"],"#, ",{}]}"), (#"\#(head){"type":"raw","value":"#, "}}"),
            (#"\#(head)[["user","x"],{"type":"raw","value":"#, "},{}]}"), (#"{"generations":[],"output":["#, "]}"),
        ]
        for (open, close) in shapes {
            for core in ["{}", #"{"tool":1}"#, "[1]"] {
                let text = String(repeating: open, count: 31) + core + String(repeating: close, count: 31)
                for operation in ["chat", "invoke_agent", "execute_tool"] {
                    var draft = SpanDraft(["gen_ai.operation.name": .text(operation), "gen_ai.request.model": "m"])
                    draft.attributes.append(("gen_ai.input.messages", .text(text)))
                    draft.attributes.append(("gen_ai.output.messages", .text(text)))
                    draft.attributes.append(("input.value", .text(text)))
                    draft.attributes.append(("output.value", .text(text)))
                    _ = try draft.conversationIfAny()
                }
            }
        }
    }

    @Test func `bodies some levels deep are found`() throws {
        let message = #"[{"role":"user","content":"here"}]"#
        let wrapped = String(repeating: #"{"inputs":"#, count: 8) + message + String(repeating: "}", count: 8)
        #expect(try input(wrapped) == [ChatMessage(role: "user", parts: [.text("here")])])
        let response = #"{"generations":[],"output":[{"role":"user","content":"here"}]}"#
        #expect(try input(response) == [ChatMessage(role: "user", parts: [.text("here")])])
    }

    @Test func `JSON in JSON in JSON is opened a few times and then is text`() throws {
        var text = #"[{"role":"user","content":"inner"}]"#
        for _ in 0..<12 {
            let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            text = "\"\(quoted)\""
        }
        let messages = try input(text)
        #expect(messages.count == 1)
        #expect(messages[0].role == "user")
    }

    @Test func `ten megabytes are one text, whole`() throws {
        let text = String(repeating: "{\"a\":[", count: 1_700_000)
        #expect(try input(text) == [ChatMessage(role: "user", parts: [.text(text)])])
    }

    @Test func `more values than the limit stay text`() throws {
        let text = "[" + String(repeating: "1,", count: 600_000) + "1]"
        #expect(try input(text) == [ChatMessage(role: "user", parts: [.text(text)])])
    }

    @Test func `keys of families allocate nothing by their index and nest in bounds`() throws {
        var draft = SpanDraft(["gen_ai.operation.name": "chat"])
        draft.attributes.append(("gen_ai.prompt.18446744073709551615.content", "last"))
        draft.attributes.append(("gen_ai.prompt.99999999999999999999999.content", "name"))
        draft.attributes.append(("gen_ai.prompt.0." + String(repeating: "a.", count: 100_000), "deep"))
        draft.attributes.append(("gen_ai.prompt.0..content", "dots"))
        draft.attributes.append(("gen_ai.prompt.", "nothing"))
        _ = try draft.conversationIfAny()
    }

    @Test func `any bytes under any name are read`() async throws {
        var random = SystemRandomNumberGenerator()
        let words = [
            "[", "]", "{", "}", ":", ",", "\"role\"", "\"user\"", "\"content\"", "\"parts\"", "\"type\"", "\"text\"",
            "\"message\"",
            "\"messages\"", "\"tool_calls\"", "\"function\"", "\"name\"", "\"image\"", "\"source\"", "null", "1",
            "true", "\"\"",
            "\\", "\"[{}]\"", " ", "\u{FFFD}", "\"choices\"", "\"data:image/png;base64,\"", "\"output\"", "\"id\"",
        ]
        let names = [
            "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.prompt.0.content", "gen_ai.prompt.0.tool_calls",
            "llm.input_messages.0.message.contents.0.message_content.image.image.url", "input.value", "output.value",
            "ai.response.toolCalls", "ai.prompt.tools", "events", "gen_ai.tool.definitions", "mlflow.spanInputs",
            "retrieval.documents.0.document", "embedding.embeddings.0.embedding", "llm.invocation_parameters",
            "gen_ai.system_instructions", "gen_ai.tool.call.arguments", "pydantic_ai.all_messages", "gen_ai.request.x",
        ]
        let operations = ["chat", "embeddings", "execute_tool", "retrieval", "invoke_agent", "none"]
        for _ in 0..<1_000 {
            await Task.yield()
            var draft = SpanDraft()
            draft.attributes = [("gen_ai.operation.name", .text(operations.randomElement(using: &random) ?? ""))]
            for _ in 0..<4 {
                let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                    words.randomElement(using: &random) ?? ""
                }
                draft.attributes.append((names.randomElement(using: &random) ?? "", .text(text.joined())))
            }
            draft.events = [("gen_ai.choice", 1, [("message", draft.attributes[1].1)])]
            _ = try draft.conversationIfAny()
        }
    }
}
