// SpanPlace.swift - what the store knows of a span beyond its bytes.

public import TraceModel

/// What the query form of a span shows that its bytes alone do not tell.
public struct SpanPlace: Sendable, Equatable {
    /// A call and how it enters the totals.
    public struct Call: Sendable, Equatable {
        /// The canonical record.
        public var record: LLMCall
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

        /// Makes a call of which nothing else is known.
        public init(record: LLMCall, scope: UsageScope, rule: UsageRule) {
            self.record = record
            self.scope = scope
            self.rule = rule
        }
    }

    /// The span.
    public var spanID: SpanID
    /// The parent as sent; none for a root.
    public var parentID: SpanID
    /// Whether the parent is there.
    public var hasParent: Bool
    /// Nanoseconds since the Unix epoch.
    public var start: Int64
    /// Nanoseconds since the Unix epoch, never before `start`.
    public var end: Int64
    /// What is odd about it.
    public var marks: SpanMarks
    /// Its call, when it has one.
    public var call: Call?

    /// Makes a place.
    public init(
        spanID: SpanID,
        parentID: SpanID,
        hasParent: Bool,
        start: Int64,
        end: Int64,
        marks: SpanMarks = [],
        call: Call? = nil
    ) {
        self.spanID = spanID
        self.parentID = parentID
        self.hasParent = hasParent
        self.start = start
        self.end = end
        self.marks = marks
        self.call = call
    }

    /// Everything odd about the span, as answers list it.
    public var warnings: [String] {
        let isOrphan = !parentID.isNone && !hasParent && !marks.contains(.parentCyclic)
        return marks.warnings + (isOrphan ? ["parent_missing"] : [])
    }
}
