// PromptForm.swift - the form of a prompt that is hashed, message by message.

import TraceModel

/// One JSON object in the making: `{"messages":[...],"model":...,"system":[...],"tools":[...]}`.
///
/// docs/database.md describes it. Stored as a hash: it never changes.
struct PromptForm {
    private var messages = CanonicalJSON()
    private var system = CanonicalParts()
    /// Whether nothing was sent so far.
    private(set) var isEmpty = true

    /// Starts with the instructions that stand apart from the messages.
    init(instructions: [MessagePart]) {
        for part in instructions { system.add(part) }
        isEmpty = instructions.isEmpty
    }

    /// Adds a message; the instructions of all of them are one list.
    mutating func add(_ message: ChatMessage) {
        guard !message.parts.isEmpty else { return }
        isEmpty = false
        if message.role == "system" || message.role == "developer" {
            for part in message.parts { system.add(part) }
        } else {
            write(role: message.role) { parts in
                for part in message.parts { parts.add(part) }
            }
        }
    }

    /// Adds a message of texts as they stand in a JSON text, checked already.
    ///
    /// - Parameters:
    ///   - role: The canonical name.
    ///   - texts: Where the characters of its texts stand.
    ///   - bytes: The JSON text.
    mutating func add(role: String, texts: [Range<Int>], in bytes: UnsafeBufferPointer<UInt8>) {
        guard !texts.isEmpty else { return }
        isEmpty = false
        if role == "system" {
            for text in texts { system.add(escaped: UnsafeBufferPointer(rebasing: bytes[text])) }
        } else {
            write(role: role) { parts in
                for text in texts { parts.add(escaped: UnsafeBufferPointer(rebasing: bytes[text])) }
            }
        }
    }

    /// The whole form.
    ///
    /// - Parameters:
    ///   - model: The model that was asked for, else the one that answered.
    ///   - tools: In any order.
    /// - Returns: JSON; nil when it shows nothing that was sent.
    func bytes(model: String?, tools: [ToolDefinition]) -> [UInt8]? {
        guard !isEmpty else { return nil }
        var json = CanonicalJSON(capacity: messages.bytes.count + system.count + 256)
        json.raw("{\"messages\":[")
        json.append(messages)
        json.raw("],\"model\":")
        json.value(model.map { .string($0) } ?? .null)
        json.raw(",\"system\":[")
        json.append(system.finished())
        json.raw("],\"tools\":")
        json.list(tools.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) { $0.tool($1) }
        json.raw("}")
        return json.bytes
    }

    private mutating func write(role: String, _ body: (inout CanonicalParts) -> Void) {
        messages.raw(messages.bytes.isEmpty ? "{\"content\":[" : ",{\"content\":[")
        var parts = CanonicalParts(after: messages)
        // One owner at a time, so that nothing is copied.
        messages = CanonicalJSON()
        body(&parts)
        messages = parts.finished()
        messages.raw("],\"role\":")
        messages.string(role)
        messages.raw("}")
    }
}

/// The parts of a message: texts side by side are one, and thoughts, which few senders repeat, are left out.
private struct CanonicalParts {
    private var json: CanonicalJSON
    private var isEmpty = true
    /// Whether the last part is a text, whose closing quote is still to be written.
    private var isInText = false

    init(after json: CanonicalJSON = CanonicalJSON()) {
        self.json = json
    }

    var count: Int { json.bytes.count }

    mutating func add(_ part: MessagePart) {
        switch part {
        case .reasoning:
            break
        case .text(let text):
            beginText()
            json.characters(text)
        default:
            if isInText { json.raw("\"") }
            isInText = false
            if !isEmpty { json.raw(",") }
            isEmpty = false
            json.part(part)
        }
    }

    mutating func add(escaped text: UnsafeBufferPointer<UInt8>) {
        beginText()
        json.characters(escaped: text)
    }

    func finished() -> CanonicalJSON {
        var json = json
        if isInText { json.raw("\"") }
        return json
    }

    private mutating func beginText() {
        if isInText {
            json.characters("\n")
        } else {
            json.raw(isEmpty ? "\"" : ",\"")
        }
        isEmpty = false
        isInText = true
    }
}

extension CanonicalJSON {
    /// One part, without the ids of calls, which are new each time.
    fileprivate mutating func part(_ part: MessagePart) {
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
