// StatsQuery.swift - what statistics are asked for, and what they say.

public import TraceModel

/// What statistics can be split by.
public enum StatsDimension: String, Sendable, CaseIterable {
    /// The model that counts.
    case model
    /// The provider's canonical name.
    case provider
    /// The service of the span.
    case service
    /// The project.
    case project
    /// The user that the span names.
    case user
    /// The session that the span names.
    case session
    /// The operation, as sent.
    case operation
    /// How the call ended.
    case status
    /// The tool: statistics are of runs of tools then, not of calls of models.
    case tool
}

/// How long the intervals of statistics are; they begin at midnight, on Monday or on the first of the month, UTC.
public enum StatsInterval: String, Sendable, CaseIterable {
    /// An hour.
    case hour
    /// A day.
    case day
    /// Seven days from Monday on.
    case week
    /// A month of the calendar.
    case month
}

/// What statistics are asked for.
public struct StatsQuery: Sendable, Equatable {
    /// Which calls.
    public var calls = CallQuery()
    /// How time is split; nil for not at all.
    public var interval: StatsInterval?
    /// What it is split by.
    public var groupBy: [StatsDimension] = []
    /// Most rows.
    public var limit = 1000

    /// Makes a query for the totals of all projects.
    public init() {}
}

/// Percentiles of a time, in nanoseconds, at most 2 % off.
public struct StatsPercentiles: Sendable, Equatable {
    /// The median.
    public var p50: Double
    /// What 90 % are not above.
    public var p90: Double
    /// What 95 % are not above.
    public var p95: Double
    /// What 99 % are not above.
    public var p99: Double

    /// Makes percentiles.
    public init(p50: Double, p90: Double, p95: Double, p99: Double) {
        self.p50 = p50
        self.p90 = p90
        self.p95 = p95
        self.p99 = p99
    }
}

/// The figures of one interval and group; nil means unknown.
public struct StatsRow: Sendable, Equatable {
    /// Where the interval begins; nanoseconds since the Unix epoch.
    ///
    /// Nil where time is not split.
    public var start: Int64?
    /// Where it ends.
    public var end: Int64?
    /// The value of each of `groupBy`; nil for calls that have none.
    public var group: [String?]
    /// Own calls, each once; runs of tools where tools are asked for.
    public var calls: Int64 = 0
    /// Traces that start in the interval; those without such a call too where sums kept by time answer.
    public var traces: Int64 = 0
    /// Calls that failed.
    public var errors: Int64 = 0
    /// Input tokens, cached ones included; embeddings apart.
    public var tokensInput: Int64?
    /// Output tokens, reasoning included.
    public var tokensOutput: Int64?
    /// Part of the input that was read from a cache.
    public var tokensCacheRead: Int64?
    /// Part of the input that was written to a cache.
    public var tokensCacheWrite: Int64?
    /// Part of the output spent on reasoning.
    public var tokensReasoning: Int64?
    /// Input tokens of embedding and reranking calls.
    public var tokensEmbedding: Int64?
    /// What they cost.
    public var cost: PicoUSD?
    /// How long they took.
    public var latency: StatsPercentiles?
    /// How long until their first token.
    public var timeToFirstToken: StatsPercentiles?

    /// Makes a row of nothing.
    public init(start: Int64?, end: Int64?, group: [String?]) {
        self.start = start
        self.end = end
        self.group = group
    }
}

/// Statistics.
public struct StatsPage: Sendable, Equatable {
    /// By start, then the dearest first.
    public var rows: [StatsRow]
    /// Whether there were more groups than rows are shown, or too many for percentiles.
    public var isTruncated = false
    /// Parts that are stored but not looked through for runs of tools yet; nil where no tools are asked for.
    public var lag: Int?

    /// Makes statistics.
    public init(rows: [StatsRow]) {
        self.rows = rows
    }
}

extension CallQuery {
    /// Whether statistics that are kept by hour and day answer it.
    public var isKnownToRollups: Bool {
        var known = RecordFilter()
        known.scope = filter.scope
        known.startsFrom = filter.startsFrom
        known.startsBefore = filter.startsBefore
        known.model = filter.model
        known.provider = filter.provider
        known.service = filter.service
        known.operation = filter.operation
        return filter == known && source == nil && !includesUncounted
    }
}
