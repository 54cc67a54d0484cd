// AssembledSummary.swift - what a list shows of a trace.

public import TraceModel

/// The span that stands for its trace.
public struct AssembledRoot: Sendable, Equatable {
    /// The span.
    public var spanID: SpanID
    /// The winning version of the span.
    public var fingerprint: UInt64
    /// The number of the part that holds it.
    public var part: UInt32
    /// Whether it only stands in because no root has arrived.
    public var isProvisional: Bool
}

/// The calls of a trace in figures: each call once.
///
/// Nil means unknown, never zero.
public struct LLMTotals: Sendable, Equatable {
    /// The model of the own call with the highest cost; an embedding or reranking one only if there is no other.
    public var model: String?
    /// The distinct models of own calls, in the order of first use; at most 64.
    public var models: [String] = []
    /// Input tokens, cached ones included; embeddings and reranking apart.
    public var input: Int64?
    /// Output tokens, reasoning included.
    public var output: Int64?
    /// Part of the input that was read from a cache.
    public var cacheRead: Int64?
    /// Part of the input that was written to a cache.
    public var cacheWrite: Int64?
    /// Part of the output spent on reasoning.
    public var reasoning: Int64?
    /// Input tokens of embedding and reranking calls.
    public var embeddingTokens: Int64?
    /// What the senders say it cost.
    public var cost: PicoUSD?
    /// Own calls: of a provider's model, or of an agent span that alone carries usage.
    public var calls = 0
    /// Own calls whose cost is known.
    public var callsWithCost = 0
    /// Own calls that failed.
    public var callErrors = 0
    /// Nanoseconds to the first token of the first own call that tells.
    public var timeToFirstToken: Int64?

    /// Makes figures in which nothing is known.
    public init() {}
}

/// What a list shows of a trace; a function of the winning versions of its spans.
public struct AssembledSummary: Sendable, Equatable {
    /// Nanoseconds since the Unix epoch: the least start that is given; the least end when none is.
    public var start: Int64
    /// Nanoseconds since the Unix epoch: the greatest end.
    public var end: Int64
    /// Distinct spans.
    public var spanCount: Int
    /// Spans whose status is an error.
    public var errorCount: Int
    /// Whether the trace failed: its root did, or its root says nothing and any span did.
    public var isError: Bool
    /// What is odd about its spans.
    public var marks: SpanMarks
    /// The span that stands for it; none for a trace without spans.
    public var root: AssembledRoot
    /// Spans that name a parent which is not there, or which would close a cycle.
    public var missingParents: Int
    /// Whether a real root is there and no parent is missing.
    public var isComplete: Bool
    /// The service of the root, else of the earliest span that names one.
    public var service: String?
    /// The session of the root, else of the earliest span that names one.
    public var session: String?
    /// The user of the root, else of the earliest span that names one.
    public var user: String?
    /// The calls in figures; nil when no span is a call of a model and none carries usage.
    public var llm: LLMTotals?
}

extension AssembledTrace {
    /// What a list shows.
    ///
    /// Call `settle()` before; of a trace without spans everything is zero.
    public var summary: AssembledSummary {
        let isProvisional = extent.root < 0
        let index = isProvisional ? extent.first : extent.root
        guard index >= 0 else { return .empty }
        let root = nodes[Int(index)]
        return AssembledSummary(
            start: extent.start ?? extent.leastEnd,
            end: extent.end,
            spanCount: nodes.count,
            errorCount: extent.errors,
            isError: root.status == .error || (root.status == .unset && extent.errors > 0),
            marks: extent.marks.union(totals.marks),
            root: AssembledRoot(
                spanID: root.id,
                fingerprint: root.fingerprint,
                part: root.part,
                isProvisional: isProvisional
            ),
            missingParents: missingParents,
            isComplete: !isProvisional && missingParents == 0,
            service: symbols[named(root.service, else: extent.service) { $0.service }],
            session: symbols[named(root.session, else: extent.session) { $0.session }],
            user: symbols[named(root.user, else: extent.user) { $0.user }],
            llm: totals.mentions > 0 ? llmTotals : nil
        )
    }

    @inline(__always)
    private func named(_ symbol: Symbol, else first: Int32, _ field: (Node) -> Symbol) -> Symbol {
        symbol.isNone && first >= 0 ? field(nodes[Int(first)]) : symbol
    }

    private var llmTotals: LLMTotals {
        var result = LLMTotals()
        if highlights.main >= 0 {
            result.model = symbols[effectiveFields(of: calls[Int(highlights.main)]).model]
        }
        result.models = highlights.models.compactMap { symbols[$0.model] }
        result.input = totals.input.value
        result.output = totals.output.value
        result.cacheRead = totals.cacheRead.value
        result.cacheWrite = totals.cacheWrite.value
        result.reasoning = totals.reasoning.value
        result.embeddingTokens = totals.embedding.value
        result.cost = totals.cost.value.map(PicoUSD.init)
        result.calls = totals.calls
        result.callsWithCost = totals.settled
        result.callErrors = totals.errors
        if highlights.firstToken >= 0 {
            result.timeToFirstToken =
                effectiveFields(of: calls[Int(highlights.firstToken)]).timeToFirstToken.value
        }
        return result
    }
}

extension AssembledSummary {
    fileprivate static var empty: AssembledSummary {
        AssembledSummary(
            start: 0,
            end: 0,
            spanCount: 0,
            errorCount: 0,
            isError: false,
            marks: [],
            root: AssembledRoot(spanID: .none, fingerprint: 0, part: 0, isProvisional: true),
            missingParents: 0,
            isComplete: false
        )
    }
}
