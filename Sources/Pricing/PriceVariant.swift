// PriceVariant.swift - other prices for another service.

/// A service of a provider with prices of its own; the one that the answer names counts.
public enum PriceVariant: UInt8, Sendable, CaseIterable {
    /// Asynchronous batches, mostly half the price.
    case batch
    /// Slower and cheaper.
    case flex
    /// Dearer, served first.
    case priority
    /// Dearer, generated faster.
    case fast

    /// The name in the price file, such as `batch`.
    public var name: String {
        switch self {
        case .batch: "batch"
        case .flex: "flex"
        case .priority: "priority"
        case .fast: "fast"
        }
    }

    /// The variant with a name of the price file; nil when there is none.
    public init?(name: String) {
        guard let variant = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = variant
    }

    /// The variant that a service tier (or speed) of an answer stands for, whatever its case.
    ///
    /// Nil for `default`, `standard`, `auto` and all else: those are charged the usual prices.
    public init?(serviceTier: String) {
        self.init(name: serviceTier.lowercased())
    }
}
