// RecordFilter.swift - the conditions that lists of traces, lists of calls and statistics share.

public import TraceModel

/// A condition on a span as it was sent.
public struct SpanCondition: Sendable, Hashable {
    /// What is looked at.
    public var property: SpanProperty
    /// The value as text, exact: integers in decimal, truth values as `true` and `false`.
    public var value: String

    /// Makes a condition.
    public init(_ property: SpanProperty, _ value: String) {
        self.property = property
        self.value = value
    }
}

/// The conditions that lists of traces, lists of calls and statistics share; all combine with AND.
///
/// Nil means no condition. What is said of a trace holds of a call where calls are asked for.
public struct RecordFilter: Sendable, Equatable {
    /// Which projects.
    public var scope: ProjectScope = .all
    /// Records that start at or after it; nanoseconds since the Unix epoch.
    public var startsFrom: Int64?
    /// Records that start before it; nanoseconds since the Unix epoch.
    public var startsBefore: Int64?
    /// A model that an own call used: case-insensitive, `*` stands for any text.
    public var model: String?
    /// The provider of an own call: canonical name, exact.
    public var provider: String?
    /// The service, exact: of the root of a trace, of a call's own span.
    public var service: String?
    /// The session, exact.
    public var session: String?
    /// The user, exact.
    public var user: String?
    /// Records that last at least so many nanoseconds.
    public var minDuration: Int64?
    /// Records that last at most so many nanoseconds.
    public var maxDuration: Int64?
    /// Records that cost at least so much; unknown cost never matches.
    public var minCost: PicoUSD?
    /// Records that cost at most so much; unknown cost never matches.
    public var maxCost: PicoUSD?
    /// Records of at least so many input and output tokens; unknown ones never match.
    public var minTokens: Int64?
    /// Records of at most so many input and output tokens; unknown ones never match.
    public var maxTokens: Int64?
    /// The error class of a call, exact.
    public var errorType: String?
    /// The operation of an own call as sent, exact.
    public var operation: String?
    /// What is odd about the trace.
    public var warning: WarningFilter?
    /// Conditions on spans: each holds for some span of a trace, or for a call's own span.
    public var spans: [SpanCondition] = []
    /// Words that are in one document: a call, or what else a request brought for the trace.
    public var text: TextQuery?

    /// Makes a filter that every record of every project passes.
    public init() {}
}
