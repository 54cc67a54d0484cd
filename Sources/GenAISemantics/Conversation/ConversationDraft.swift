// ConversationDraft.swift - one conversation in the making.

import COTLP
import TraceModel

/// Finds the content of one span, place by place, in the order of the dialects.
struct ConversationDraft {
    private(set) var attributes: ContentAttributes
    let shapes: ShapeReader
    let role: SpanRole
    let records: ContentRecords
    private let hasRecords: Bool
    var result = Conversation()

    init(
        _ attributes: ContentAttributes,
        _ events: [ContentRecord],
        role: SpanRole,
        remembering memory: ListMemory? = nil
    ) {
        self.attributes = attributes
        shapes = ShapeReader(remembering: memory)
        self.role = role
        hasRecords = events.contains { ContentRecord.isReadable($0.name) }
        records = ContentRecords(events, shapes: shapes)
    }

    /// Everything that the span holds of a conversation.
    mutating func conversation() -> Conversation {
        readFields()
        readSide(.input)
        readSide(.output)
        foldEmbeddingInput()
        foldToolEvents()
        readParams()
        addFinishReasons()
        return result
    }

    /// Writes what the span shows of what was sent.
    ///
    /// - Parameters:
    ///   - form: Gets everything but the model and the tools, which are in `result` then.
    ///   - room: Memory to work in.
    mutating func write(into form: inout PromptForm, using room: inout [Range<Int>]) {
        readPromptFields()
        if let bytes = plainText(of: .input) {
            form.start(instructions: result.systemInstructions)
            if MessageList.read(bytes, shapes, into: &form, using: &room) { return }
        }
        readSide(.input)
        foldEmbeddingInput()
        form.add(result)
    }

    /// Ends the draft: its memory may be used for the next.
    mutating func giveBack(_ room: inout ContentAttributes.Room) {
        attributes.giveBack(&room)
    }

    /// The text of the first place of a side, when it holds messages as JSON; it is taken if any of them has parts.
    private func plainText(of side: ShapeReader.Side) -> UnsafeBufferPointer<UInt8>? {
        guard !hasRecords, role != .embedding else { return nil }
        for dialect in dialects(with: side) {
            for place in side == .input ? dialect.input : dialect.output {
                switch place {
                case .messages(let key):
                    if let value = attributes[key] { return value.text }
                case .value(let key):
                    if let value = attributes[key] { return role == .llm ? value.text : nil }
                case .history(let key):
                    if attributes[key] != nil { return nil }
                case .indexed(let prefix):
                    if !attributes.family(prefix).isEmpty { return nil }
                case .pieces(let pieces):
                    if pieces.contains(where: { attributes[$0.key] != nil }) { return nil }
                case .events: break
                }
            }
        }
        return nil
    }

    /// The names of the tools that the model asks for.
    ///
    /// - Parameter room: Memory to work in.
    /// - Returns: One name for each call of a tool that names one.
    mutating func askedTools(using room: inout [Range<Int>]) -> [String] {
        // Messages that are nothing but texts ask for none.
        let isPlain = plainText(of: .output).map { MessageList.isPlain($0, shapes, using: &room) } ?? false
        guard hasRecords || (!isPlain && mayAskForTools) else { return [] }
        readSide(.output)
        return result.output.flatMap(\.parts).compactMap {
            if case .toolCall(_, let name, _) = $0 { name } else { nil }
        }
    }

    // MARK: - Input and output

    /// Takes the first place that has parts; one that has only messages without parts is better than none.
    private mutating func readSide(_ side: ShapeReader.Side) {
        var second: (body: ContentBody, name: String)?
        for dialect in dialects(with: side) {
            for place in side == .input ? dialect.input : dialect.output {
                guard let found = body(at: place, side) else { continue }
                if found.body.hasParts { return take(found.body, found.name, side, after: second?.body) }
                if second == nil { second = found }
            }
        }
        if let second { take(second.body, second.name, side, after: nil) }
    }

    /// The dialects that have anything on a side, best first.
    private func dialects(with side: ShapeReader.Side) -> DialectsOfSide {
        guard !hasRecords else { return DialectsOfSide(bits: (1 << UInt32(ContentDialect.all.count)) - 1) }
        return DialectsOfSide(bits: side == .input ? attributes.uses.inputs : attributes.uses.outputs)
    }

    /// Whether the output may hold calls of tools: all shapes of them have one of a few words.
    private var mayAskForTools: Bool {
        dialects(with: .output).contains { dialect in
            dialect.output.contains { place in
                switch place {
                case .messages(let key), .history(let key), .value(let key):
                    attributes[key].map { $0.pointee.mayHoldCall } ?? false
                case .indexed(let prefix):
                    attributes.family(prefix).contains { $0.path.mayNameCall || $0.value.pointee.mayHoldCall }
                case .pieces(let pieces):
                    pieces.contains { $0.kind == .toolCalls && attributes[$0.key] != nil }
                case .events: false
                }
            }
        }
    }

    private mutating func take(_ body: ContentBody, _ name: String, _ side: ShapeReader.Side, after: ContentBody?) {
        var messages = body.messages
        // The better place may have no parts but know why each choice ended.
        for (place, message) in (after?.messages ?? []).enumerated() where place < messages.count {
            messages[place].finishReason = messages[place].finishReason ?? message.finishReason
        }
        if side == .input { (result.input, result.source.input) = (messages, name) }
        if side == .output { (result.output, result.source.output) = (messages, name) }
        takeRest(of: body)
    }

    /// Takes what stands in a body beside its messages, unless the span says it elsewhere.
    private mutating func takeRest(of body: ContentBody) {
        if result.systemInstructions.isEmpty { result.systemInstructions = body.system }
        if result.tools.isEmpty { result.tools = body.tools }
        result.requestParams += body.params
    }

    private mutating func body(at place: ContentPlace, _ side: ShapeReader.Side) -> (body: ContentBody, name: String)? {
        switch place {
        case .messages(let key):
            guard let value = attributes[key] else { return nil }
            return named(shapes.content(JSONValue(value), side), "\(key)")
        case .history(let key):
            guard let value = attributes[key], let all = shapes.body(JSONValue(value), side) else { return nil }
            return named(Self.part(of: all, shapes.events(in: JSONValue(value)), side), "\(key)")
        case .indexed(let prefix):
            let members = attributes.family(prefix)
            guard !members.isEmpty else { return nil }
            return named(shapes.body(family: IndexedFamily(members).elements(), side), "\(prefix)N")
        case .pieces(let pieces):
            return message(of: pieces)
        case .value(let key):
            return attributes[key].flatMap { takeValue(JSONValue($0), "\(key)", side) }
        case .events:
            let found = side == .input ? (records.input, records.inputName) : (records.output, records.outputName)
            if let name = found.1 { return named(found.0, "event:\(name)") }
            let key: StaticString = side == .input ? "gen_ai.input.messages" : "gen_ai.output.messages"
            let value = records.details.lazy.compactMap { $0[key] }.first
            return value.flatMap { named(shapes.content(JSONValue($0), side), "event:\(key)") }
        }
    }

    private func named(_ body: ContentBody, _ name: String) -> (body: ContentBody, name: String)? {
        body.messages.isEmpty && body.system.isEmpty && body.tools.isEmpty ? nil : (body, name)
    }

    /// One side of a list of both: choices are output, or else the model's messages at the end.
    private static func part(of all: ContentBody, _ events: [String], _ side: ShapeReader.Side) -> ContentBody {
        let messages = all.messages
        var isOutput = messages.map { _ in false }
        if events.count == messages.count, events.contains("gen_ai.choice") {
            isOutput = events.map { $0 == "gen_ai.choice" }
        } else {
            for place in messages.indices.reversed() {
                guard messages[place].role == "assistant" else { break }
                isOutput[place] = true
            }
        }
        var part = all
        part.messages = zip(messages, isOutput).filter { $0.1 == (side == .output) }.map(\.0)
        return part
    }

    private func message(of pieces: [ContentPiece]) -> (body: ContentBody, name: String)? {
        var message = ChatMessage(role: "assistant")
        var name: String?
        for piece in pieces {
            guard let value = attributes[piece.key] else { continue }
            let json = JSONValue(value)
            var parts: [MessagePart] = []
            switch piece.kind {
            case .text: parts = shapes.text(json)
            case .texts: parts = shapes.texts(json)
            case .json: parts = json.string.map { [.text($0)] } ?? [shapes.generic("json", json)]
            case .reasoning: parts = shapes.thoughts(json)
            case .toolCalls: parts = shapes.toolCalls(json)
            }
            guard !parts.isEmpty else { continue }
            message.parts += parts
            name = name ?? "\(piece.key)"
        }
        return name.map { (ContentBody(messages: [message]), $0) }
    }

    /// A value under a general name: what it means depends on what the span does.
    private mutating func takeValue(
        _ value: JSONValue,
        _ name: String,
        _ side: ShapeReader.Side
    ) -> (body: ContentBody, name: String)? {
        if role == .llm { return named(shapes.content(value, side), name) }
        let value = shapes.unquoted(value)
        guard value != .string(""), !value.isNull else { return nil }
        switch (role, side) {
        case (.tool, .input):
            return set(\.toolRun, ToolRun(), \.arguments, shapes.opened(value))
        case (.tool, .output):
            return set(\.toolRun, ToolRun(), \.result, shapes.result(shapes.toolOutput(value)))
        case (.embedding, .input):
            if result.embeddingInputs.isEmpty { result.embeddingInputs = shapes.embeddingInputs(value) }
            return nil
        case (.embedding, .output):
            return nil
        case (.retriever, .input), (.reranker, .input):
            return set(\.retrieval, Retrieval(), \.query, shapes.query(value))
        case (.retriever, .output), (.reranker, .output):
            if result.retrieval?.documents.isEmpty ?? true {
                let documents = shapes.documents(value)
                if !documents.isEmpty {
                    result.retrieval = result.retrieval ?? Retrieval()
                    result.retrieval?.documents = documents
                }
            }
            return nil
        default:
            if let body = shapes.body(value, side), body.hasParts { return (body, name) }
            if side == .input, result.inputValue == nil {
                (result.inputValue, result.source.input) = (shapes.opened(value).withoutInlineBytes, name)
            }
            if side == .output, result.outputValue == nil {
                (result.outputValue, result.source.output) = (shapes.opened(value).withoutInlineBytes, name)
            }
            return nil
        }
    }

    /// Sets a member of an optional value that is not there yet; the value is no message.
    private mutating func set<Value>(
        _ path: WritableKeyPath<Conversation, Value?>,
        _ empty: Value,
        _ member: WritableKeyPath<Value, JSONValue?>,
        _ json: JSONValue
    ) -> (body: ContentBody, name: String)? {
        var value = result[keyPath: path] ?? empty
        if value[keyPath: member] == nil { value[keyPath: member] = json }
        result[keyPath: path] = value
        return nil
    }
}

/// Dialects by the bits of their places in `ContentDialect.all`, the lowest first.
private struct DialectsOfSide: Sequence, IteratorProtocol {
    var bits: UInt32

    mutating func next() -> ContentDialect? {
        guard bits != 0 else { return nil }
        defer { bits &= bits - 1 }
        return ContentDialect.all[bits.trailingZeroBitCount]
    }
}

extension AnyValue {
    /// Whether this may hold the call of a tool.
    fileprivate var mayHoldCall: Bool {
        switch kind {
        case AnyValue.stringKind: string_value.bytes.mayNameCall
        case AnyValue.arrayKind, AnyValue.listKind: true
        default: false
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether `tool`, `Tool` or `unction` stands here, one of which the call of a tool has in every shape.
    fileprivate var mayNameCall: Bool {
        guard count >= 4 else { return false }
        for place in 2..<count - 1 where self[place] == UInt8(ascii: "o") {
            if self[place + 1] == UInt8(ascii: "l"), self[place - 1] == UInt8(ascii: "o"),
                self[place - 2] | 0x20 == UInt8(ascii: "t")
            {
                return true
            }
            if self[place + 1] == UInt8(ascii: "n"), self[place - 1] == UInt8(ascii: "i"), ends("uncti", before: place)
            {
                return true
            }
        }
        return false
    }

    private func ends(_ word: StaticString, before end: Int) -> Bool {
        let start = end - word.utf8CodeUnitCount
        return start >= 0 && word.withUTF8Buffer { self[start..<end].elementsEqual($0) }
    }
}
