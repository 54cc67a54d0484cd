// ShapeReader+Tools.swift - tool calls, their results and definitions in the shapes of all providers.

import TraceModel

extension ShapeReader {
    /// A call in any shape; the arguments of some providers are JSON inside a string.
    func toolCall(_ object: JSONValue) -> MessagePart {
        let call = object["tool_call"] ?? object
        let function = call.value("function", "custom").flatMap { $0.object == nil ? nil : $0 } ?? call
        let arguments =
            function.value("arguments", "args", "input", "parameters", "partial_json")
            ?? call.value("arguments", "args", "input")
        return .toolCall(
            id: call.identifier("call_id", "id", "tool_call_id", "toolCallId", "toolUseId", "tool_use_id", "ref"),
            name: function.text("name", "toolName", "tool_name") ?? call.text("name", "toolName", "tool_name"),
            arguments: opened(arguments ?? .object([]))
        )
    }

    /// The calls in a `tool_calls`, which may be a list, one call, or JSON text of either.
    func toolCalls(_ value: JSONValue) -> [MessagePart] {
        switch value {
        case .array(let elements):
            return elements.flatMap { element -> [MessagePart] in
                if case .string = element { return toolCalls(element) }
                return element.object == nil ? [] : [toolCall(element)]
            }
        case .object: return [toolCall(value)]
        case .string(let text):
            return inText { json(in: text).map { toolCalls($0) } } ?? []
        default: return []
        }
    }

    /// What a call gave, in any shape.
    func toolResult(_ object: JSONValue) -> MessagePart {
        let origin = object["origin"]
        let result = object.value("response", "result", "output", "content")
        return .toolResult(
            id: object.identifier("call_id", "tool_call_id", "toolCallId", "toolUseId", "tool_use_id", "id", "ref")
                ?? origin?.identifier("id"),
            name: object.text("name", "toolName", "tool_name") ?? origin?.text("tool_name", "name"),
            result: self.result(result ?? .null)
        )
    }

    /// A result: JSON text is opened, and what only wraps one value is that value.
    func result(_ value: JSONValue) -> JSONValue {
        var value = value
        if case .array(let elements) = value, elements.count == 1, let only = elements[0].object, only.count <= 2,
            let inner = elements[0]["text"] ?? elements[0]["json"]
        {
            value = inner
        } else if let members = value.object, members.count == 2, let inner = value["value"], value["type"] != nil {
            value = inner
        }
        return opened(value).withoutInlineBytes
    }

    /// The tools in a list, in an object by name, or in JSON text of either.
    func tools(_ value: JSONValue) -> [ToolDefinition] {
        switch value {
        case .array(let elements): return elements.flatMap { tools($0) }
        case .string(let text):
            guard !text.isEmpty else { return [] }
            let found = inText { rememberedTools(text) { jsonOrQuoted(in: text).map { tools($0) } } }
            return found ?? [ToolDefinition(name: text)]
        case .object: return tools(inObject: value)
        default: return []
        }
    }

    private func tools(inObject object: JSONValue) -> [ToolDefinition] {
        // OpenInference, Gemini, Bedrock, Pydantic AI and Haystack wrap what they list.
        if let inner = object["tool"], inner.object != nil { return tools(inner) }
        if let inner = object["json_schema"] ?? object["toolSpec"] ?? object["tool_spec"] { return tools(inner) }
        for list in ["function_declarations", "functionDeclarations", "function_tools"] {
            guard let inner = object[list], inner.array != nil else { continue }
            return tools(inner) + (object["output_tools"].map { tools($0) } ?? [])
        }
        if let inner = object["data"], inner["name"] != nil { return tools(inner) }
        if let definition = definition(object) { return [definition] }
        // An object whose members are tools by name.
        return (object.object ?? []).compactMap { member in
            guard member.value.object != nil, var tool = definition(named: member.name, member.value) else {
                return nil
            }
            tool.name = member.name
            return tool
        }
    }

    /// One definition; nil when it names no tool.
    func definition(_ object: JSONValue) -> ToolDefinition? {
        let function = object["function"].flatMap { $0.object == nil ? nil : $0 } ?? object
        guard let name = function.text("name") ?? object.text("name", "type") else { return nil }
        return definition(named: name, function)
    }

    private func definition(named name: String, _ object: JSONValue) -> ToolDefinition? {
        let schema = object.value(
            "parameters",
            "input_schema",
            "inputSchema",
            "parameters_json_schema",
            "parametersJsonSchema",
            "args_schema"
        )
        let parameters = schema.map { opened($0["json"] ?? $0["jsonSchema"] ?? $0) }
        return ToolDefinition(name: name, description: object.text("description"), parameters: parameters)
    }

    /// Whether an object that stands where content is expected defines a tool, as some callbacks send them.
    func isDefinition(_ object: JSONValue) -> Bool {
        object["type"]?.string == "function" && object["function"]?["parameters"] != nil
    }
}
