// CustomPrice.swift - prices that the user adds.

import TraceModel

/// One entry of `prices:` in the configuration: what a model costs, before anything that the table says.
///
/// Amounts are decimals as text, USD for a million tokens or for one of the others, so that no double comes between.
/// 0 is a price: such a model costs nothing.
public struct CustomPrice: Sendable, Equatable {
    /// The provider, by any of its names; nil for every provider.
    public var provider: String?
    /// The model as spans name it, whatever its case; `*` stands for any part.
    public var model: String
    /// A model whose prices of the table hold for this one, such as `gpt-4o` for a deployment `prod-chat`.
    ///
    /// Either this or prices, never both.
    public var sameAs: String?
    /// The first day, as `YYYY-MM-DD`; before it an earlier entry for the same model holds, else the table.
    public var from: String?
    /// The part of each day, in UTC, as two times `HH:MM`; empty for all of it.
    public var utc: [String]
    /// Amounts by the name of their kind, such as `cache_read`.
    public var prices: [String: String]
    /// Prices for calls with more input.
    public var tiers: [Tier]
    /// Prices of variants, such as `batch`, by kind.
    public var variants: [String: [String: String]]

    /// Prices that hold for the whole call once the input has more than a number of tokens.
    public struct Tier: Sendable, Equatable {
        /// The number of input tokens that has to be passed.
        public var above: Int64
        /// Amounts by the name of their kind.
        public var prices: [String: String]

        /// Makes a tier.
        public init(above: Int64, prices: [String: String]) {
            self.above = above
            self.prices = prices
        }
    }

    /// Makes an entry for a model; what is not given is not priced.
    public init(
        provider: String? = nil,
        model: String,
        sameAs: String? = nil,
        from: String? = nil,
        utc: [String] = [],
        prices: [String: String] = [:],
        tiers: [Tier] = [],
        variants: [String: [String: String]] = [:]
    ) {
        self.provider = provider
        self.model = model
        self.sameAs = sameAs
        self.from = from
        self.utc = utc
        self.prices = prices
        self.tiers = tiers
        self.variants = variants
    }
}

/// Which calls a custom price is for, as the table keeps it.
struct CustomRule: Sendable {
    /// The provider in the table; nil when it is not there or none was named.
    let provider: Int?
    /// The name of the provider in lower case; nil for every provider.
    let providerName: String?
    /// The model in lower case, perhaps with stars.
    let pattern: [UInt8]
    /// What holds for these calls.
    let meaning: Meaning

    enum Meaning: Sendable {
        /// Prices of its own.
        case card(Int)
        /// Those of another model.
        case sameAs(String)
    }

    /// Whether it is for calls of the provider.
    func isFor(provider number: Int?, name: String?) -> Bool {
        guard let providerName else { return true }
        return provider.map { $0 == number } ?? (providerName == name)
    }

    /// Whether it is for models of the name, in lower case.
    func isFor(model name: [UInt8]) -> Bool {
        Wildcard.matches(name[...], pattern: pattern[...])
    }
}
