// Conversation+JSON.swift - the content of a span, as answers show it.

import TraceModel
import GenAISemantics
import OTLPCodec

extension Conversation {
    /// Appends what there is, each member with a comma before it; texts are whole.
    func appendMembers(to json: inout [UInt8]) {
        if !requestParams.isEmpty { json.append(member: "request_params") { $0.appendJSON(.object(requestParams)) } }
        append(systemInstructions, as: "system_instructions", to: &json) { $0.append(to: &$1) }
        append(tools, as: "tools", to: &json) { $0.append(to: &$1) }
        append(input, as: "input_messages", to: &json) { $0.append(to: &$1) }
        append(output, as: "output_messages", to: &json) { $0.append(to: &$1) }
        if let inputValue { json.append(member: "input") { $0.appendJSON(inputValue) } }
        if let outputValue { json.append(member: "output") { $0.appendJSON(outputValue) } }
        if let toolRun { json.append(member: "tool") { toolRun.append(to: &$0) } }
        if let retrieval { json.append(member: "retrieval") { retrieval.append(to: &$0) } }
        append(embeddingInputs, as: "embedding_inputs", to: &json) { $1.appendJSON($0) }
        if !tags.isEmpty { json.append(member: "tags") { $0.appendJSON(texts: tags) } }
        guard source != ContentSource() else { return }
        json.append(member: "content_source") { json in
            json.append(raw: "{\"input\":")
            json.appendJSON(source.input)
            json.append(raw: ",\"output\":")
            json.appendJSON(source.output)
            json.append(raw: "}")
        }
    }

    private func append<Element>(
        _ elements: [Element],
        as name: StaticString,
        to json: inout [UInt8],
        _ append: (Element, inout [UInt8]) -> Void
    ) {
        guard !elements.isEmpty else { return }
        json.append(member: name) { json in json.append(list: elements, append) }
    }
}

extension ChatMessage {
    fileprivate func append(to json: inout [UInt8]) {
        json.append(raw: "{\"role\":")
        json.appendJSON(role)
        json.append(text: name, as: "name")
        json.append(raw: ",\"parts\":")
        json.append(list: parts) { $0.append(to: &$1) }
        json.append(text: finishReason, as: "finish_reason")
        json.append(text: toolCallID, as: "tool_call_id")
        json.append(raw: "}")
    }
}

extension MessagePart {
    /// The names are those of the conventions (attribute dictionary, section 3).
    fileprivate func append(to json: inout [UInt8]) {
        switch self {
        case .text(let text):
            json.append(raw: "{\"type\":\"text\",\"content\":")
            json.appendJSON(text)
        case .reasoning(let text):
            json.append(raw: "{\"type\":\"reasoning\",\"content\":")
            json.appendJSON(text)
        case .toolCall(let id, let name, let arguments):
            json.append(raw: "{\"type\":\"tool_call\",\"id\":")
            json.appendJSON(id)
            json.append(raw: ",\"name\":")
            json.appendJSON(name)
            json.append(raw: ",\"arguments\":")
            json.appendJSON(arguments)
        case .toolResult(let id, let name, let result):
            json.append(raw: "{\"type\":\"tool_call_response\",\"id\":")
            json.appendJSON(id)
            json.append(text: name, as: "name")
            json.append(raw: ",\"result\":")
            json.appendJSON(result)
        case .media(let reference):
            reference.append(to: &json)
        case .generic(let type, let value):
            json.append(raw: "{\"type\":\"generic\",\"original_type\":")
            json.appendJSON(type)
            json.append(raw: ",\"value\":")
            json.appendJSON(value)
        }
        json.append(raw: "}")
    }
}

extension MediaReference {
    /// Appends the members of a part and leaves it open.
    fileprivate func append(to json: inout [UInt8]) {
        switch place {
        case .uri: json.append(raw: "{\"type\":\"uri\"")
        case .file: json.append(raw: "{\"type\":\"file\"")
        case .inline: json.append(raw: "{\"type\":\"blob\"")
        }
        json.append(raw: ",\"modality\":")
        json.appendJSON(modality.rawValue)
        json.append(raw: ",\"mime_type\":")
        json.appendJSON(mimeType)
        switch place {
        case .uri(let uri): json.append(text: uri, as: "uri")
        case .file(let id): json.append(text: id, as: "file_id")
        case .inline(let bytes):
            json.append(raw: ",\"inline\":true,\"size\":")
            json.appendJSON(bytes)
        }
    }
}

extension ToolDefinition {
    fileprivate func append(to json: inout [UInt8]) {
        json.append(raw: "{\"name\":")
        json.appendJSON(name)
        json.append(raw: ",\"description\":")
        json.appendJSON(description)
        json.append(raw: ",\"parameters\":")
        json.appendJSON(parameters ?? .null)
        json.append(raw: "}")
    }
}

extension ToolRun {
    fileprivate func append(to json: inout [UInt8]) {
        json.append(raw: "{\"name\":")
        json.appendJSON(name)
        json.append(raw: ",\"call_id\":")
        json.appendJSON(callID)
        json.append(raw: ",\"arguments\":")
        json.appendJSON(arguments ?? .null)
        json.append(raw: ",\"result\":")
        json.appendJSON(result ?? .null)
        json.append(raw: "}")
    }
}

extension Retrieval {
    fileprivate func append(to json: inout [UInt8]) {
        json.append(raw: "{\"query\":")
        json.appendJSON(query ?? .null)
        json.append(raw: ",\"documents\":")
        json.append(list: documents) { $1.appendJSON($0) }
        json.append(raw: "}")
    }
}
