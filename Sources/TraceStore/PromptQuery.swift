// PromptQuery.swift - which prompts were sent how often.

public import TraceModel

/// What prompts are ranked by.
public enum PromptSort: String, Sendable, CaseIterable {
    /// How often they were sent.
    case count
    /// What the calls cost that sent them.
    case cost
}

/// Which prompts are asked for.
public struct PromptQuery: Sendable, Equatable {
    /// Which calls.
    public var calls = CallQuery()
    /// What comes first: the most calls, or the dearest.
    public var sort: PromptSort = .count
    /// Most rows.
    public var limit = 20
    /// Prompts that were sent at least so often.
    public var minCount: Int64 = 2
    /// The one prompt that is meant, by the first eight bytes of its hash; nil for all.
    public var hash: Int64?

    /// Makes a query for the prompts of all projects that were sent more than once.
    public init() {}
}

/// A prompt and the calls that sent it; nil means unknown.
public struct PromptUse: Sendable, Equatable {
    /// The first eight bytes of its hash.
    public var hash: Int64
    /// Own calls.
    public var count: Int64
    /// What they cost.
    public var cost: PicoUSD?
    /// Their input tokens.
    public var tokensInput: Int64?
    /// Their output tokens.
    public var tokensOutput: Int64?
    /// When the first of them started; nanoseconds since the Unix epoch.
    public var firstTime: Int64
    /// When the last of them started.
    public var lastTime: Int64
    /// The model of the example.
    public var model: String?
    /// The trace of the example, which is the last of them that was stored, by its number in the store.
    public var exampleNumber: Int64
    /// Its trace.
    public var exampleTrace: TraceID
    /// Its span.
    public var exampleSpan: SpanID

    /// Makes a prompt that was sent by one call of which nothing else is known.
    public init(hash: Int64, start: Int64, number: Int64, trace: TraceID, span: SpanID) {
        self.hash = hash
        count = 1
        firstTime = start
        lastTime = start
        exampleNumber = number
        exampleTrace = trace
        exampleSpan = span
    }
}

/// Prompts in the order that was asked for.
public struct PromptPage: Sendable, Equatable {
    /// The rows.
    public var rows: [PromptUse]
    /// Parts that are stored and not looked through for prompts yet.
    public var lag = 0

    /// Makes a page.
    public init(rows: [PromptUse]) {
        self.rows = rows
    }
}
