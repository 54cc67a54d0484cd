// PriceMatch.swift - which price is for a call.

/// What a span says about where a call went and which model answered.
public struct PriceQuery: Sendable, Equatable {
    /// The provider attribute, in any case.
    public var provider: String?
    /// The address of the server, such as `api.openai.com`.
    public var host: String?
    /// The model that answered; its price counts, if it has one.
    public var responseModel: String?
    /// The model that was asked for.
    public var requestModel: String?

    /// Makes a query.
    public init(
        provider: String? = nil,
        host: String? = nil,
        responseModel: String? = nil,
        requestModel: String? = nil
    ) {
        self.provider = provider
        self.host = host
        self.responseModel = responseModel
        self.requestModel = requestModel
    }
}

/// How the provider of a call was found.
public enum ProviderReason: String, Sendable {
    /// The provider attribute names it.
    case attribute
    /// The address of the server is one of its own.
    case host
    /// It stands before the model's name.
    case prefix
    /// The model's name points to it.
    case inferred
    /// Nothing tells: it is the first in the table that knows the model.
    case any
    /// The provider of the call sells this one's models.
    case fallback
    /// The provider of the call does not know the model; this one made it, as its name tells.
    case maker
    /// A price of the user, for whichever provider.
    case custom
}

/// Which price is for a call, and how it was found.
public struct PriceMatch: Sendable, Equatable {
    /// Where the price comes from.
    public enum Basis: String, Sendable {
        /// The price file.
        case listed
        /// The configuration.
        case custom
        /// Nobody charges: a program on one's own machines, or a `:free` model.
        case free
    }

    /// Where the price comes from.
    public let basis: Basis
    /// The provider's name in the price file; of a custom or free price as the span or the entry has it, perhaps empty.
    public let provider: String
    /// The model's name in the price file or in the entry; of a free one as the span has it, in lower case.
    public let model: String
    /// The step that made the name fit.
    public let step: MatchStep
    /// How the provider was found.
    public let reason: ProviderReason
    /// The prices; nil when the call is free.
    let target: PriceTarget?

    /// Whether this is the price of something near: another provider's, or of the model before fine-tuning.
    public var isEstimated: Bool { target?.isEstimated ?? false }
    /// A variant that the model's name tells of (`-fast`); one that the call tells of comes before it.
    public var impliedVariant: PriceVariant? { target?.impliedVariant }
}

/// Where the prices of a match stand in its table.
struct PriceTarget: Sendable, Equatable {
    /// The model's card.
    let card: Int
    /// The card that holds when no row of a custom price does.
    var other: Int?
    var isEstimated = false
    var impliedVariant: PriceVariant?
}

/// One attempt to find a model, for explanations.
public struct PriceAttempt: Sendable, Equatable {
    /// The step that made the name.
    public let step: MatchStep
    /// The name that was looked for.
    public let name: String
    /// The provider that was asked; nil for the user's prices and for every provider in turn.
    public let provider: String?
    /// Whether it was found.
    public let isFound: Bool
}
