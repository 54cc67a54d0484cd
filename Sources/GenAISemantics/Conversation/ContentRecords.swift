// ContentRecords.swift - the conversation in message events (attribute dictionary, section 2, deprecated names).

import TraceModel

extension ContentRecord {
    /// Whether records of this name are read.
    static func isReadable(_ name: String) -> Bool {
        switch name {
        case "gen_ai.content.prompt", "gen_ai.content.completion", "gen_ai.client.inference.operation.details": true
        default: ChatRole.ofEvent(name) != nil
        }
    }
}

/// What the events of a span, or the log records that name it, hold of a conversation.
struct ContentRecords {
    /// What went in.
    private(set) var input = ContentBody()
    /// What came out.
    private(set) var output = ContentBody()
    /// The name of the first record of each side.
    private(set) var inputName: String?
    private(set) var outputName: String?
    /// The records that have the names of attributes, as the event that repeats them all.
    private(set) var details: [ContentAttributes] = []

    private let shapes: ShapeReader

    /// Reads records in the order of their times.
    init(_ records: [ContentRecord], shapes: ShapeReader) {
        self.shapes = shapes
        guard !records.isEmpty else { return }
        let ordered = records.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        for (_, record) in ordered { read(record) }
    }

    private mutating func read(_ record: ContentRecord) {
        switch record.name {
        case "gen_ai.content.prompt":
            take(record, "gen_ai.prompt", .input)
        case "gen_ai.content.completion":
            take(record, "gen_ai.completion", .output)
        case "gen_ai.client.inference.operation.details":
            details.append(ContentAttributes(record.attributes))
        default:
            guard let role = ChatRole.ofEvent(record.name) else { return }
            let side: ShapeReader.Side = record.name == "gen_ai.choice" ? .output : .input
            add(message(record, role, side), side, record.name)
        }
    }

    /// Content as one attribute of a record, or as its body.
    private mutating func take(_ record: ContentRecord, _ name: String, _ side: ShapeReader.Side) {
        let fields = record.fields
        guard let value = fields.value(name, "content", "gen_ai.event.content") else { return }
        let body = shapes.content(value, side)
        if side == .input {
            input.append(body)
            inputName = inputName ?? record.name
        } else {
            output.append(body)
            outputName = outputName ?? record.name
        }
    }

    private func message(_ record: ContentRecord, _ role: String, _ side: ShapeReader.Side) -> ChatMessage {
        var fields = record.fields
        // Some clients put the whole body into one attribute, and some the message into JSON text.
        if let text = fields["gen_ai.event.content"]?.string, let inner = shapes.json(in: text) { fields = inner }
        if let text = fields["message"]?.string {
            let inner = shapes.json(in: text)
            let content = inner?["content"] != nil || inner?["tool_calls"] != nil ? inner : nil
            let message = content ?? .object([JSONMember("content", .string(text))])
            fields = .object((fields.object ?? []).filter { $0.name != "message" } + [JSONMember("message", message)])
        }
        if fields["message"] == nil, fields["role"] == nil {
            fields = .object([JSONMember("role", .string(role))] + (fields.object ?? []))
        }
        return shapes.message(fields, side)
    }

    private mutating func add(_ message: ChatMessage, _ side: ShapeReader.Side, _ name: String) {
        if side == .input {
            input.append(message, isItem: false)
            inputName = inputName ?? name
        } else {
            output.append(message, isItem: false)
            outputName = outputName ?? name
        }
    }
}
