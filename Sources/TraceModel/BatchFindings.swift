// BatchFindings.swift - what the spans of a batch can be found by, known before they are stored.

/// What the spans of a batch can be found by, texts aside.
public struct BatchFindings: Sendable, Equatable {
    /// What one span can be found by.
    public struct Span: Sendable, Equatable {
        /// Whether the span was looked at; one that was not has to be looked at later.
        public var isRead: Bool
        /// Where its hashes end in `hashes`; they begin where those of the span before it end.
        public var end: Int32
        /// The first eight bytes of the hash of its prompt; nil for a span that is no call, or shows no prompt.
        public var promptHash: Int64?
        /// Index into the batch's `strings` of the tool, for the span of a tool alone; -1 for none.
        public var tool: Int32

        /// Makes what is known of one span.
        public init(isRead: Bool, end: Int32, promptHash: Int64?, tool: Int32) {
            self.isRead = isRead
            self.end = end
            self.promptHash = promptHash
            self.tool = tool
        }
    }

    /// One entry for each span of the batch.
    public var spans: [Span] = []
    /// The `AttributeHash` of every property of the spans, span by span.
    public var hashes: [UInt64] = []
    /// The `AttributeHash` of every attribute of each of the batch's resources; nil for one that has too many to be
    /// noted with each part, whose spans may then be found by anything.
    public var resources: [[UInt64]?] = []

    /// A resource of more hashes is not noted.
    ///
    /// They are stored with every part of the resource, so that one large resource of many small traces would take many
    /// times its own size.
    public static let mostResourceHashes = 1024

    /// Makes findings of no spans.
    public init() {}
}
