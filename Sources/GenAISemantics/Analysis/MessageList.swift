// MessageList.swift - a list of messages in JSON into the form that is hashed, without values in between.

import TraceModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads the JSON text of a list of messages; what is a text with a role is copied as it stands.
///
/// Every other message is read by the shapes that everybody reads messages with, so that the result is the same.
struct MessageList {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let shapes: ShapeReader
    private var next = 0
    /// Where the characters of the texts of a message stand; used again for each.
    private var texts: [Range<Int>]

    /// Longer ones could pass the limits on values, which are for a whole text.
    private static let mostBytes = JSONLimit.values

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ shapes: ShapeReader, _ room: inout [Range<Int>]) {
        self.bytes = bytes
        self.shapes = shapes
        texts = room
        // One owner at a time, so that nothing is copied.
        room = []
    }

    /// Adds the messages of a text to a form.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - shapes: Reads what is more than texts.
    ///   - form: Gets the messages; worth nothing when this fails.
    ///   - room: Memory to work in.
    /// - Returns: Whether the text was a list of messages, at least one of which has a part.
    static func read(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ shapes: ShapeReader,
        into form: inout PromptForm,
        using room: inout [Range<Int>]
    ) -> Bool {
        guard bytes.count <= mostBytes else { return false }
        var list = MessageList(bytes, shapes, &room)
        defer { room = list.texts }
        let added = shapes.inText { list.readAll(into: &form) }
        return added ?? 0 > 0
    }

    /// Whether a text is a list of messages that are a role and texts, at least one of which has a text.
    static func isPlain(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ shapes: ShapeReader,
        using room: inout [Range<Int>]
    ) -> Bool {
        guard bytes.count <= mostBytes else { return false }
        var list = MessageList(bytes, shapes, &room)
        defer { room = list.texts }
        guard list.skip(UInt8(ascii: "[")) else { return false }
        var hasText = false
        repeat {
            guard list.plainMessage() != nil else { return false }
            hasText = hasText || !list.texts.isEmpty
        } while list.skip(UInt8(ascii: ","))
        return list.skip(UInt8(ascii: "]")) && list.isAtEnd && hasText
    }

    /// The number of messages that have parts; nil when this is no list of messages.
    private mutating func readAll(into form: inout PromptForm) -> Int? {
        guard skip(UInt8(ascii: "[")) else { return nil }
        let isRemembered = PromptMemory.isWorthwhile(bytes)
        let start = PromptMemory.Start(valuesLeft: shapes.valuesLeft, place: form.place)
        var marks = isRemembered ? form.recall(bytes, from: start) : []
        var count = 0
        if let last = marks.last {
            next = last.end
            count = last.count
            shapes.valuesLeft = last.valuesLeft
        }
        var isFirst = marks.isEmpty
        while isFirst || skip(UInt8(ascii: ",")) {
            isFirst = false
            guard let hasParts = readMessage(into: &form) else { return nil }
            if hasParts { count += 1 }
            if isRemembered {
                marks.append(.init(end: next, count: count, valuesLeft: shapes.valuesLeft, place: form.place))
            }
        }
        guard skip(UInt8(ascii: "]")), isAtEnd else { return nil }
        if isRemembered { form.remember(bytes, from: start, marks) }
        return count
    }

    /// Adds the message that is next, and says whether it has parts; nil when there is none.
    private mutating func readMessage(into form: inout PromptForm) -> Bool? {
        skipSpace()
        let start = next
        if let role = plainMessage() {
            form.add(role: role, texts: texts, in: bytes)
            return !texts.isEmpty
        }
        next = start
        guard let message = anyMessage() else { return nil }
        form.add(message)
        return !message.parts.isEmpty
    }

    // MARK: - Messages of texts

    /// The role of the message that is next, whose texts are in `texts` then; nil when it is more than a role and texts.
    private mutating func plainMessage() -> String? {
        var role: String?
        var hasContent = false
        texts.removeAll(keepingCapacity: true)
        guard skip(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = name() else { return nil }
            if role == nil, isEqual(name, "role") {
                guard let text = plainString(), let known = self.role(text) else { return nil }
                role = known
            } else if !hasContent, isEqual(name, "content") {
                hasContent = true
                guard let text = string(), !mayHoldJSON(text) else { return nil }
                if !text.isEmpty { texts.append(text) }
            } else if !hasContent, isEqual(name, "parts") {
                hasContent = true
                guard textParts() else { return nil }
            } else if isEqual(name, "finish_reason") || isEqual(name, "name") {
                // Says nothing of what was sent.
                guard string() != nil else { return nil }
            } else {
                return nil
            }
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "}")) && hasContent ? role : nil
    }

    /// The canonical name of a role whose messages are nothing but their parts.
    private func role(_ name: Range<Int>) -> String? {
        if isEqual(name, "user") { return "user" }
        if isEqual(name, "assistant") { return "assistant" }
        return isEqual(name, "system") ? "system" : nil
    }

    /// Notes the texts of a list of `{"type":"text","content":"..."}`.
    private mutating func textParts() -> Bool {
        guard skip(UInt8(ascii: "[")) else { return false }
        repeat { guard textPart() else { return false } } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "]"))
    }

    private mutating func textPart() -> Bool {
        guard skip(UInt8(ascii: "{")) else { return false }
        var isText = false
        var text: Range<Int>?
        repeat {
            guard let name = name() else { return false }
            if !isText, isEqual(name, "type") {
                guard let type = plainString(), isEqual(type, "text") else { return false }
                isText = true
            } else if text == nil, isEqual(name, "content") || isEqual(name, "text") {
                guard let found = string() else { return false }
                text = found
            } else {
                return false
            }
        } while skip(UInt8(ascii: ","))
        guard isText, let text, skip(UInt8(ascii: "}")) else { return false }
        texts.append(text)
        return true
    }

    /// Whether a text may be a list or an object written as JSON, or begins with an escape.
    private func mayHoldJSON(_ text: Range<Int>) -> Bool {
        guard let first = bytes[text].first(where: { $0 > 0x20 }) else { return false }
        return first == UInt8(ascii: "[") || first == UInt8(ascii: "{") || first == UInt8(ascii: "\\")
    }

    // MARK: - Other messages

    /// The object that is next, as the message that it is; nil when it is none.
    private mutating func anyMessage() -> ChatMessage? {
        let rest = UnsafeBufferPointer(rebasing: bytes[next...])
        var reader = JSONReader(rest, maxDepth: JSONLimit.depth - 1, maxValues: JSONLimit.values)
        guard let (value, length) = reader.first(), shapes.isPlainMessage(value) else { return nil }
        next += length
        return shapes.message(value, .input)
    }

    // MARK: - Tokens

    private mutating func skipSpace() {
        while next < bytes.count {
            switch bytes[next] {
            case 0x20, 0x09, 0x0A, 0x0D: next += 1
            default: return
            }
        }
    }

    private var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return next == bytes.count
        }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next < bytes.count, bytes[next] == byte else { return false }
        next += 1
        return true
    }

    /// The name of the member that is next, and its colon.
    private mutating func name() -> Range<Int>? {
        guard let name = plainString(), skip(UInt8(ascii: ":")) else { return nil }
        return name
    }

    /// Where the characters of the string stand that is next; nil when it has escapes.
    private mutating func plainString() -> Range<Int>? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let start = next
        next = JSONReader.endOfPlainText(in: bytes, from: start)
        guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else { return nil }
        next += 1
        return start..<next - 1
    }

    /// Where the characters of the string stand that is next, escapes and all.
    private mutating func string() -> Range<Int>? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let start = next
        while true {
            next = JSONReader.endOfPlainText(in: bytes, from: next)
            guard next < bytes.count else { return nil }
            if bytes[next] == UInt8(ascii: "\"") {
                next += 1
                return start..<next - 1
            }
            guard let length = JSONEscape.length(at: next, in: bytes) else { return nil }
            next += length
        }
    }

    private func isEqual(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
        return memcmp(base + range.lowerBound, word.utf8Start, range.count) == 0
    }
}
