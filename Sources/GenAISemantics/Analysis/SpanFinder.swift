// SpanFinder.swift - what one decoded span can be found by.

public import COTLP
public import TraceModel

/// Reads of decoded spans what they can be found by, one after the other.
///
/// Not `Sendable`: one value serves one thread at a time.
public struct SpanFinder {
    private var semantics: SpanSemantics
    private var calls: [LLMCall] = []

    /// Makes a finder that knows every dialect, and what the user adds.
    public init(_ conventions: AttributeConventions = .standard) {
        semantics = SpanSemantics(conventions)
    }

    /// Reads one span.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - wantsTexts: Whether texts are to be found.
    ///   - findings: Gets everything but id, times and status.
    ///   - hashes: Gets the hashes of the span's properties, without those of its resource.
    public mutating func read(
        _ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        wantsTexts: Bool,
        into findings: inout SpanFindings,
        _ hashes: inout [UInt64]
    ) {
        calls.removeAll(keepingCapacity: true)
        let notes = semantics.read(span, appendingTo: &calls)
        findings.hasCall = notes.hasCall
        findings.role = notes.role
        findings.isPreview = notes.marks.contains(.pending)
        let isContentRead = wantsTexts || notes.hasCall || notes.role == .tool
        let conversation = isContentRead ? content(of: span, notes) : nil
        if notes.hasCall, let conversation {
            let model = calls.first.flatMap { $0.requestModel ?? $0.responseModel }
            findings.promptHash = PromptHash.sha256(of: conversation, model: model).map(PromptHash.key)
        }
        if notes.role == .tool { findings.toolName = toolName(of: span, conversation) }
        PropertyWalk.forEach(span.pointee.attributes, count: span.pointee.n_attributes) {
            hashes.append(AttributeHash.hash($1, seed: AttributeHash.seed(ofKey: $0)))
        }
        for (property, value) in properties(of: span, findings.toolName, conversation) {
            guard value.utf8.count <= AttributeHash.maxValueBytes else { continue }
            hashes.append(AttributeHash.hash(property, value))
        }
        if wantsTexts { findings.texts = texts(of: span, conversation) }
    }

    /// The hash of the prompt of a span that is a call, as `read` finds it.
    ///
    /// - Parameter span: A decoded span; nothing of it is kept.
    /// - Returns: 32 bytes; nil when the span is no call, or shows nothing that was sent.
    public mutating func promptHash(
        of span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>
    ) -> [UInt8]? {
        calls.removeAll(keepingCapacity: true)
        let notes = semantics.read(span, appendingTo: &calls)
        guard notes.hasCall, let conversation = content(of: span, notes) else { return nil }
        return PromptHash.sha256(of: conversation, model: calls.first.flatMap { $0.requestModel ?? $0.responseModel })
    }

    /// The hashes of the attributes of a resource.
    ///
    /// - Parameter resource: A decoded resource; nil gives none.
    /// - Returns: One for each value.
    public static func hashes(
        of resource: UnsafePointer<Opentelemetry__Proto__Resource__V1__Resource>?
    ) -> [UInt64] {
        guard let resource else { return [] }
        var hashes: [UInt64] = []
        PropertyWalk.forEach(resource.pointee.attributes, count: resource.pointee.n_attributes) {
            hashes.append(AttributeHash.hash($1, seed: AttributeHash.seed(ofKey: $0)))
        }
        return hashes
    }

    /// What log records that name a span hold of its content, as texts.
    ///
    /// - Parameter records: Decoded records of one span.
    /// - Returns: Texts; none when the records hold no content.
    public static func texts(of records: [ContentRecord]) -> [String] {
        ConversationReader.conversation(of: records)?.texts ?? []
    }

    /// Whether a span has a value of a property.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - property: What is looked for.
    ///   - value: Its value as text, see `AttributeHash`.
    /// - Returns: Whether it is there.
    public mutating func matches(
        _ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        _ property: SpanProperty,
        _ value: String
    ) -> Bool {
        if case .attribute(let key) = property {
            return Self.has(span.pointee.attributes, count: span.pointee.n_attributes, key, value)
        }
        calls.removeAll(keepingCapacity: true)
        let notes = semantics.read(span, appendingTo: &calls)
        let conversation = property == .tool ? content(of: span, notes) : nil
        let tool = notes.role == .tool ? toolName(of: span, conversation) : nil
        return properties(of: span, tool, conversation).contains {
            $0.property == property && $0.value.utf8.elementsEqual(value.utf8)
        }
    }

    /// Whether a resource has a value of an attribute.
    ///
    /// - Parameters:
    ///   - resource: A decoded resource; nil has none.
    ///   - key: The attribute.
    ///   - value: Its value as text, see `AttributeHash`.
    /// - Returns: Whether it is there.
    public static func matches(
        _ resource: UnsafePointer<Opentelemetry__Proto__Resource__V1__Resource>?,
        key: String,
        _ value: String
    ) -> Bool {
        guard let resource else { return false }
        return has(resource.pointee.attributes, count: resource.pointee.n_attributes, key, value)
    }

    private static func has(
        _ attributes: UnsafeMutablePointer<UnsafeMutablePointer<KeyValue>?>?,
        count: Int,
        _ key: String,
        _ value: String
    ) -> Bool {
        var isFound = false
        PropertyWalk.forEach(attributes, count: count) {
            isFound = isFound || ($0.elementsEqual(key.utf8) && $1.elementsEqual(value.utf8))
        }
        return isFound
    }

    private func content(of span: UnsafePointer<DecodedSpan>, _ notes: SpanNotes) -> Conversation? {
        // Usage or a model makes a span a call, whatever else it states.
        let role = notes.role == .other && notes.hasCall ? .llm : notes.role
        return ConversationReader.conversation(of: span, records: []) { role }
    }

    /// The tool of a tool's span; one that names none is known by the span's name.
    private func toolName(of span: UnsafePointer<DecodedSpan>, _ conversation: Conversation?) -> String {
        if let name = conversation?.toolRun?.name, !name.isEmpty { return String(name.prefix(TextLimit.name)) }
        return String(span.pointee.name.bytes, cutAt: TextLimit.name)
    }

    /// What is no attribute; the attributes have to be those that were read last.
    private func properties(
        of span: UnsafePointer<DecodedSpan>,
        _ tool: String?,
        _ conversation: Conversation?
    ) -> [(property: SpanProperty, value: String)] {
        var found: [(property: SpanProperty, value: String)] = [
            (.name, String(decoding: span.pointee.name.bytes, as: UTF8.self))
        ]
        if let operation = semantics.slots.text(.operation) { found.append((.operation, operation)) }
        for label in semantics.slots.labels?.split(separator: LLMCall.labelSeparator) ?? [] {
            found.append((.tag, String(label)))
        }
        if let tool { found.append((.tool, tool)) }
        for name in conversation?.toolNames ?? [] where name != tool { found.append((.tool, name)) }
        return found
    }

    /// The texts of a span: its name, its errors, its content.
    private func texts(of span: UnsafePointer<DecodedSpan>, _ conversation: Conversation?) -> [String] {
        var texts = [String(decoding: span.pointee.name.bytes, as: UTF8.self)]
        if let error = semantics.slots.text(.errorType) { texts.append(error) }
        if let status = span.pointee.status, status.pointee.message.len > 0 {
            texts.append(String(decoding: status.pointee.message.bytes, as: UTF8.self))
        }
        texts += span.exceptionTexts
        return texts + (conversation?.texts ?? [])
    }
}

extension UnsafePointer<DecodedSpan> {
    /// The types and messages of the exceptions that the span recorded.
    fileprivate var exceptionTexts: [String] {
        let events = UnsafeBufferPointer(start: pointee.events, count: pointee.events == nil ? 0 : pointee.n_events)
        var texts: [String] = []
        for case .some(let event) in events where event.pointee.name.equals("exception") {
            let list = event.pointee.attributes
            let attributes = UnsafeBufferPointer(start: list, count: list == nil ? 0 : event.pointee.n_attributes)
            for case .some(let attribute) in attributes {
                let key = attribute.pointee.key
                guard key.equals("exception.type") || key.equals("exception.message") else { continue }
                guard let text = UnsafePointer<AnyValue>(attribute.pointee.value)?.text else { continue }
                texts.append(String(decoding: text, as: UTF8.self))
            }
        }
        return texts
    }
}
