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
        let isTimeout =
            Self.timeoutCodes.contains(errorType) || Self.timeoutWords.contains { errorType.holds($0) }
        self = isTimeout ? .timeout : .error
    }

    /// Parts of the names of errors, in lower case.
    public static let timeoutWords = ["timeout", "timed out", "timed_out", "deadline"]
    /// Statuses of HTTP, and that of gRPC by number.
    public static let timeoutCodes: Set<String> = ["408", "504", "4"]
}

extension String {
    /// Whether an ASCII word in lower case stands in it, in any case.
    fileprivate func holds(_ word: String) -> Bool {
        let word = Array(word.utf8)
        let text = Array(utf8)
        guard text.count >= word.count else { return false }
        return (0...text.count - word.count).contains { start in
            word.indices.allSatisfy {
                text[start + $0] == word[$0] || text[start + $0] ^ 0x20 == word[$0] && word[$0] > 0x60
            }
        }
    }
}

/// Where a page of calls ends: the keyset of its last row.
public struct CallPosition: Sendable, Equatable {
    /// The value of the sort column of the last row: nanoseconds, 10^-12 USD or tokens; -1 stands for unknown.
    public var value: Int64
    /// The trace of the last row; with the span it breaks ties.
    public var traceID: TraceID
    /// The span of the last row.
    public var spanID: SpanID

    /// Makes a position.
    public init(value: Int64, traceID: TraceID, spanID: SpanID) {
        self.value = value
        self.traceID = traceID
        self.spanID = spanID
    }
}

/// What a list of calls is asked for; all conditions combine with AND.
@dynamicMemberLookup
public struct CallQuery: Sendable, Equatable {
    /// What it shares with other lists.
    public var filter = RecordFilter()
    /// Most rows.
    public var limit = 100
    /// Rows that are passed over; 0 where `after` is given.
    public var offset = 0
    /// The end of the page before; nil for the first page.
    public var after: CallPosition?
    /// What to sort by: the start of the call, its duration, cost or tokens.
    public var sort: TraceSort = .startTime
    /// Whether small values come first.
    public var ascending = false
    /// The service of its trace or span, a tag, or an attribute `source` or `tenant`; exact.
    public var source: String?
    /// The model that counts; exact.
    public var exactModel: String?
    /// How it ended.
    public var status: CallStatus?
    /// Whether sums and repetitions are listed too, and calls that another trace counts.
    public var includesUncounted = false
    /// Whether all matches are counted.
    public var isCounted = true
    /// How long a page may be looked for; what was found until then is the page.
    public var patience = Duration.seconds(3)

    /// Makes a query for the newest calls of all projects.
    public init() {}

    /// The conditions of `filter`.
    public subscript<Value>(dynamicMember member: WritableKeyPath<RecordFilter, Value>) -> Value {
        get { filter[keyPath: member] }
        set { filter[keyPath: member] = newValue }
    }
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
    /// How many there are in all; nil when that was not asked for, or could not be counted in time.
    public var total: Int?
    /// Where the next page begins; nil when there is no more.
    public var next: CallPosition?
    /// Whether time ran out: there may be more between the last row and `next`, which the next page finds.
    public var isPartial = false
    /// Parts that are stored but not searched for words, tools and prompts yet; nil where none of that was asked for.
    public var lag: Int?

    /// Makes a page.
    public init(rows: [CallRow], total: Int?, next: CallPosition? = nil) {
        self.rows = rows
        self.total = total
        self.next = next
    }
}
