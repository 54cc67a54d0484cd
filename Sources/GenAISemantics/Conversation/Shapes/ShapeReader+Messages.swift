// ShapeReader+Messages.swift - messages in the shapes of all providers and frameworks.

import TraceModel

extension ShapeReader {
    /// What a value holds; nil when it does not look like messages.
    ///
    /// Bodies in bodies are read to a depth that no library comes near.
    func body(_ value: JSONValue, _ side: Side) -> ContentBody? {
        guard bodies < Self.mostBodies else { return nil }
        bodies += 1
        defer { bodies -= 1 }
        switch value {
        case .string(let text):
            return inText {
                if let list = remembered(text, side) { return list }
                return jsonOrQuoted(in: text).flatMap { body($0, side) }
            }
        case .array(let elements):
            var entries: [ListEntry] = []
            return body(list: elements, side, &entries)
        case .object: return body(object: value, side)
        default: return nil
        }
    }

    /// What a value holds when it is known to be content: what does not look like messages is text.
    func content(_ value: JSONValue, _ side: Side) -> ContentBody {
        var value = value
        if case .string(let text) = value, text.utf8.first == UInt8(ascii: "\"") {
            value = inText { jsonOrQuoted(in: text) } ?? value
        }
        if let body = body(value, side) { return body }
        var content = ContentBody()
        switch value {
        case .null: break
        case .string(let text):
            if !text.isEmpty { content.messages = [ChatMessage(role: side.role, parts: texts(in: text))] }
        case .array(let elements) where elements.allSatisfy({ $0.string != nil }):
            content.messages = elements.map { ChatMessage(role: side.role, parts: parts($0)) }
        case .array(let elements) where elements.isEmpty: break
        case .object(let members) where members.isEmpty: break
        default: content.messages = [ChatMessage(role: side.role, parts: [generic("json", value)])]
        }
        return content
    }

    /// Text that is no message: a list of texts in JSON is that many.
    private func texts(in text: String) -> [MessagePart] {
        let list = inText { () -> [MessagePart]? in
            guard let elements = json(in: text)?.array, elements.allSatisfy({ $0.string != nil }) else { return nil }
            return elements.flatMap { parts($0) }
        }
        return list ?? parts(.string(text))
    }

    /// What a list holds; nil when it does not look like messages.
    ///
    /// `entries` are what the first elements are known to be, and become what all of them are if they are messages.
    func body(list elements: [JSONValue], _ side: Side, _ entries: inout [ListEntry]) -> ContentBody? {
        guard let first = elements.first else { return nil }
        if let message = pair(elements) { return ContentBody(messages: [message]) }
        if case .string(let text) = first {
            // A list of messages that are JSON text each.
            guard json(in: text) != nil else { return nil }
            return joined(elements, side)
        }
        if first.array != nil { return joined(elements, side) }
        guard first.object != nil else { return nil }
        if isBlocks(.array(elements)), !elements.contains(where: isItem) {
            return ContentBody(messages: [ChatMessage(role: side.role, parts: parts(.array(elements)))])
        }
        guard elements.contains(where: isMessage) else { return nil }
        var body = ContentBody()
        for (place, element) in elements.enumerated() {
            if place == entries.count || !spend(entries[place].values) {
                entries.removeSubrange(place...)
                let read = counting { entry(element, side) }
                entries.append(ListEntry(content: read.result, values: read.values))
            }
            switch entries[place].content {
            case .tools(let tools): body.tools += tools
            case .message(let message, let isItem): body.append(message, isItem: isItem)
            }
        }
        return body
    }

    /// One element of a list of messages.
    private func entry(_ element: JSONValue, _ side: Side) -> ListEntry.Content {
        if isToolDefinition(element) { return .tools(tools(element["content"] ?? element)) }
        if isMessage(element) { return .message(message(element, side), isItem: isItem(element)) }
        return .message(ChatMessage(role: side.role, parts: parts(element)), isItem: element.object != nil)
    }

    /// The elements of an indexed family, each of which is a message.
    func body(family elements: [JSONValue], _ side: Side) -> ContentBody {
        var body = ContentBody()
        for element in elements {
            guard element.object != nil else {
                body.append(content(element, side))
                continue
            }
            // OpenInference wraps prompts and completions of text models.
            body.append(message(element["prompt"] ?? element["completion"] ?? element, side), isItem: false)
        }
        return body
    }

    /// Lists in a list, as batches have them; nil when one of them holds no messages.
    private func joined(_ elements: [JSONValue], _ side: Side) -> ContentBody? {
        var joined = ContentBody()
        for element in elements {
            guard let body = body(element, side) else { return nil }
            joined.append(body)
        }
        return joined
    }

    /// A message that is a pair of role and text, as LangGraph takes them.
    private func pair(_ elements: [JSONValue]) -> ChatMessage? {
        guard elements.count == 2, let role = elements[0].string, elements[1].string != nil, ChatRole.isKnown(role)
        else {
            return nil
        }
        return ChatMessage(role: ChatRole.canonical(role), parts: parts(elements[1]))
    }

    /// Whether an object is a message.
    func isMessage(_ value: JSONValue) -> Bool {
        guard value.object != nil else { return false }
        if isItem(value) { return true }
        if value["role"]?.string != nil || value["_role"]?.string != nil { return true }
        if let event = value["event.name"]?.string { return ChatRole.ofEvent(event) != nil }
        if let inner = value["message"], inner.object != nil { return true }
        if let type = value["type"]?.string, ChatRole.ofType(type) != nil {
            return value["content"] != nil || value["data"] != nil
        }
        if value["lc"] != nil, value["kwargs"]?["content"] != nil { return true }
        if value["parts"]?.array != nil { return true }
        return value["tool_calls"]?.array != nil
    }

    /// Whether an object is a message by its role, and stands for nothing else in a list.
    func isPlainMessage(_ value: JSONValue) -> Bool {
        value["role"]?.string != nil && !isToolDefinition(value)
    }

    /// Whether an object is an item of OpenAI's responses that has no role, or LiveKit's like.
    private func isItem(_ value: JSONValue) -> Bool {
        guard value["role"] == nil, let type = value["type"]?.string else { return false }
        switch type {
        case "function_call", "function_call_output", "reasoning", "custom_tool_call", "custom_tool_call_output",
            "item_reference", "web_search_call", "file_search_call", "computer_call", "computer_call_output",
            "code_interpreter_call", "image_generation_call", "local_shell_call", "mcp_call", "mcp_list_tools",
            "mcp_approval_request":
            return true
        default: return false
        }
    }

    private func isToolDefinition(_ value: JSONValue) -> Bool {
        value["role"]?.string == "tool" && value["content"].map(isDefinition) == true
    }

    /// One message in any shape.
    func message(_ value: JSONValue, _ side: Side) -> ChatMessage {
        if isItem(value) { return item(value) }
        let fields = Self.fields(of: value)
        var message = ChatMessage(role: role(of: value, fields) ?? side.role)
        message.name = fields.text("name", "_name")
        message.finishReason = Self.finishReason(of: value) ?? Self.finishReason(of: fields)
        message.parts = fields.value("contents", "parts", "blocks").map { parts($0) } ?? []
        if message.parts.isEmpty {
            message.parts = fields.value("content", "_content", "text").map { parts($0) } ?? []
        }
        addThoughts(of: fields, to: &message)
        addCalls(of: fields, to: &message)
        message.toolCallID = fields.identifier("tool_call_id", "toolCallId", "tool_use_id", "call_id")
        if message.role == "tool" { makeResult(of: fields, &message) }
        if let refusal = fields.text("refusal") {
            message.parts.append(.generic(type: "refusal", value: .string(refusal)))
        }
        if let sound = fields["audio"], sound.object != nil, let reference = media(sound, .audio) {
            message.parts.append(.media(reference))
            if let transcript = sound.text("transcript") { message.parts.append(.text(transcript)) }
        }
        return message
    }

    /// The object that has the fields of the message: some shapes wrap it.
    private static func fields(of value: JSONValue) -> JSONValue {
        var fields = value
        // A choice around a message around an index is the deepest that dialects go.
        for _ in 0..<3 {
            let inner = ["message", "delta", "kwargs", "data"].lazy.compactMap { fields[$0] }.first { $0.object != nil }
            guard let inner, fields["content"] == nil, fields["parts"] == nil else { break }
            fields = inner
        }
        return fields
    }

    private func role(of value: JSONValue, _ fields: JSONValue) -> String? {
        if let role = fields.text("role", "_role") ?? value.text("role"), !ChatRole.isUnknown(role) {
            return ChatRole.canonical(role)
        }
        if let event = value["event.name"]?.string, let role = ChatRole.ofEvent(event) { return role }
        for object in [fields, value] {
            if let type = object["type"]?.string, let role = ChatRole.ofType(type) { return role }
            if let last = object["id"]?.array?.last?.string, let role = ChatRole.ofType(last) { return role }
        }
        return nil
    }

    static func finishReason(of object: JSONValue) -> String? {
        object.text(
            "finish_reason",
            "finishReason",
            "stop_reason",
            "stopReason",
            "done_reason",
            "completionReason"
        ) ?? object["meta"]?.text("finish_reason") ?? object["_meta"]?.text("finish_reason")
            ?? object["response_metadata"]?.text("finish_reason", "stop_reason")
            ?? object["generation_info"]?.text("finish_reason")
    }

    private func addThoughts(of fields: JSONValue, to message: inout ChatMessage) {
        let hasThoughts = message.parts.contains { if case .reasoning = $0 { true } else { false } }
        guard !hasThoughts else { return }
        let extra = fields["additional_kwargs"]
        let text =
            fields.text("reasoning_content", "reasoning", "thinking") ?? extra?.text("reasoning_content", "reasoning")
        if let text { message.parts.insert(.reasoning(text), at: 0) }
    }

    /// Appends the calls that stand beside the content, once each.
    private func addCalls(of fields: JSONValue, to message: inout ChatMessage) {
        let extra = fields["additional_kwargs"]
        var calls = fields.value("tool_calls", "toolCalls").map { toolCalls($0) } ?? []
        if calls.isEmpty, let call = fields["function_call"], call.object != nil { calls = [toolCall(call)] }
        if calls.isEmpty, let name = fields.text("function_call_name") {
            let arguments = opened(fields["function_call_arguments_json"] ?? .null)
            calls = [.toolCall(id: nil, name: name, arguments: arguments)]
        }
        if calls.isEmpty { calls = extra?["tool_calls"].map { toolCalls($0) } ?? [] }
        if calls.isEmpty { calls = fields["invalid_tool_calls"].map { toolCalls($0) } ?? [] }
        guard !calls.isEmpty else { return }
        var known = Set(message.parts.compactMap { Self.callID(of: $0) })
        for call in calls {
            if let id = Self.callID(of: call) {
                if known.insert(id).inserted { message.parts.append(call) }
            } else if known.isEmpty {
                message.parts.append(call)
            }
        }
    }

    private static func callID(of part: MessagePart) -> String? {
        if case .toolCall(let id, _, _) = part { id } else { nil }
    }

    /// Makes the content of a tool's message the result of its call.
    private func makeResult(of fields: JSONValue, _ message: inout ChatMessage) {
        let results = message.parts.compactMap { part -> String?? in
            if case .toolResult(let id, _, _) = part { .some(id) } else { nil }
        }
        if let first = results.first {
            message.toolCallID = message.toolCallID ?? first
            return
        }
        // In an event, `id` is that of the call.
        let id = message.toolCallID ?? fields.identifier("id")
        message.toolCallID = id
        guard let content = fields.value("content", "_content", "contents", "parts", "text") else { return }
        let texts = message.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
        let isText = !texts.isEmpty && texts.count == message.parts.count
        let value = isText ? .string(texts.joined(separator: "\n")) : content
        message.parts = [.toolResult(id: id, name: message.name, result: result(value))]
    }

    /// An item without a role: a call, its result, a thought, or anything else that the model did.
    private func item(_ value: JSONValue) -> ChatMessage {
        let part = part(value)
        switch part {
        case .toolResult(let id, _, _): return ChatMessage(role: "tool", parts: [part], toolCallID: id)
        default: return ChatMessage(role: "assistant", parts: [part])
        }
    }
}
