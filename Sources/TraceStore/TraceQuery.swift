// TraceQuery.swift - what a list of traces is asked for.

public import TraceModel

/// Which projects a query covers.
public enum ProjectScope: Sendable, Equatable {
    /// Every project.
    case all
    /// One project by name.
    case only(String)
}

/// The status of a whole trace.
public enum TraceStatus: String, Sendable, CaseIterable {
    /// No failure that counts.
    case ok
    /// The root failed, or it says nothing and any span failed.
    case error
}

/// What a list of traces is sorted by.
public enum TraceSort: String, Sendable, CaseIterable {
    /// The start of the trace.
    case startTime = "start_time"
    /// Its duration.
    case duration = "duration_ms"
    /// Its cost; traces of unknown cost come last.
    case cost
    /// Its input and output tokens; traces of unknown tokens come last.
    case tokens
}

/// Where a page ends: the keyset of its last row.
public struct TracePosition: Sendable, Equatable, Codable {
    /// The value of the sort column of the last row: nanoseconds, 10^-12 USD or tokens; -1 stands for unknown.
    public var value: Int64
    /// The number of the last row's trace; breaks ties.
    public var number: Int64

    /// Makes a position.
    public init(value: Int64, number: Int64) {
        self.value = value
        self.number = number
    }
}

/// Which odd traces are asked for.
public struct WarningFilter: Sendable, Equatable {
    /// Marks of which a trace has at least one.
    public var marks: SpanMarks
    /// Whether a missing parent counts as well.
    public var includesMissingParents: Bool
    /// Whether traces are asked for that have none of it instead.
    public var isNegated: Bool

    /// Makes a filter.
    public init(marks: SpanMarks, includesMissingParents: Bool, isNegated: Bool = false) {
        self.marks = marks
        self.includesMissingParents = includesMissingParents
        self.isNegated = isNegated
    }
}

/// What a list of traces is asked for.
///
/// All conditions combine with AND; nil means no condition.
@dynamicMemberLookup
public struct TraceQuery: Sendable, Equatable {
    /// What it shares with other lists.
    public var filter = RecordFilter()
    /// Most rows in the page, at least 1.
    public var limit = 50
    /// The end of the page before; nil for the first page.
    public var after: TracePosition?
    /// What to sort by.
    public var sort: TraceSort = .startTime
    /// Whether small values come first.
    public var ascending = false
    /// Traces that end before it; nanoseconds since the Unix epoch.
    public var endsBefore: Int64?
    /// The status.
    public var status: TraceStatus?
    /// The only traces that may match, by number, at most some hundred; nil for any.
    public var numbers: [Int64]?
    /// Whether all matches are to be counted, whatever page is asked for.
    public var isCounted = false
    /// How long a page may be looked for; what was found until then is the page.
    public var patience = Duration.seconds(3)

    /// Makes a query for the newest traces of all projects.
    public init() {}

    /// The conditions of `filter`.
    public subscript<Value>(dynamicMember member: WritableKeyPath<RecordFilter, Value>) -> Value {
        get { filter[keyPath: member] }
        set { filter[keyPath: member] = newValue }
    }
}
