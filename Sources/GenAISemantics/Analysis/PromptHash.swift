// PromptHash.swift - what tells whether two calls sent the same prompt.

import Crypto
import TraceModel

/// SHA-256 over model, instructions, messages and tools in a form that is the same whatever dialect sent them.
///
/// docs/database.md describes the form. Stored: it never changes.
public enum PromptHash {
    /// The hash of what a model was sent.
    ///
    /// - Parameters:
    ///   - conversation: The content of the span of a call.
    ///   - model: The model that was asked for, else the one that answered.
    /// - Returns: 32 bytes; nil when the conversation shows nothing that was sent.
    public static func sha256(of conversation: Conversation, model: String?) -> [UInt8]? {
        guard let text = canonical(conversation, model: model) else { return nil }
        var hash = SHA256()
        text.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    /// The first eight bytes of a hash as a number, as the database keeps them.
    ///
    /// - Parameter hash: 32 bytes.
    /// - Returns: The number, big-endian.
    public static func key(of hash: [UInt8]) -> Int64 {
        Int64(bitPattern: hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The form that is hashed: one JSON object.
    static func canonical(_ conversation: Conversation, model: String?) -> [UInt8]? {
        var system = conversation.systemInstructions
        var messages: [(role: String, parts: [MessagePart])] = []
        for message in conversation.input {
            if message.role == "system" || message.role == "developer" {
                system += message.parts
            } else {
                messages.append((message.role, message.parts))
            }
        }
        if !conversation.embeddingInputs.isEmpty {
            messages.append(("user", conversation.embeddingInputs.map { .text($0) }))
        }
        guard !system.isEmpty || messages.contains(where: { !$0.parts.isEmpty }) else { return nil }
        var json = CanonicalJSON()
        json.raw("{\"messages\":")
        json.list(messages.filter { !$0.parts.isEmpty }) { json, message in
            json.raw("{\"content\":")
            json.parts(message.parts)
            json.raw(",\"role\":")
            json.string(message.role)
            json.raw("}")
        }
        json.raw(",\"model\":")
        json.value(model.map { .string($0) } ?? .null)
        json.raw(",\"system\":")
        json.parts(system)
        json.raw(",\"tools\":")
        let tools = conversation.tools.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        json.list(tools) { $0.tool($1) }
        json.raw("}")
        return json.bytes
    }
}

extension CanonicalJSON {
    /// The parts of a message: texts side by side are one, and thoughts, which few senders repeat, are left out.
    fileprivate mutating func parts(_ parts: [MessagePart]) {
        var merged: [MessagePart] = []
        for part in parts {
            if case .reasoning = part { continue }
            if case .text(let text) = part, case .text(let before)? = merged.last {
                merged[merged.count - 1] = .text(before + "\n" + text)
            } else {
                merged.append(part)
            }
        }
        list(merged) { $0.part($1) }
    }

    /// One part, without the ids of calls, which are new each time.
    private mutating func part(_ part: MessagePart) {
        switch part {
        case .text(let text), .reasoning(let text):
            string(text)
        case .toolCall(_, let name, let arguments):
            raw("{\"arguments\":")
            value(arguments)
            raw(",\"call\":")
            string(name ?? "")
            raw("}")
        case .toolResult(_, _, let result):
            raw("{\"result\":")
            value(result)
            raw("}")
        case .media(let media):
            raw("{\"media\":")
            string(media.canonical)
            raw("}")
        case .generic(let type, let value):
            raw("{\"type\":")
            string(type)
            raw(",\"value\":")
            self.value(value)
            raw("}")
        }
    }

    fileprivate mutating func tool(_ tool: ToolDefinition) {
        raw("{\"description\":")
        string(tool.description ?? "")
        raw(",\"name\":")
        string(tool.name)
        raw(",\"parameters\":")
        value(tool.parameters ?? .null)
        raw("}")
    }
}

extension MediaReference {
    fileprivate var canonical: String {
        switch place {
        case .uri(let uri): "\(modality.rawValue) \(uri)"
        case .file(let id): "\(modality.rawValue) file \(id)"
        case .inline(let bytes): "\(modality.rawValue) of \(bytes) bytes"
        }
    }
}
