// CallQuery.swift - what a list of calls is asked for, and what it shows.

public import TraceModel

/// How a call ended.
public enum CallStatus: String, Sendable, CaseIterable {
    /// Nothing says that it failed.
    case success
    /// It failed.
    case error
    /// It failed, and a name of its error speaks of a timeout or deadline.
    case timeout

    /// Concludes it from what is known of a call.
    public init(isFailed: Bool, errorType: String?) {
        guard let errorType else {
            self = isFailed ? .error : .success
            return
        }
        let text = errorType.lowercased()
        let isTimeout =
            Self.timeoutWords.contains { text.contains($0) } || Self.timeoutCodes.contains(text)
        self = isTimeout ? .timeout : .error
    }

    /// Parts of the names of errors, in lower case.
    public static let timeoutWords = ["timeout", "timed out", "timed_out", "deadline"]
    /// Statuses of HTTP, and that of gRPC by number.
    public static let timeoutCodes: Set<String> = ["408", "504", "4"]
}

/// What a list of calls is asked for; all conditions combine with AND.
public struct CallQuery: Sendable, Equatable {
    /// Which projects.
    public var scope: ProjectScope = .all
    /// Most rows.
    public var limit = 100
    /// Rows that are passed over.
    public var offset = 0
    /// Calls that start at or after it; nanoseconds since the Unix epoch.
    public var startsFrom: Int64?
    /// Calls that start before it; nanoseconds since the Unix epoch.
    public var startsBefore: Int64?
    /// The service of its trace, a tag, or an attribute `source` or `tenant`; exact.
    public var source: String?
    /// The model that counts; exact.
    public var model: String?
    /// How it ended.
    public var status: CallStatus?
    /// Whether sums and repetitions are listed too, and calls that another trace counts.
    public var includesUncounted = false

    /// Makes a query for the newest calls of all projects.
    public init() {}
}

/// One row of a list of calls.
public struct CallRow: Sendable, Equatable {
    /// The trace.
    public var traceID: TraceID
    /// The span.
    public var spanID: SpanID
    /// The model that counts.
    public var model: String?
    /// The provider's canonical name.
    public var provider: String?
    /// Input tokens, cached ones included.
    public var tokensInput: Int64?
    /// Output tokens, reasoning included.
    public var tokensOutput: Int64?
    /// The cost that counts.
    public var cost: PicoUSD?
    /// Nanoseconds.
    public var duration: Int64
    /// How it ended.
    public var status: CallStatus
    /// When it started; nanoseconds since the Unix epoch.
    public var start: Int64
    /// How it enters the totals of its trace.
    public var scope: UsageScope

    /// Makes a row of which nothing is known but where and when.
    public init(traceID: TraceID, spanID: SpanID, start: Int64, duration: Int64, status: CallStatus) {
        self.traceID = traceID
        self.spanID = spanID
        self.start = start
        self.duration = duration
        self.status = status
        scope = .own
    }
}

/// A page of a list of calls.
public struct CallPage: Sendable, Equatable {
    /// The rows, the newest first.
    public var rows: [CallRow]
    /// How many there are in all.
    public var total: Int

    /// Makes a page.
    public init(rows: [CallRow], total: Int) {
        self.rows = rows
        self.total = total
    }
}
