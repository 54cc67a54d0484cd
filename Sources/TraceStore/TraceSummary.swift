// TraceSummary.swift - what a list shows of a trace.

public import TraceModel

/// One model's share of a trace.
public struct ModelUse: Sendable, Equatable {
    /// The model's name.
    public var model: String
    /// Own calls of it.
    public var calls: Int
    /// Input tokens of those calls; nil when unknown for all of them.
    public var tokensInput: Int64?
    /// Output tokens of those calls; nil when unknown for all of them.
    public var tokensOutput: Int64?
    /// Cost of those calls; nil when unknown for all of them.
    public var cost: PicoUSD?

    /// Makes a share.
    public init(model: String, calls: Int, tokensInput: Int64?, tokensOutput: Int64?, cost: PicoUSD?) {
        self.model = model
        self.calls = calls
        self.tokensInput = tokensInput
        self.tokensOutput = tokensOutput
        self.cost = cost
    }
}

/// The LLM calls of a trace in figures: each call once.
///
/// Nil means unknown, never zero.
public struct LLMSummary: Sendable, Equatable {
    /// The main model.
    public var model: String?
    /// Every model of an own call; filled where one trace is read, and in lists.
    public var models: [ModelUse] = []
    /// Every provider of an own call.
    public var providers: [String] = []
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
    /// Input tokens of embedding and rerank calls.
    public var tokensEmbedding: Int64?
    /// What it cost.
    public var cost: PicoUSD?
    /// What the senders say it cost.
    public var costReported: PicoUSD?
    /// What the price table says, of the calls whose model has a price.
    public var costComputed: PicoUSD?
    /// What it cost when it arrived, where costs were computed again since; else nil.
    public var costCharged: PicoUSD?
    /// Own calls whose cost is known, and those that failed without using anything.
    public var callsWithCost = 0
    /// Own calls.
    public var calls = 0
    /// Own calls that failed.
    public var errors = 0
    /// Nanoseconds to the first token of the first call that tells.
    public var timeToFirstToken: Int64?

    /// Makes a summary in which nothing is known.
    public init() {}
}

/// The span that stands for its trace.
public struct RootSpan: Sendable, Equatable {
    /// The span.
    public var spanID: SpanID
    /// Its name.
    public var name: String
    /// Its attributes as one JSON object; values over 256 B are cut.
    public var attributes: [UInt8]
    /// The keys whose values were cut.
    public var truncated: [String]
    /// Whether it only stands in because no root has arrived.
    public var isProvisional: Bool

    /// Makes a root.
    public init(spanID: SpanID, name: String, attributes: [UInt8], truncated: [String], isProvisional: Bool) {
        self.spanID = spanID
        self.name = name
        self.attributes = attributes
        self.truncated = truncated
        self.isProvisional = isProvisional
    }
}

/// One row of a list of traces.
public struct TraceSummary: Sendable, Equatable {
    /// The trace's number in this store: one more for each new trace, never used again.
    public var number: Int64
    /// The project.
    public var project: String
    /// The trace.
    public var traceID: TraceID
    /// Nanoseconds since the Unix epoch.
    public var start: Int64
    /// Nanoseconds since the Unix epoch, never before `start`.
    public var end: Int64
    /// Distinct spans.
    public var spanCount: Int
    /// Spans whose status is an error.
    public var errorCount: Int
    /// The status of the whole.
    public var status: TraceStatus
    /// What is odd about its spans.
    public var marks: SpanMarks
    /// Spans that name a parent which is not there.
    public var missingParents: Int
    /// Whether the root is there and no parent is missing.
    public var isComplete: Bool
    /// The span that stands for it.
    public var root: RootSpan
    /// The service of the root.
    public var service: String?
    /// The session.
    public var session: String?
    /// The user.
    public var user: String?
    /// The calls in figures; nil when no span is a call.
    public var llm: LLMSummary?
    /// Whether its content has expired: its numbers are there, what people and models wrote is not.
    public var isContentExpired = false

    /// Makes a row.
    public init(number: Int64, project: String, traceID: TraceID, start: Int64, end: Int64, root: RootSpan) {
        self.number = number
        self.project = project
        self.traceID = traceID
        self.start = start
        self.end = end
        self.root = root
        spanCount = 0
        errorCount = 0
        status = .ok
        marks = []
        missingParents = 0
        isComplete = false
    }
}

/// A page of a list of traces.
public struct TracePage: Sendable, Equatable {
    /// The rows.
    public var rows: [TraceSummary]
    /// Where the next page begins; nil when there is no more.
    public var next: TracePosition?
    /// How many traces match in all; nil unless that was asked for, and known in time.
    public var total: Int?
    /// Whether time ran out: there may be more between the last row and `next`, which the next page finds.
    public var isPartial = false
    /// Parts that are stored but not searched for words, tools and prompts yet; nil where none of that was asked for.
    public var lag: Int?

    /// Makes a page.
    public init(rows: [TraceSummary], next: TracePosition?) {
        self.rows = rows
        self.next = next
    }
}
