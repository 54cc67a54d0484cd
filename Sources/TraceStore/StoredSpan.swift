// StoredSpan.swift - the query form of spans.

public import TraceModel

/// A call as it is stored: one span's canonical record and how it is counted.
public struct StoredCall: Sendable, Equatable {
    /// The canonical record; of the counted one of several spans, with what the others add.
    public var call: LLMCall
    /// How it enters the totals.
    public var scope: UsageScope
    /// The rule that decided so.
    public var rule: UsageRule
    /// The spans that it sums, that repeat it, or that counts in its place.
    public var concerned: [SpanID] = []
    /// Whether there are more of them than are named.
    public var isConcernedCut = false
    /// The session that the span names.
    public var session: String?
    /// The user that the span names.
    public var user: String?
    /// What it cost by the price table when it arrived, where that was computed again since.
    public var costCharged: PicoUSD?
    /// The spans of other traces that show the same call.
    public var elsewhere: [SpanReference] = []

    /// Makes a stored call of which nothing else is known.
    public init(call: LLMCall, scope: UsageScope, rule: UsageRule) {
        self.call = call
        self.scope = scope
        self.rule = rule
    }
}

/// Where the winning version of a span stands in its trace, and what orders it.
public struct SpanOutline: Sendable, Equatable {
    /// The span.
    public var spanID: SpanID
    /// The parent as sent; none for a root.
    public var parentID: SpanID
    /// Whether the parent is there, and the link closes no cycle.
    public var hasParent: Bool
    /// Nanoseconds since the Unix epoch.
    public var start: Int64
    /// Nanoseconds since the Unix epoch, never before `start`.
    public var end: Int64
    /// What is odd about it.
    public var marks: SpanMarks
    /// Bytes of the encoded span.
    public var length: Int
    /// The part that holds it.
    public var part: UInt32
    /// Its place in the part.
    public var index: Int
    /// Its call, when it has one.
    public var call: StoredCall?

    /// Makes an outline.
    public init(
        spanID: SpanID,
        parentID: SpanID,
        hasParent: Bool,
        start: Int64,
        end: Int64,
        marks: SpanMarks,
        length: Int,
        part: UInt32,
        index: Int,
        call: StoredCall?
    ) {
        self.spanID = spanID
        self.parentID = parentID
        self.hasParent = hasParent
        self.start = start
        self.end = end
        self.marks = marks
        self.length = length
        self.part = part
        self.index = index
        self.call = call
    }
}

/// One span with its bytes exactly as received.
public struct StoredSpan: Sendable {
    /// Where it stands.
    public var outline: SpanOutline
    /// Owns the bytes.
    public var storage: BatchStorage
    /// The encoded `Span` message in `storage.bytes`.
    public var range: Range<Int>
    /// The `ResourceSpans` message it came in, without its spans.
    public var resource: SpanEnvelope
    /// The `ScopeSpans` message it came in, without its spans.
    public var scope: SpanEnvelope

    /// Makes a stored span.
    public init(
        outline: SpanOutline,
        storage: BatchStorage,
        range: Range<Int>,
        resource: SpanEnvelope,
        scope: SpanEnvelope
    ) {
        self.outline = outline
        self.storage = storage
        self.range = range
        self.resource = resource
        self.scope = scope
    }

    /// The encoded `Span` message; valid while `storage` lives.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage.bytes[range])
    }
}
