// LLMCall.swift - the canonical record of one span's LLM call.

/// Token counts of one call, normalised to inclusive totals (attribute dictionary, section 1).
///
/// Nil means unknown.
public struct TokenUsage: Sendable, Equatable {
    /// All input tokens, cached and cache-written ones included.
    public var input: Int64?
    /// All output tokens, reasoning included.
    public var output: Int64?
    /// Input tokens read from a provider cache; part of `input`.
    public var cacheRead: Int64?
    /// Input tokens written to a provider cache; part of `input`.
    public var cacheWrite: Int64?
    /// Output tokens spent on reasoning; part of `output`.
    public var reasoning: Int64?
    /// Input tokens written to a cache that lives for an hour; part of `cacheWrite`.
    public var cacheWriteOneHour: Int64?
    /// Audio among the input tokens; part of `input`.
    public var audioInput: Int64?
    /// Audio among the output tokens; part of `output`.
    public var audioOutput: Int64?

    /// Makes usage of which nothing is known but what is given.
    public init(
        input: Int64? = nil,
        output: Int64? = nil,
        cacheRead: Int64? = nil,
        cacheWrite: Int64? = nil,
        reasoning: Int64? = nil
    ) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }

    /// Whether input or output is known.
    @inlinable public var isKnown: Bool { input != nil || output != nil }
}

/// What one span says about a call of a model: the canonical record of the attribute dictionary.
///
/// Also made for agent and chain spans that carry usage, so that the total of a trace can be explained.
public struct LLMCall: Sendable, Equatable {
    /// What the span does.
    public var role: SpanRole
    /// The operation, such as `chat` or `embeddings`; as sent.
    public var operation: String?
    /// The provider's canonical name, such as `openai` or `aws.bedrock`.
    public var provider: String?
    /// The server that was called, where no attribute names the provider.
    public var serverAddress: String?
    /// The model as asked for.
    public var requestModel: String?
    /// The model as answered.
    public var responseModel: String?
    /// Token counts, inclusive.
    public var usage = TokenUsage()
    /// The service that the answer names, such as `flex` or `priority`; it has a price of its own.
    public var serviceTier: String?
    /// Whether a gateway answered from its own cache, so that no provider served anything.
    public var isFromGatewayCache = false
    /// The cost that the sender reports.
    public var costReported: PicoUSD?
    /// What the call costs by the price table; nil when the model has no price.
    public var costComputed: PicoUSD?
    /// The price that `costComputed` was computed with, as one JSON object (docs/prices.md).
    public var price: String?
    /// The provider's id of the answer.
    public var responseID: String?
    /// The id of the request at the provider or gateway.
    public var requestID: String?
    /// Why each choice ended, such as `stop`.
    public var finishReasons = FewStrings()
    /// The tags of the span and its attributes `source` and `tenant`, each between two separators; nil for none.
    public var labels: String?
    /// What stands around each of the labels.
    public static let labelSeparator = "\u{1F}"
    /// Nanoseconds from the request to the first token or chunk.
    public var timeToFirstToken: Int64?
    /// Whether the answer was streamed; nil when unknown.
    public var isStreaming: Bool?
    /// The class of the error, when the call failed.
    public var errorType: String?

    /// Makes a record that knows nothing but the role.
    public init(role: SpanRole) {
        self.role = role
    }

    /// The cost that counts: the reported one, else the computed one.
    public var cost: PicoUSD? { costReported ?? costComputed }

    /// The model that counts: the one that answered, else the one asked for.
    public var model: String? { responseModel ?? requestModel }

    /// Whether the span says anything that could enter a total.
    public var carriesUsage: Bool { usage.isKnown || costReported != nil }
}
