// SessionQuery.swift - what lists of sessions and users are asked for, and what they show.

public import TraceModel

/// What traces are gathered by.
public enum TraceOwner: String, Sendable, CaseIterable {
    /// The session.
    case session
    /// The user.
    case user
}

/// Where a page of sessions or users ends.
public struct OwnerPosition: Sendable, Equatable {
    /// The newest trace of the last row: its start and its number.
    public var trace: TracePosition
    /// The newest trace there was when the first page was asked for: later ones change no order.
    public var newest: Int64

    /// Makes a position.
    public init(trace: TracePosition, newest: Int64) {
        self.trace = trace
        self.newest = newest
    }
}

/// What a list of sessions or users is asked for.
public struct OwnerQuery: Sendable, Equatable {
    /// What traces are gathered by.
    public var owner: TraceOwner
    /// Which traces, how many rows, and how long they may be looked for; its order and position are not used.
    public var traces = TraceQuery()
    /// The end of the page before; nil for the first page.
    public var after: OwnerPosition?

    /// Makes a query for the sessions or users of all projects, those with the newest traces first.
    public init(_ owner: TraceOwner) {
        self.owner = owner
    }
}

/// A session or user with the totals of its matching traces; nil means unknown.
public struct OwnerRow: Sendable, Equatable {
    /// The session or user, as text.
    public var name: String
    /// The project.
    public var project: String
    /// The user of the newest matching trace.
    public var user: String?
    /// The earliest start; nanoseconds since the Unix epoch.
    public var firstTime: Int64
    /// The latest end; nanoseconds since the Unix epoch.
    public var lastTime: Int64
    /// Matching traces.
    public var traces: Int64 = 0
    /// Sessions among them; filled for users.
    public var sessions: Int64 = 0
    /// Own calls.
    public var calls: Int64 = 0
    /// Own calls that failed.
    public var errors: Int64 = 0
    /// Input tokens, cached ones included; embeddings apart.
    public var tokensInput: Int64?
    /// Output tokens, reasoning included.
    public var tokensOutput: Int64?
    /// What they cost.
    public var cost: PicoUSD?

    /// Makes a row of nothing.
    public init(name: String, project: String, firstTime: Int64, lastTime: Int64) {
        self.name = name
        self.project = project
        self.firstTime = firstTime
        self.lastTime = lastTime
    }
}

/// A page of sessions or users.
public struct OwnerPage: Sendable, Equatable {
    /// The rows, those with the newest matching trace first.
    public var rows: [OwnerRow]
    /// Where the next page begins; nil when there is no more.
    public var next: OwnerPosition?
    /// Whether time ran out: there may be more between the last row and `next`, which the next page finds.
    public var isPartial = false
    /// Parts that are stored but not searched for words, tools and prompts yet; nil where none of that was asked for.
    public var lag: Int?

    /// Makes a page.
    public init(rows: [OwnerRow], next: OwnerPosition? = nil) {
        self.rows = rows
        self.next = next
    }
}
