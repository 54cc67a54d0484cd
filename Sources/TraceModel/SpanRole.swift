// SpanRole.swift - what a span does in an LLM application.

/// What a span does in an LLM application: the canonical `kind` of the attribute dictionary.
///
/// The raw value is stored; numbers are never reused.
public enum SpanRole: UInt8, Sendable, CaseIterable {
    /// Nothing that the dialects know.
    case other = 0
    /// A call of a generative model.
    case llm = 1
    /// A call of an embedding model.
    case embedding = 2
    /// The run of a tool.
    case tool = 3
    /// A look-up of documents.
    case retriever = 4
    /// A call of a reranking model.
    case reranker = 5
    /// The run of an agent.
    case agent = 6
    /// A chain, workflow, task or framework step.
    case chain = 7
    /// A guardrail check.
    case guardrail = 8
    /// An evaluation.
    case evaluator = 9
    /// The rendering of a prompt.
    case prompt = 10

    /// Whether such a span is itself a call of a provider's model.
    @inlinable public var isProviderCall: Bool {
        self == .llm || self == .embedding || self == .reranker
    }

    /// Whether such a span encloses the work of others, so that its usage may be their sum.
    @inlinable public var isEnclosing: Bool {
        self == .agent || self == .chain
    }

    /// The name used in answers, such as `llm`.
    public var name: String {
        switch self {
        case .other: "other"
        case .llm: "llm"
        case .embedding: "embedding"
        case .tool: "tool"
        case .retriever: "retriever"
        case .reranker: "reranker"
        case .agent: "agent"
        case .chain: "chain"
        case .guardrail: "guardrail"
        case .evaluator: "evaluator"
        case .prompt: "prompt"
        }
    }
}

/// How the usage of a span enters the total of its trace (attribute dictionary, section 8).
///
/// The raw value is stored; numbers are never reused.
public enum UsageScope: UInt8, Sendable, CaseIterable {
    /// Counted.
    case own = 0
    /// Not counted: the sum, or a part, of what its descendants carry.
    case aggregate = 1
    /// Not counted: another span shows the same call.
    case duplicate = 2

    /// The name used in answers, such as `own`.
    public var name: String {
        switch self {
        case .own: "own"
        case .aggregate: "aggregate"
        case .duplicate: "duplicate"
        }
    }
}

/// The rule that decided the usage scope of a span (attribute dictionary, section 8).
///
/// The raw value is stored; numbers are never reused.
public enum UsageRule: UInt8, Sendable, CaseIterable {
    /// Nothing speaks against it: the span's numbers count.
    case ownCall = 0
    /// Rule 1: the dialect itself names the usage a sum.
    case aggregateByName = 1
    /// Rule 2: an agent, chain or workflow over spans that carry usage.
    case aggregateByKind = 2
    /// An LLM span whose tokens are the sum of the LLM spans below it.
    case aggregateBySum = 3
    /// Rule 4: another span carries the same response or request id.
    case duplicateByID = 4
    /// Rule 4: the only LLM span below it has the same model, lies within its time and does not contradict its tokens; or
    /// it knows of no usage and ended soon after that began, as a span around a stream may.
    case duplicateByShape = 5
    /// Another instrumentation of the same service shows the same call beside it: the same model and tokens, which may be
    /// none, and one span within the time of the other, 5 ms more or less.
    case duplicateByScope = 6

    /// The name used in answers, such as `duplicate_by_id`.
    public var name: String {
        switch self {
        case .ownCall: "own_call"
        case .aggregateByName: "aggregate_by_name"
        case .aggregateByKind: "aggregate_by_kind"
        case .aggregateBySum: "aggregate_by_sum"
        case .duplicateByID: "duplicate_by_id"
        case .duplicateByShape: "duplicate_by_shape"
        case .duplicateByScope: "duplicate_by_scope"
        }
    }
}
