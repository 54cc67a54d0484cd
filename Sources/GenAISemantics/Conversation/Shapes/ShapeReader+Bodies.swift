// ShapeReader+Bodies.swift - bodies of requests and responses, and what frameworks wrap around messages.

import TraceModel

extension ShapeReader {
    /// What an object holds; nil when it is neither a message nor a body that has some.
    func body(object: JSONValue, _ side: Side) -> ContentBody? {
        if let inner = Self.typedValue(object) { return content(inner, side) }
        if isMessage(object), object["choices"] == nil, object["messages"] == nil {
            var body = side == .output ? response(object, side) : nil
            if body == nil { body = ContentBody(messages: [message(object, side)]) }
            return body
        }
        if isBlocks(object) { return ContentBody(messages: [ChatMessage(role: side.role, parts: [part(object)])]) }
        // Each way in is gone once: twice at each of many levels would be no end.
        let body =
            side == .output
            ? response(object, side) ?? request(object, side) : request(object, side) ?? response(object, side)
        return body ?? wrapped(object, side)
    }

    /// What a value wraps that names the type of its content, such as `{"type":"chat_messages","value":[...]}`.
    private static func typedValue(_ object: JSONValue) -> JSONValue? {
        guard object.object?.count == 2, let type = object["type"]?.string, let value = object["value"] else {
            return nil
        }
        return type == "chat_messages" || type == "text" || type == "raw" ? value : nil
    }

    /// The body of a request; nil when the object is none.
    private func request(_ object: JSONValue, _ side: Side) -> ContentBody? {
        // OpenAI, Anthropic, Bedrock and most frameworks; Gemini; OpenAI responses; text completion.
        guard var body = conversation(in: object, side) else { return nil }
        let config = object.value("config", "generation_config", "generationConfig")
        let system = object.value("system", "instructions", "system_instruction", "systemInstruction", "system_prompt")
        if let system = system ?? config?.value("system_instruction", "systemInstruction") {
            body.system += instructions(system)
        }
        let tools = object.value("tools", "functions") ?? object["toolConfig"]?["tools"] ?? config?["tools"]
        body.tools += tools.map { self.tools($0) } ?? []
        body.params = RequestParams.members(inBody: object)
        return body
    }

    private func conversation(in object: JSONValue, _ side: Side) -> ContentBody? {
        for name in ["messages", "chat_history", "items"] {
            guard let list = object[name], !list.isNull else { continue }
            if let elements = list.array, elements.isEmpty {
                // Vercel sends an empty list beside a prompt.
                continue
            }
            if let body = body(list, side) { return body }
        }
        if let contents = object["contents"], !contents.isNull { return content(contents, side) }
        let isRequest = object["model"]?.string != nil || object["instructions"] != nil
        if isRequest, let input = object["input"], object["output"] == nil, !input.isNull {
            return content(input, side)
        }
        if let prompt = object["prompt"], prompt.string != nil || prompt.array != nil {
            return side == .input ? content(prompt, side) : nil
        }
        return nil
    }

    /// Instructions that stand apart from the messages.
    func instructions(_ value: JSONValue) -> [MessagePart] {
        if case .string(let text) = value {
            let list = inText { jsonOrQuoted(in: text).map { instructions($0) } }
            return list ?? (text.isEmpty ? [] : [.text(text)])
        }
        if case .array(let elements) = value, elements.contains(where: isMessage) {
            return elements.flatMap { message($0, .input).parts }
        }
        if value.object != nil, isMessage(value) { return message(value, .input).parts }
        return parts(value)
    }

    /// The body of a response; nil when the object is none.
    private func response(_ object: JSONValue, _ side: Side) -> ContentBody? {
        if let choices = object["choices"]?.array, !choices.isEmpty {
            return ContentBody(messages: choices.map(choice))
        }
        if let candidates = object["candidates"]?.array, !candidates.isEmpty {
            return ContentBody(messages: candidates.map(candidate))
        }
        if let content = object["content"], content["parts"]?.array != nil {
            return ContentBody(messages: [candidate(object)])
        }
        if let lists = object["generations"]?.array, let body = generations(lists) { return body }
        if let replies = object["replies"]?.array, !replies.isEmpty { return content(.array(replies), side) }
        if let output = object["output"], let body = responseOutput(output, of: object, side) { return body }
        // CrewAI repeats what went in beside what came out.
        if object["expected_output"] != nil || object["tasks_output"] != nil, let text = object.text("raw") {
            return ContentBody(messages: [ChatMessage(role: "assistant", parts: [.text(text)])])
        }
        // Ollama, Titan, Llama and older models: one text.
        let text =
            object.text("completion", "generation", "outputText", "output_text", "combined_chunk_content")
            ?? (object["done"] != nil ? object.text("response") : nil)
        if let text, object["messages"] == nil {
            let reason = Self.finishReason(of: object)
            return ContentBody(messages: [ChatMessage(role: "assistant", parts: [.text(text)], finishReason: reason)])
        }
        if let results = object.value("results", "outputs")?.array, results.contains(where: Self.isTextResult) {
            return ContentBody(messages: results.map(choice))
        }
        return nil
    }

    private static func isTextResult(_ value: JSONValue) -> Bool {
        value["outputText"] != nil || (value["text"]?.string != nil && value["stop_reason"] != nil)
    }

    /// The `output` of Bedrock is a message, that of OpenAI responses a list of items.
    private func responseOutput(_ output: JSONValue, of object: JSONValue, _ side: Side) -> ContentBody? {
        if let message = output["message"], message.object != nil {
            var body = ContentBody(messages: [self.message(message, side)])
            body.messages[0].finishReason = Self.finishReason(of: object)
            return body
        }
        guard output.array != nil, var body = body(output, side) else { return nil }
        if object["object"]?.string == "response", let instructions = object["instructions"], side == .input {
            body.system += self.instructions(instructions)
        }
        return body
    }

    /// One choice of a chat or text completion.
    private func choice(_ value: JSONValue) -> ChatMessage {
        if value["message"]?.object != nil || value["delta"]?.object != nil { return message(value, .output) }
        let text = value.text("text", "outputText").map { [MessagePart.text($0)] }
        return ChatMessage(
            role: "assistant",
            parts: text ?? value["message"].map { parts($0) } ?? [],
            finishReason: Self.finishReason(of: value)
        )
    }

    /// One candidate of Gemini.
    private func candidate(_ value: JSONValue) -> ChatMessage {
        let content = value["content"] ?? value
        var message = message(content, .output)
        message.role = "assistant"
        message.finishReason = Self.finishReason(of: value)
        return message
    }

    /// The generations of LangChain: one list for each prompt.
    private func generations(_ lists: [JSONValue]) -> ContentBody? {
        let generations = lists.flatMap { $0.array ?? [$0] }
        guard !generations.isEmpty else { return nil }
        return ContentBody(
            messages: generations.map { generation in
                guard let inner = generation["message"], inner.object != nil else { return choice(generation) }
                var message = message(inner, .output)
                message.finishReason = message.finishReason ?? Self.finishReason(of: generation)
                return message
            }
        )
    }

    /// Messages one level deeper, as chains and their callbacks wrap them; `object` is no response.
    private func wrapped(_ object: JSONValue, _ side: Side) -> ContentBody? {
        for name in ["inputs", "outputs", "input", "output", "kwargs", "request", "response", "data", "update"] {
            guard let inner = object[name], inner.object != nil || inner.array != nil, !isDocuments(inner) else {
                continue
            }
            // As a list it would have made the object a response.
            if name == "output", inner.array != nil { continue }
            if let body = body(inner, side) { return body }
        }
        return nil
    }

    private func isDocuments(_ value: JSONValue) -> Bool {
        value.array?.first.map { $0["page_content"] != nil || $0["score"] != nil || $0["embedding"] != nil } ?? false
    }
}
