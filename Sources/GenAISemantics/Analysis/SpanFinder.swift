// SpanFinder.swift - what one decoded span can be found by.

public import COTLP
import Crypto
public import TraceModel

/// Reads of decoded spans what they can be found by, one after the other.
///
/// Not `Sendable`: one value serves one thread at a time.
public struct SpanFinder {
    private var semantics: SpanSemantics
    private var calls: [LLMCall] = []
    private var form: PromptForm
    private var attributeRoom = ContentAttributes.Room()
    private var textRoom: [Range<Int>] = []

    /// Makes a finder that knows every dialect, and what the user adds.
    ///
    /// - Parameters:
    ///   - conventions: Which attributes mean what.
    ///   - recent: What this and other finders read of the same traces; what they find is the same without.
    public init(_ conventions: AttributeConventions = .standard, sharing recent: RecentPrompts? = nil) {
        semantics = SpanSemantics(conventions)
        form = PromptForm(sharing: recent)
    }

    /// Reads one span.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - wantsTexts: Whether texts are to be found.
    ///   - found: Gets everything but id, times, status and the place of its texts.
    ///   - findings: Gets the texts, and the hashes of the span's properties without those of its resource.
    public mutating func read(
        _ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        wantsTexts: Bool,
        into found: inout SpanFindings,
        _ findings: inout PartFindings
    ) {
        calls.removeAll(keepingCapacity: true)
        let notes = semantics.read(span, appendingTo: &calls)
        found.hasCall = notes.hasCall
        found.role = notes.role
        found.isPreview = notes.marks.contains(.pending)
        let properties = readProperties(of: span, notes, model: askedModel, into: &findings.hashes)
        found.promptHash = properties.promptHash
        found.toolName = properties.tool
        if wantsTexts { addTexts(of: span, to: &findings.texts) }
    }

    /// Reads the texts of one span alone.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - texts: Gets them.
    public mutating func readTexts(
        of span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        into texts: inout TextList
    ) {
        semantics.look(at: span)
        addTexts(of: span, to: &texts)
    }

    /// What the instrumentation does in its own way that made the spans which are read next.
    public var habits: ScopeHabits {
        get { semantics.habits }
        set { semantics.habits = newValue }
    }

    /// Reads the role and the call of one span; see `SpanSemantics`.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - calls: Gets one more element when the notes say so.
    /// - Returns: What the span says beside the call.
    public mutating func readCall(
        _ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        appendingTo calls: inout [LLMCall]
    ) -> SpanNotes {
        semantics.read(span, appendingTo: &calls)
    }

    /// Reads what the span that `readCall` was given last can be found by.
    ///
    /// - Parameters:
    ///   - span: That span.
    ///   - notes: What `readCall` returned.
    ///   - model: That its call asked for, else the one that answered.
    ///   - hashes: Gets the hashes of the span's properties without those of its resource.
    /// - Returns: The hash of the prompt of a call, and the tool of a tool's span.
    public mutating func readProperties(
        of span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        _ notes: SpanNotes,
        model: String?,
        into hashes: inout [UInt64]
    ) -> (promptHash: Int64?, tool: String?) {
        let content = content(of: span, notes, model: model)
        PropertyWalk.forEach(span.pointee.attributes, count: span.pointee.n_attributes) {
            hashes.append(AttributeHash.hash($1, seed: AttributeHash.seed(ofKey: $0)))
        }
        hashes.append(AttributeHash.hash(span.pointee.name.bytes, seed: AttributeHash.seed(of: .name)))
        forEachProperty(content.tools) { property, value in
            if value.utf8.count <= AttributeHash.maxValueBytes { hashes.append(AttributeHash.hash(property, value)) }
        }
        return (content.prompt.map(PromptHash.key), notes.role == .tool ? content.tools.first : nil)
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
        return content(of: span, notes, model: askedModel).prompt.map(Array.init)
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

    /// Finds what log records that name a span hold of its content.
    ///
    /// - Parameters:
    ///   - records: Decoded records of one span.
    ///   - texts: Gets the texts; none when the records hold no content.
    public static func readTexts(of records: [ContentRecord], into texts: inout TextList) {
        for text in ConversationReader.conversation(of: records)?.texts ?? [] { texts.append(text) }
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
        if property == .name { return span.pointee.name.bytes.elementsEqual(value.utf8) }
        calls.removeAll(keepingCapacity: true)
        let notes = semantics.read(span, appendingTo: &calls)
        var isFound = false
        forEachProperty(property == .tool ? content(of: span, notes, model: askedModel).tools : []) {
            isFound = isFound || ($0 == property && $1.utf8.elementsEqual(value.utf8))
        }
        return isFound
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

    /// The model of the call that was read last.
    private var askedModel: String? { calls.first.flatMap { $0.requestModel ?? $0.responseModel } }

    /// What is read of the content of a call, and of the span of a tool.
    private struct Content {
        var prompt: SHA256Digest?
        /// The tool of a tool's span, then those that the model asks for.
        var tools: [String] = []
    }

    /// The content has to be that of the span whose attributes were read last.
    private mutating func content(of span: UnsafePointer<DecodedSpan>, _ notes: SpanNotes, model: String?) -> Content {
        var content = Content()
        guard notes.hasCall || notes.role == .tool else { return content }
        // Usage or a model makes a span a call, whatever else it states.
        let role = notes.role == .other && notes.hasCall ? .llm : notes.role
        guard
            var draft = ConversationReader.draft(
                of: span,
                records: [],
                wantsParams: false,
                using: &attributeRoom,
                role: { role }
            )
        else {
            if notes.role == .tool { content.tools.append(toolName(of: span, nil)) }
            return content
        }
        defer { draft.giveBack(&attributeRoom) }
        if notes.role == .tool { content.tools.append(toolName(of: span, draft.toolName())) }
        guard notes.hasCall else { return content }
        let id = span.pointee.trace_id
        form.enter(TraceID(bytes: UnsafeBufferPointer(start: id.data, count: id.len)))
        draft.write(into: &form, using: &textRoom)
        content.prompt = form.sha256(model: model, tools: draft.result.tools)
        let asked = draft.askedTools(using: &textRoom)
        guard !asked.isEmpty else { return content }
        var known = Set(content.tools)
        for name in asked where known.insert(name).inserted { content.tools.append(name) }
        return content
    }

    /// The tool of a tool's span; one that names none is known by the span's name.
    private func toolName(of span: UnsafePointer<DecodedSpan>, _ name: String?) -> String {
        if let name, !name.isEmpty { return String(name.prefix(TextLimit.name)) }
        return String(span.pointee.name.bytes, cutAt: TextLimit.name)
    }

    /// What is neither attribute nor name; the attributes have to be those that were read last.
    private func forEachProperty(_ tools: [String], _ body: (SpanProperty, String) -> Void) {
        if let operation = semantics.slots.text(.operation) { body(.operation, operation) }
        if let labels = semantics.slots.labels {
            for label in labels.split(separator: LLMCall.labelSeparator) { body(.tag, String(label)) }
        }
        for tool in tools { body(.tool, tool) }
    }

    /// The texts of a span: its name, its errors, its content.
    private func addTexts(of span: UnsafePointer<DecodedSpan>, to texts: inout TextList) {
        texts.append(span.pointee.name.bytes)
        if let error = semantics.slots.text(.errorType) { texts.append(error) }
        if let status = span.pointee.status { texts.append(status.pointee.message.bytes) }
        for text in span.exceptionTexts { texts.append(text) }
        let attributes = UnsafeBufferPointer(start: span.pointee.attributes, count: span.pointee.n_attributes)
        SpanTexts.collect(attributes, into: &texts)
        let records = span.contentRecords
        if !records.isEmpty { Self.readTexts(of: records, into: &texts) }
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
