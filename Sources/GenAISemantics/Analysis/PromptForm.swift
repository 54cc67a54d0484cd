// PromptForm.swift - the form of a prompt that is hashed, message by message.

import Crypto
import TraceModel

/// One JSON object in the making: `{"messages":[...],"model":...,"system":[...],"tools":[...]}`.
///
/// docs/database.md describes it. Stored as a hash: it never changes. One form serves many prompts, one after the other,
/// in the same memory.
struct PromptForm {
    /// The object up to the last message.
    private var messages = CanonicalJSON()
    private var hasMessages = false
    /// The instructions of all messages, as one list.
    private var system = CanonicalJSON()
    private var systemParts = CanonicalParts()
    /// The object from the end of its messages.
    private var rest = CanonicalJSON()
    /// Whether nothing was sent so far.
    private(set) var isEmpty = true
    /// The hash of the first bytes of `messages`; nil while it is of none.
    private var hash: SHA256?
    /// How many bytes these are.
    private var hashed = 0
    /// Forms of the prompts before.
    private var memory: PromptMemory

    /// Makes an empty form that knows the prompts that others made.
    init(sharing recent: RecentPrompts? = nil) {
        memory = PromptMemory(sharing: recent)
    }

    /// How far a form has come.
    struct Place: Equatable, Sendable {
        fileprivate var messages: Int
        fileprivate var hasMessages: Bool
        fileprivate var system: Int
        fileprivate var systemParts: CanonicalParts
        fileprivate var isEmpty: Bool
    }

    /// How far it has come.
    var place: Place {
        Place(
            messages: messages.bytes.count,
            hasMessages: hasMessages,
            system: system.bytes.count,
            systemParts: systemParts,
            isEmpty: isEmpty
        )
    }

    /// Goes on behind the messages that a list has in common with one before.
    ///
    /// - Parameters:
    ///   - text: The list; what is remembered of one that begins like it is taken out.
    ///   - start: What there is before its first message.
    /// - Returns: One for each message that is in the form now.
    mutating func recall(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: PromptMemory.Start
    ) -> [PromptMemory.Mark] {
        guard let list = memory.take(text, start, system: system.bytes), let place = list.marks.last?.place else {
            return []
        }
        messages.begin(with: list.messages[..<place.messages])
        hasMessages = place.hasMessages
        system.begin(with: list.system[..<place.system])
        systemParts = place.systemParts
        isEmpty = place.isEmpty
        if place.messages >= list.hashed {
            hash = list.hash
            hashed = list.hashed
        }
        return list.marks
    }

    /// Remembers a list whose messages are all in the form.
    mutating func remember(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: PromptMemory.Start,
        _ marks: [PromptMemory.Mark]
    ) {
        hashMessages()
        let form = PromptMemory.List(
            start: start,
            marks: marks,
            messages: messages.bytes,
            system: system.bytes,
            hash: hash,
            hashed: hashed
        )
        memory.keep(text, form)
    }

    /// Says whose prompts are next.
    mutating func enter(_ trace: TraceID?) {
        memory.trace = trace
    }

    /// Starts a prompt with the instructions that stand apart from the messages.
    mutating func start(instructions: [MessagePart]) {
        messages.removeAll()
        hash = nil
        hashed = 0
        system.removeAll()
        systemParts = CanonicalParts()
        messages.raw("{\"messages\":[")
        hasMessages = false
        for part in instructions { systemParts.add(part, to: &system) }
        isEmpty = instructions.isEmpty
    }

    /// Adds a message; the instructions of all of them are one list.
    mutating func add(_ message: ChatMessage) {
        guard !message.parts.isEmpty else { return }
        isEmpty = false
        if message.role == "system" || message.role == "developer" {
            for part in message.parts { systemParts.add(part, to: &system) }
        } else {
            var parts = startMessage()
            for part in message.parts { parts.add(part, to: &messages) }
            end(parts, role: message.role)
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
            for text in texts { systemParts.add(escaped: UnsafeBufferPointer(rebasing: bytes[text]), to: &system) }
        } else {
            var parts = startMessage()
            for text in texts { parts.add(escaped: UnsafeBufferPointer(rebasing: bytes[text]), to: &messages) }
            end(parts, role: role)
        }
    }

    /// Ends the prompt.
    ///
    /// - Parameters:
    ///   - model: The model that was asked for, else the one that answered.
    ///   - tools: In any order.
    ///   - read: Gets the form, JSON in two pieces; not called when it shows nothing that was sent.
    /// - Returns: What `read` gives.
    mutating func end<Result>(
        model: String?,
        tools: [ToolDefinition],
        _ read: (_ start: UnsafeRawBufferPointer, _ rest: UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        guard !isEmpty else { return nil }
        systemParts.end(in: &system)
        rest.removeAll()
        rest.raw("],\"model\":")
        if let model { rest.string(model) } else { rest.raw("null") }
        rest.raw(",\"system\":[")
        rest.append(system)
        rest.raw("],\"tools\":")
        rest.list(tools.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) { $0.tool($1) }
        rest.raw("}")
        return messages.bytes.withUnsafeBytes { start in rest.bytes.withUnsafeBytes { read(start, $0) } }
    }

    /// Ends the prompt; nil when it shows nothing that was sent.
    mutating func sha256(model: String?, tools: [ToolDefinition]) -> SHA256Digest? {
        hashMessages()
        var hash = hash ?? SHA256()
        self.hash = nil
        return end(model: model, tools: tools) { _, rest in
            hash.update(bufferPointer: rest)
            return hash.finalize()
        }
    }

    /// Brings the hash up to the last message.
    private mutating func hashMessages() {
        guard hashed < messages.bytes.count else { return }
        // One owner at a time, so that nothing is copied.
        var hash = hash ?? SHA256()
        self.hash = nil
        messages.bytes[hashed...].withUnsafeBytes { hash.update(bufferPointer: $0) }
        self.hash = hash
        hashed = messages.bytes.count
    }

    private mutating func startMessage() -> CanonicalParts {
        messages.raw(hasMessages ? ",{\"content\":[" : "{\"content\":[")
        hasMessages = true
        return CanonicalParts()
    }

    private mutating func end(_ parts: CanonicalParts, role: String) {
        parts.end(in: &messages)
        messages.raw("],\"role\":")
        messages.string(role)
        messages.raw("}")
    }
}

/// The parts of a message: texts side by side are one, and thoughts, which few senders repeat, are left out.
private struct CanonicalParts: Equatable, Sendable {
    private var isEmpty = true
    /// Whether the last part is a text, whose closing quote is still to be written.
    private var isInText = false

    mutating func add(_ part: MessagePart, to json: inout CanonicalJSON) {
        switch part {
        case .reasoning:
            break
        case .text(let text):
            beginText(in: &json)
            json.characters(text)
        default:
            if isInText { json.raw("\"") }
            isInText = false
            if !isEmpty { json.raw(",") }
            isEmpty = false
            json.part(part)
        }
    }

    mutating func add(escaped text: UnsafeBufferPointer<UInt8>, to json: inout CanonicalJSON) {
        beginText(in: &json)
        json.characters(escaped: text)
    }

    func end(in json: inout CanonicalJSON) {
        if isInText { json.raw("\"") }
    }

    private mutating func beginText(in json: inout CanonicalJSON) {
        if isInText {
            json.raw("\\u000a")
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
