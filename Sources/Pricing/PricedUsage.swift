// PricedUsage.swift - what a call used.

public import TraceModel

/// What a call used, as far as it matters for its cost.
///
/// `input` and `output` are inclusive totals (attribute dictionary, section 1); the other counts are parts of them. Nil
/// means unknown, of a part that there is none.
public struct PricedUsage: Sendable, Equatable {
    /// When the call started, in nanoseconds since the Unix epoch; 0 means the oldest prices.
    public var time: Int64
    /// The service that the answer names.
    public var variant: PriceVariant?

    /// All input tokens.
    public var input: Int64?
    /// Input tokens read from the cache.
    public var cacheRead: Int64?
    /// Input tokens written to the cache, whatever the lifetime.
    public var cacheWrite: Int64?
    /// Input tokens written to the cache for one hour; part of `cacheWrite`.
    public var cacheWrite1h: Int64?
    /// Audio tokens of the input.
    public var inputAudio: Int64?
    /// Audio tokens read from the cache; part of `cacheRead` and of `inputAudio`.
    public var cacheReadAudio: Int64?
    /// Image tokens of the input.
    public var inputImage: Int64?
    /// Image tokens read from the cache; part of `cacheRead` and of `inputImage`.
    public var cacheReadImage: Int64?
    /// Video tokens of the input.
    public var inputVideo: Int64?

    /// All output tokens.
    public var output: Int64?
    /// Audio tokens of the output.
    public var outputAudio: Int64?
    /// Image tokens of the output.
    public var outputImage: Int64?
    /// Video tokens of the output.
    public var outputVideo: Int64?
    /// Output tokens spent on reasoning.
    public var reasoning: Int64?
    /// Output tokens of citations.
    public var citation: Int64?

    /// How many requests were made.
    public var requests: Int64 = 1
    /// How many searches of the web the provider did.
    public var webSearches: Int64?
    /// How many searches of files the provider did.
    public var fileSearches: Int64?

    /// Makes usage of which nothing is known but the time.
    public init(time: Int64) {
        self.time = time
    }

    /// Takes the counts of a call.
    public init(_ usage: TokenUsage, time: Int64, variant: PriceVariant? = nil) {
        self.time = time
        self.variant = variant
        input = usage.input
        output = usage.output
        cacheRead = usage.cacheRead
        cacheWrite = usage.cacheWrite
        reasoning = usage.reasoning
    }

    /// Whether anything is known that could have a price.
    var isKnown: Bool { input != nil || output != nil || webSearches ?? 0 > 0 || fileSearches ?? 0 > 0 }
}
