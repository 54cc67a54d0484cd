// ShapeReader.swift - values of any message shape to messages, with bounds on what hostile ones cost.

import TraceModel

/// Turns values into messages, parts and tools; one reader serves one span.
///
/// The shapes are those of section 3 of the attribute dictionary. They nest as deep as JSON does, and JSON inside
/// strings is opened `mostTexts` deep.
final class ShapeReader {
    /// Which way the content goes.
    enum Side: Sendable {
        case input
        case output

        /// The role of what names none.
        var role: String { self == .input ? "user" : "assistant" }
    }

    /// How deep strings that hold JSON that holds strings are opened.
    private static let mostTexts = 4
    /// How deep bodies are looked for in bodies: lists, objects and texts around messages.
    static let mostBodies = 24

    /// How many values may still be read; set back only to what was left at that place before.
    var valuesLeft = JSONLimit.values
    private var texts = 0
    /// Bodies that are being read.
    var bodies = 0
    private let memory: ListMemory?

    /// Makes a reader; what it reads is the same with a memory and without.
    init(remembering memory: ListMemory? = nil) {
        self.memory = memory
    }

    /// The JSON in a text that looks like a list or an object; nil for other texts and beyond the limits.
    func json(in text: String) -> JSONValue? {
        guard let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        else { return nil }
        return parsed(text)
    }

    /// The same, also for quoted text, which some libraries write.
    func jsonOrQuoted(in text: String) -> JSONValue? {
        if let first = text.utf8.first, first == UInt8(ascii: "\"") { return parsed(text) }
        return json(in: text)
    }

    /// A value whose JSON text is opened: what is no JSON stays text.
    func opened(_ value: JSONValue) -> JSONValue {
        guard case .string(let text) = value else { return value }
        return json(in: text) ?? value
    }

    /// Runs `body` one text deeper; nil when that is too deep.
    func inText<Result>(_ body: () -> Result?) -> Result? {
        guard texts < Self.mostTexts else { return nil }
        texts += 1
        defer { texts -= 1 }
        return body()
    }

    /// The body in a text that is a list: what it begins with may be known from the lists before.
    ///
    /// - Returns: Nil when the text is no list, or nothing is remembered; in it nil when the list holds no messages.
    func remembered(_ text: String, _ side: Side) -> ContentBody?? {
        guard let memory else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            let known = memory.take(bytes, side, depth: texts)
            var reader = JSONReader(bytes, maxDepth: JSONLimit.depth, maxValues: valuesLeft)
            guard let elements = reader.list(after: known?.elements ?? []) else { return nil }
            valuesLeft = reader.valuesLeft
            var entries = known?.entries ?? []
            guard let body = body(list: elements.map(\.value), side, &entries) else { return .some(nil) }
            memory.keep(bytes, side, depth: texts, elements, entries)
            return body
        }
    }

    /// The tools in a text, which may be those of the span before.
    func rememberedTools(_ text: String, _ read: () -> [ToolDefinition]?) -> [ToolDefinition]? {
        guard let memory else { return read() }
        var text = text
        return text.withUTF8 { bytes in
            if let known = memory.tools(bytes, depth: texts), spend(known.values) { return known.tools }
            let found = counting(read)
            if let tools = found.result { memory.keep(tools: tools, values: found.values, of: bytes, depth: texts) }
            return found.result
        }
    }

    /// Takes so many values off those that are left.
    ///
    /// - Returns: False, and takes none, when there are not as many.
    func spend(_ values: Int) -> Bool {
        guard values <= valuesLeft else { return false }
        valuesLeft -= values
        return true
    }

    /// Counts the values that `body` reads from texts.
    func counting<Result>(_ body: () -> Result) -> (result: Result, values: Int) {
        let before = valuesLeft
        let result = body()
        return (result, before - valuesLeft)
    }

    private func parsed(_ text: String) -> JSONValue? {
        var text = text
        var left = valuesLeft
        let value = text.withUTF8 { bytes in
            var reader = JSONReader(bytes, maxDepth: JSONLimit.depth, maxValues: valuesLeft)
            let value = reader.document()
            left = reader.valuesLeft
            return value
        }
        // What was no JSON counts as well: it took the time to find out.
        valuesLeft = left
        return value
    }
}

extension JSONValue {
    /// The first string that is not empty under one of the names.
    func text(_ names: String...) -> String? {
        for name in names {
            if let text = self[name]?.string, !text.isEmpty { return text }
        }
        return nil
    }

    /// The first value that is not null under one of the names.
    func value(_ names: String...) -> JSONValue? {
        for name in names {
            if let value = self[name], !value.isNull { return value }
        }
        return nil
    }

    /// The strings and numbers that serve as names and ids.
    func identifier(_ names: String...) -> String? {
        for name in names {
            switch self[name] {
            case .string(let text)? where !text.isEmpty: return text
            case .number(let digits)?: return digits
            default: continue
            }
        }
        return nil
    }
}
