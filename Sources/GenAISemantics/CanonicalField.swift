// CanonicalField.swift - the fields that attributes are read into.

/// A field of the canonical record (attribute dictionary, section 1), as far as the ingest path reads it.
///
/// The raw value is a bit number below 64.
enum CanonicalField: Int, CaseIterable, Sendable {
    // Of the call.
    case operation, provider, requestModel, responseModel, responseID, requestID, finishReasons
    case inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens
    case totalTokens, cacheWriteOneHourTokens, cacheWriteFiveMinuteTokens, audioInputTokens, audioOutputTokens
    case serviceTier
    case cost, timeToFirstToken, streaming, errorType
    // Usage that its dialect names a sum; read only when the span has no usage of its own.
    case summedInputTokens, summedOutputTokens, summedCacheReadTokens, summedCacheWriteTokens, summedReasoningTokens
    // Of the span or its resource.
    case session, user, service, label
    // What other fields are concluded from.
    case kind, mark, serverAddress, httpStatus, json
    /// Present where input tokens of some providers leave cached ones out, unless `cachedInside` is present too.
    case cachedApart, cachedInside
    /// Present and true where the answer came from a gateway's cache and cost nothing.
    case cacheHit
    /// What tells the request of a stream from its answer: see `AttributeSlots.isRequestOfStream`.
    case spanType, requestBody, responseBody

    /// The field as a bit.
    var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// Which of several names wins (attribute dictionary, section 5); within a tier the order of the tables decides.
enum Tier: Int, Sendable, Comparable {
    /// Set by the user for a tool that reads it.
    case userSet = 1
    /// Current `gen_ai.*`.
    case current = 2
    /// Names of one dialect.
    case dialect = 3
    /// Deprecated `gen_ai.*` and `llm.usage.*`, and names too general to be trusted before others.
    case deprecated = 4

    static func < (left: Tier, right: Tier) -> Bool {
        left.rawValue < right.rawValue
    }
}
