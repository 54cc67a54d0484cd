// ConversationShapeTests.swift - the shapes of providers: parts, calls, tools, bodies.

import GenAISemantics
import Testing
import TraceModel

struct ConversationShapeTests {
    private func parts(_ json: String) throws -> [MessagePart] {
        let messages = #"[{"role":"user","content":\#(json)}]"#
        return try SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.input.messages": .text(messages)]).conversation()
            .input[0].parts
    }

    private static let arguments = JSONValue.object([JSONMember("city", .string("Oslo"))])
    private static let call = MessagePart.toolCall(id: "c1", name: "weather", arguments: arguments)

    @Test(arguments: [
        #"[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Oslo"}}]"#,
        #"[{"type":"tool_use","id":"c1","name":"weather","input":{"city":"Oslo"}}]"#,
        #"[{"type":"tool-call","toolCallId":"c1","toolName":"weather","args":{"city":"Oslo"}}]"#,
        #"[{"type":"tool-call","toolCallId":"c1","toolName":"weather","input":"{\"city\":\"Oslo\"}"}]"#,
        #"[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]"#,
        #"[{"type":"function_call","id":"x","call_id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}"}]"#,
        #"[{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Oslo"}}}]"#,
        #"[{"functionCall":{"id":"c1","name":"weather","args":{"city":"Oslo"}}}]"#,
        #"[{"function_call":{"id":"c1","name":"weather","args":{"city":"Oslo"}}}]"#,
        #"[{"toolRequest":{"ref":"c1","name":"weather","input":{"city":"Oslo"}}}]"#,
        #"[{"tool_call":{"id":"c1","tool_name":"weather","arguments":{"city":"Oslo"}}}]"#,
    ])
    func `a call reads the same from every provider`(_ json: String) throws {
        #expect(try parts(json) == [Self.call])
    }

    @Test(arguments: [
        #"[{"type":"tool_call_response","id":"c1","result":"sunny"}]"#,
        #"[{"type":"tool_call_response","id":"c1","response":"sunny"}]"#,
        #"[{"type":"tool_result","tool_use_id":"c1","content":"sunny"}]"#,
        #"[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"sunny"}]}]"#,
        #"[{"type":"tool-result","toolCallId":"c1","output":{"type":"text","value":"sunny"}}]"#,
        #"[{"type":"function_call_output","call_id":"c1","output":"sunny"}]"#,
        #"[{"toolResult":{"toolUseId":"c1","content":[{"text":"sunny"}],"status":"success"}}]"#,
    ])
    func `a result reads the same from every provider`(_ json: String) throws {
        #expect(try parts(json) == [.toolResult(id: "c1", name: nil, result: .string("sunny"))])
    }

    @Test(arguments: [
        #"[{"type":"reasoning","content":"hm"}]"#, #"[{"type":"thinking","thinking":"hm","signature":"s"}]"#,
        #"[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]}]"#, #"[{"text":"hm","thought":true}]"#,
        #"[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}}]"#, #"[{"reasoning":"hm"}]"#,
    ])
    func `a thought reads the same from every provider`(_ json: String) throws {
        #expect(try parts(json) == [.reasoning("hm")])
    }

    @Test(arguments: [
        (
            #"{"type":"image_url","image_url":{"url":"https://x/y.png"}}"#, nil,
            MediaReference.Place.uri("https://x/y.png")
        ),
        (#"{"type":"input_image","image_url":"https://x/y.png"}"#, nil, .uri("https://x/y.png")),
        (#"{"type":"image","source":{"type":"url","url":"https://x/y.png"}}"#, nil, .uri("https://x/y.png")),
        (
            #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAAAA=="}}"#, "image/png",
            .inline(bytes: 4)
        ),
        (#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}"#, "image/png", .inline(bytes: 3)),
        (#"{"inlineData":{"mimeType":"image/png","data":"AAAA"}}"#, "image/png", .inline(bytes: 3)),
        (#"{"fileData":{"mimeType":"image/png","fileUri":"gs://b/y"}}"#, "image/png", .uri("gs://b/y")),
        (
            #"{"type":"uri","modality":"image","mime_type":"image/png","uri":"https://x/y"}"#, "image/png",
            .uri("https://x/y")
        ),
        (#"{"type":"file","modality":"image","mime_type":"image/png","file_id":"f1"}"#, "image/png", .file("f1")),
        (
            #"{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"}"#, "image/png",
            .inline(bytes: 3)
        ),
        (
            #"{"message_content":{"type":"image","image":{"image":{"url":"https://x/y.png"}}}}"#, nil,
            .uri("https://x/y.png")
        ),
        (#"{"image":{"format":"png","source":{"bytes":"AAAA"}}}"#, "image/png", .inline(bytes: 3)),
    ])
    func `an image is a reference, never its bytes`(_ json: String, _ type: String?, _ place: MediaReference.Place)
        throws
    {
        #expect(try parts("[\(json)]") == [.media(MediaReference(modality: .image, mimeType: type, place: place))])
    }

    @Test func `sounds and documents are references too`() throws {
        let json =
            #"[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"file","file":{"file_id":"f1","filename":"a.pdf"}}]"#
        #expect(
            try parts(json) == [
                .media(MediaReference(modality: .audio, mimeType: "audio/wav", place: .inline(bytes: 3))),
                .media(MediaReference(modality: .document, mimeType: nil, place: .file("f1"))),
            ]
        )
    }

    @Test func `an unknown type is kept as it is, without bytes`() throws {
        let bytes = String(repeating: "A", count: 4096)
        let json = #"[{"type":"hologram","depth":3,"data":{"mime_type":"x/y","data":"\#(bytes)"}}]"#
        guard case .generic(let type, let value)? = try parts(json).first else {
            Issue.record("no generic part")
            return
        }
        #expect(type == "hologram")
        #expect(value["depth"] == .number("3"))
        #expect(value[path: ["data", "data"]] == .string("<4096 bytes>"))
    }

    @Test(arguments: [
        #"{"answer": 42}"#, #"[1, 2]"#, #"{"text": 1"#, "[see above]", #"{"role": "user""#,
        #"{"type": "circle", "r": 2}"#,
    ])
    func `an answer that looks like JSON stays text`(_ text: String) throws {
        let draft = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.completion.0.content": .text(text)])
        #expect(try draft.conversation().output == [ChatMessage(role: "assistant", parts: [.text(text)])])
        let plain = SpanDraft(["gen_ai.operation.name": "chat", "ai.response.text": .text(text)])
        #expect(try plain.conversation().output == [ChatMessage(role: "assistant", parts: [.text(text)])])
    }

    @Test func `a message of a tool is the result of its call`() throws {
        let messages =
            #"[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"{\"sky\":\"clear\"}"}]"#
        let input = try SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.input.messages": .text(messages)])
            .conversation().input
        let result = JSONValue.object([JSONMember("sky", .string("clear"))])
        #expect(
            input == [
                ChatMessage(role: "assistant", parts: [Self.call]),
                ChatMessage(role: "tool", parts: [.toolResult(id: "c1", name: nil, result: result)], toolCallID: "c1"),
            ]
        )
    }

    @Test(arguments: [
        ("human", "user"), ("ai", "assistant"), ("model", "assistant"), ("developer", "system"), ("function", "tool"),
        ("MessageRole.USER", "user"), ("tool-call", "assistant"), ("unknown", "user"), ("Narrator", "narrator"),
    ])
    func `roles have canonical names`(_ sent: String, _ role: String) throws {
        let messages = #"[{"role":"\#(sent)","content":"x"}]"#
        let draft = SpanDraft(["gen_ai.operation.name": "chat", "gen_ai.input.messages": .text(messages)])
        #expect(try draft.conversation().input.map(\.role) == [role])
    }

    @Test func `items of OpenAI responses join to messages`() throws {
        let input =
            #"{"model":"m","instructions":"Be brief.","input":[{"role":"user","content":[{"type":"input_text","text":"Hi?"}]},{"type":"reasoning","summary":[]},{"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}"},{"type":"function_call_output","call_id":"c1","output":"sunny"}],"tools":[{"type":"function","name":"weather","parameters":{}},{"type":"web_search"}],"temperature":0.5,"max_output_tokens":10}"#
        let output =
            #"{"object":"response","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"web_search_call","id":"w"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Ho."}]}]}"#
        let conversation = try SpanDraft([
            "gen_ai.operation.name": "chat", "input.value": .text(input), "output.value": .text(output),
        ]).conversation()
        #expect(conversation.systemInstructions == [.text("Be brief.")])
        #expect(conversation.input.map(\.role) == ["user", "assistant", "tool"])
        #expect(conversation.input[1].parts == [.reasoning(""), Self.call])
        #expect(conversation.output.count == 1)
        #expect(conversation.output[0].parts.first == .reasoning("hm"))
        #expect(conversation.output[0].parts.last == .text("Ho."))
        #expect(conversation.tools.map(\.name) == ["weather", "web_search"])
        #expect(
            conversation.requestParams == [
                JSONMember("temperature", .number("0.5")), JSONMember("max_tokens", .number("10")),
            ]
        )
    }

    @Test(arguments: [
        #"{"candidates":[{"content":{"role":"model","parts":[{"text":"A"}]},"finishReason":"STOP"},{"content":{"parts":[{"text":"B"}]},"finishReason":"STOP"}]}"#,
        #"{"choices":[{"text":"A","finish_reason":"STOP"},{"text":"B","finish_reason":"STOP"}]}"#,
        #"[{"role":"assistant","content":"A","finish_reason":"STOP"},{"role":"assistant","content":"B","finish_reason":"STOP"}]"#,
    ])
    func `each choice is a message`(_ json: String) throws {
        let output = try SpanDraft(["gen_ai.operation.name": "chat", "output.value": .text(json)]).conversation().output
        #expect(output == ["A", "B"].map { ChatMessage(role: "assistant", parts: [.text($0)], finishReason: "STOP") })
    }

    @Test(arguments: [
        #"{"role":"assistant","content":[{"type":"text","text":"A"}],"stop_reason":"end"}"#,
        #"{"output":{"message":{"role":"assistant","content":[{"text":"A"}]}},"stopReason":"end"}"#,
        #"{"message":{"role":"assistant","content":"A"},"done_reason":"end"}"#,
        #"{"completion":"A","stop_reason":"end"}"#, #"{"results":[{"outputText":"A","completionReason":"end"}]}"#,
        #""{\"completion\":\"A\",\"stop_reason\":\"end\"}""#,
    ])
    func `answers of providers read the same`(_ json: String) throws {
        let output = try SpanDraft(["gen_ai.operation.name": "chat", "output.value": .text(json)]).conversation().output
        #expect(output == [ChatMessage(role: "assistant", parts: [.text("A")], finishReason: "end")])
    }

    @Test(arguments: [
        ("gen_ai.tool.definitions", #"[{"type":"function","name":"f","description":"d","parameters":{"x":1}}]"#),
        (
            "gen_ai.tool.definitions",
            #"[{"type":"function","function":{"name":"f","description":"d","parameters":{"x":1}}}]"#
        ),
        ("gen_ai.tool.definitions", #"[{"name":"f","description":"d","input_schema":{"x":1}}]"#),
        (
            "gen_ai.tool.definitions",
            #"[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"x":1}}]}]"#
        ),
        ("gen_ai.tool.definitions", #"[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"x":1}}}}]"#),
        ("ai.prompt.tools", #"["{\"name\":\"f\",\"description\":\"d\",\"inputSchema\":{\"x\":1}}"]"#),
        (
            "llm.tools.0.tool.json_schema",
            #"{"type":"function","function":{"name":"f","description":"d","parameters":{"x":1}}}"#
        ),
        (
            "model_request_parameters",
            #"{"function_tools":[{"name":"f","description":"d","parameters_json_schema":{"x":1}}],"output_tools":[]}"#
        ),
        (
            "mlflow.chat.tools",
            #"[{"type":"function","function":{"name":"f","description":"d","parameters":"{\"x\":1}"}}]"#
        ),
    ])
    func `a tool reads the same from every dialect`(_ key: String, _ json: String) throws {
        var draft = SpanDraft(["gen_ai.operation.name": "chat"])
        draft.attributes.append((key, .text(json)))
        let parameters = JSONValue.object([JSONMember("x", .number("1"))])
        #expect(try draft.conversation().tools == [ToolDefinition(name: "f", description: "d", parameters: parameters)])
    }
}
