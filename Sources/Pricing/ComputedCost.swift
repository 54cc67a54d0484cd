// ComputedCost.swift - what a call costs, and why.

public import TraceModel

/// Which prices a cost was computed from, so that it can be explained and computed again on purpose.
public struct PriceIdentity: Sendable, Hashable {
    /// Where the price comes from.
    public let basis: PriceMatch.Basis
    /// The provider's name, as in the match.
    public let provider: String
    /// The model's name, as in the match.
    public let model: String
    /// The number of the price row, from 0; nil when the call is free.
    public let row: Int?
    /// The number of input tokens above which the call's tier holds; nil for the base prices.
    public let tierAbove: Int64?
    /// The variant whose prices were laid over the row.
    public let variant: PriceVariant?
    /// The day of the price file.
    public let asOf: String
}

/// What has to be known beside a cost.
public struct CostFlags: OptionSet, Sendable, Hashable {
    /// One bit for each flag.
    public let rawValue: UInt8

    /// Makes flags of their bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The parts are more than the whole, or a count is negative: the rest counts as 0.
    public static let contradictory = CostFlags(rawValue: 1 << 0)
    /// The input or the output is unknown and has a price: the cost is too low.
    public static let incomplete = CostFlags(rawValue: 1 << 1)
    /// Something was used that the model has no price for: the cost is too low.
    public static let unpricedPart = CostFlags(rawValue: 1 << 2)
    /// The model has no prices for the variant of the call: the usual ones were taken.
    public static let unpricedVariant = CostFlags(rawValue: 1 << 3)
    /// More than `PicoUSD` can hold: the amount is its limit.
    public static let saturated = CostFlags(rawValue: 1 << 4)
}

/// What a call costs by a price table.
public struct ComputedCost: Sendable, Equatable {
    /// The cost, exact.
    public let amount: PicoUSD
    /// The prices that it was computed from.
    public let identity: PriceIdentity
    /// Whether they are those of something near: another provider's, or of the model before fine-tuning.
    public let isEstimated: Bool
    /// What has to be known beside it.
    public let flags: CostFlags
}

/// One kind's part of a cost.
public struct CostPart: Sendable, Equatable {
    /// What is charged.
    public let kind: PriceKind
    /// How many tokens, or how many of the others.
    public let count: Int64
    /// The price as the price file has it: USD for a million tokens, or for one of the others.
    public let price: String
    /// What they cost.
    public let amount: PicoUSD
}
