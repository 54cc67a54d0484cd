// ConversationReader.swift - from the attributes and events of one span to its conversation.

public import COTLP
import TraceModel

/// Reads the conversations of decoded spans, one after the other.
///
/// Looks at one span only. Serves who reads: nothing of it runs when spans arrive. Not `Sendable`: one reader serves one
/// thread at a time.
public struct ConversationReader {
    private var semantics = SpanSemantics()
    /// What the spans before were sent, which the next one may have been sent as well.
    private let memory = ListMemory()

    /// Makes a reader that knows every dialect.
    public init() {}

    /// Reads one span.
    ///
    /// Never fails: what has no shape that is known is text.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - records: Log records that name the span; read like its events.
    /// - Returns: The content; nil for a span without any.
    public mutating func read(
        _ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        records: [ContentRecord] = []
    ) -> Conversation? {
        Self.conversation(of: span, records: records, remembering: memory) {
            let reading = semantics.read(span)
            // Usage or a model makes a span a call, whatever else it states.
            return reading.role == .other && reading.call != nil ? .llm : reading.role
        }
    }

    /// The content of a span whose role is known once it is asked for.
    static func conversation(
        of span: UnsafePointer<DecodedSpan>,
        records: [ContentRecord],
        remembering memory: ListMemory? = nil,
        role: () -> SpanRole
    ) -> Conversation? {
        guard var draft = draft(of: span, records: records, remembering: memory, role: role) else { return nil }
        let conversation = draft.conversation()
        return conversation.isEmpty ? nil : conversation
    }

    /// The draft of the content of a span; nil for a span without any.
    static func draft(
        of span: UnsafePointer<DecodedSpan>,
        records: [ContentRecord],
        remembering memory: ListMemory? = nil,
        role: () -> SpanRole
    ) -> ConversationDraft? {
        var room = ContentAttributes.Room()
        return draft(
            of: span,
            records: records,
            wantsParams: true,
            remembering: memory,
            using: &room,
            role: role
        )
    }

    /// The same in memory that was used before, and on demand without parameters of requests.
    static func draft(
        of span: UnsafePointer<DecodedSpan>,
        records: [ContentRecord],
        wantsParams: Bool,
        remembering memory: ListMemory? = nil,
        using room: inout ContentAttributes.Room,
        role: () -> SpanRole
    ) -> ConversationDraft? {
        let list = UnsafeBufferPointer(start: span.pointee.attributes, count: span.pointee.n_attributes)
        let attributes = ContentAttributes(list, wantsParams: wantsParams, using: &room)
        let events = span.contentRecords + records
        guard !attributes.isEmpty || !events.isEmpty else { return nil }
        return ConversationDraft(attributes, events, role: role(), remembering: memory)
    }

    /// The content of log records alone; nil when they hold none.
    static func conversation(of records: [ContentRecord]) -> Conversation? {
        guard !records.isEmpty else { return nil }
        let none = ContentAttributes(UnsafeBufferPointer(start: nil, count: 0))
        var draft = ConversationDraft(none, records, role: .llm)
        let conversation = draft.conversation()
        return conversation.isEmpty ? nil : conversation
    }
}
