// ShapeReader+Parts.swift - the content of a message in the shapes of all providers.

import TraceModel

extension ShapeReader {
    /// The parts of a `content`, `parts` or `contents`.
    func parts(_ content: JSONValue) -> [MessagePart] {
        switch content {
        case .null: return []
        case .string(let text): return parts(inText: text)
        case .bool, .number: return [.generic(type: "json", value: content)]
        case .array(let elements):
            return elements.flatMap { element -> [MessagePart] in
                guard case .string(let text) = element else { return parts(element) }
                return text.isEmpty ? [] : [.text(text)]
            }
        case .object:
            // Gemini: the content of a candidate has the parts one level deeper.
            if content["type"] == nil, let parts = content["parts"]?.array { return self.parts(.array(parts)) }
            // A text may hold what else should stand beside it, or nothing.
            if content["type"]?.string == "text", let inner = content["text"] ?? content["content"] {
                if inner.isNull { return [] }
                if inner.array != nil { return self.parts(inner) }
            }
            return [part(content)]
        }
    }

    /// Text is text, unless it is a list of blocks that was written as JSON.
    private func parts(inText text: String) -> [MessagePart] {
        guard !text.isEmpty else { return [] }
        let blocks = inText { () -> [MessagePart]? in
            guard let value = json(in: text), isBlocks(value) else { return nil }
            return parts(value)
        }
        return blocks ?? [.text(text)]
    }

    /// Whether a value is a block or a list of nothing but blocks.
    func isBlocks(_ value: JSONValue) -> Bool {
        switch value {
        case .object: isBlock(value)
        case .array(let elements): !elements.isEmpty && elements.allSatisfy(isBlock)
        default: false
        }
    }

    /// Whether an object is a part, and not a message or any other object.
    private func isBlock(_ value: JSONValue) -> Bool {
        guard let members = value.object, value["role"] == nil, value["page_content"] == nil else { return false }
        if let type = blockType(value) { return BlockType(type) != nil }
        // Bedrock, Gemini and Genkit name the type by a member, which stands alone or beside remarks.
        let rest = members.filter { UntypedBlock(rawValue: $0.name) == nil }
        return rest.count < members.count && rest.allSatisfy { Self.remarks.contains($0.name) }
    }

    private static let remarks: Set<String> = [
        "thought", "thoughtSignature", "thought_signature", "videoMetadata", "video_metadata", "metadata", "custom",
        "cachePoint", "message_content",
    ]

    private func blockType(_ value: JSONValue) -> String? {
        value.text("type", "block_type", "part_kind", "part-kind")
    }

    /// One object as a part.
    func part(_ object: JSONValue) -> MessagePart {
        // OpenInference wraps each part; a call stands beside it.
        if let call = object["tool_call"], object["type"] == nil { return toolCall(call) }
        if let inner = object["message_content"] { return part(inner) }
        if let type = blockType(object) {
            return BlockType(type).flatMap { typed($0, object) } ?? generic(type, object)
        }
        for member in object.object ?? [] {
            if let kind = UntypedBlock(rawValue: member.name), let part = untyped(kind, member.value, of: object) {
                return part
            }
        }
        return generic("json", object)
    }

    func generic(_ type: String, _ value: JSONValue) -> MessagePart {
        .generic(type: type, value: value.withoutInlineBytes)
    }

    /// A part whose `type` is known; nil when it has not what its type needs.
    private func typed(_ type: BlockType, _ object: JSONValue) -> MessagePart? {
        switch type {
        case .text:
            return (object.value("text", "content").flatMap(plainText)).map { .text($0) }
        case .reasoning:
            return reasoning(object)
        case .toolCall:
            return toolCall(object)
        case .toolResult:
            return toolResult(object)
        case .media(let modality):
            return media(object, modality).map { .media($0) }
        }
    }

    private func reasoning(_ object: JSONValue) -> MessagePart? {
        if let text = object.text("thinking", "reasoning", "text", "content") { return .reasoning(text) }
        // OpenAI responses: a list of summaries, and the text itself where the provider gives it.
        let lists = [object["content"], object["summary"]].compactMap { $0?.array }
        let texts = lists.flatMap { $0 }.compactMap { $0.string ?? $0.text("text", "content") }
        if !texts.isEmpty { return .reasoning(texts.joined(separator: "\n\n")) }
        return object.object?.contains { $0.name == "summary" || $0.name == "thinking" } == true ? .reasoning("") : nil
    }

    /// A part that names its type by a member.
    private func untyped(_ kind: UntypedBlock, _ value: JSONValue, of object: JSONValue) -> MessagePart? {
        switch kind {
        case .text:
            guard let text = value.string else { return nil }
            return object["thought"]?.bool == true ? .reasoning(text) : .text(text)
        case .reasoning:
            return value.string.map { .reasoning($0) } ?? reasoning(value)
        case .reasoningContent:
            return reasoning(value["reasoningText"] ?? value) ?? generic(kind.rawValue, value)
        case .toolUse, .functionCall, .functionCallSnake, .toolRequest, .toolCall:
            return value.object == nil ? nil : toolCall(value)
        case .toolResult, .functionResponse, .functionResponseSnake, .toolResponse, .toolCallResult:
            return value.object == nil ? nil : toolResult(value)
        case .inlineData, .inlineDataSnake, .fileData, .fileDataSnake, .media:
            return media(value, nil).map { .media($0) }
        case .image, .video, .audio, .document:
            return media(value, MediaReference.Modality(rawValue: kind.rawValue)).map { .media($0) }
        }
    }

    /// Text that may stand in an object, as in `{"text": {"value": "..."}}`.
    private func plainText(_ value: JSONValue) -> String? {
        value.string ?? value.text("value", "text", "content")
    }
}

/// The types of parts that are converted, over all dialects.
private enum BlockType {
    case text
    case reasoning
    case toolCall
    case toolResult
    case media(MediaReference.Modality?)

    init?(_ type: String) {
        switch type.lowercased() {
        case "text", "input_text", "output_text", "plain_text", "user-prompt", "system-prompt", "summary_text":
            self = .text
        case "reasoning", "thinking", "reasoning_text", "reasoning-text":
            self = .reasoning
        case "tool_call", "tool-call", "toolcall", "tool_use", "function_call", "function", "custom_tool_call":
            self = .toolCall
        case "tool_call_response", "tool-call-response", "tool_result", "tool-result", "tool-return", "tool_response",
            "function_call_output", "custom_tool_call_output", "function_response":
            self = .toolResult
        case "image", "image_url", "image-url", "input_image", "output_image": self = .media(.image)
        case "audio", "audio_url", "audio-url", "input_audio", "output_audio": self = .media(.audio)
        case "video", "video_url", "video-url", "input_video": self = .media(.video)
        case "document", "document_url", "document-url": self = .media(.document)
        case "file", "input_file", "blob", "uri", "media", "binary", "file_url": self = .media(nil)
        default: return nil
        }
    }
}

/// The members that name the type of a part without `type`.
private enum UntypedBlock: String {
    case text
    case reasoning
    case reasoningContent
    case toolUse
    case toolResult
    case functionCall
    case functionCallSnake = "function_call"
    case functionResponse
    case functionResponseSnake = "function_response"
    case toolRequest
    case toolResponse
    case toolCall = "tool_call"
    case toolCallResult = "tool_call_result"
    case inlineData
    case inlineDataSnake = "inline_data"
    case fileData
    case fileDataSnake = "file_data"
    case media
    case image
    case video
    case audio
    case document
}
