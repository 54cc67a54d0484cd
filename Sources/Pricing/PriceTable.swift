// PriceTable.swift - models and their prices.

import TraceModel

/// Where the prices of a file come from.
public struct PriceSource: Sendable, Equatable {
    /// The name of the data set.
    public let name: String
    /// Its version.
    public let version: String
    /// Its licence.
    public let licence: String
}

/// Models and their prices: what a price file says, with entries of the user before it.
///
/// Immutable once made, so that any number of tasks can look things up. Prices are whole numbers of 10^-12 USD.
public struct PriceTable: Sendable {
    /// The day of the price file, such as `2026-11-20`.
    public internal(set) var asOf = ""
    /// Where the prices come from.
    public internal(set) var sources: [PriceSource] = []

    var providers: [ProviderCard] = []
    /// From the values of provider attributes, in lower case, to providers.
    var aliases: [String: Int] = [:]
    var cards: [ModelCard] = []
    var prices = PriceRows()
    var rules = NameRules()
    var exactNames = ExactNames()
    /// Rules other than `eq`, by provider in the order of the file.
    var looseRules: [LooseRule] = []
    /// What the user's prices are for, in their order.
    var customRules: [CustomRule] = []

    init() {}
}

/// A provider as the table keeps it.
struct ProviderCard: Sendable {
    let id: String
    /// Host names in lower case; `*` stands for any part.
    var hosts: [[UInt8]] = []
    /// The rules by which a model name points to this provider.
    var infer: [Int] = []
    /// Providers whose models this one sells as well.
    var fallback: [Int] = []
    /// Its part of the table's loose rules.
    var looseRules: Range<Int> = 0..<0
}

/// A model as the table keeps it.
struct ModelCard: Sendable {
    let provider: String
    let id: String
    /// The most input tokens that it takes, when known.
    let context: Int64?
    /// Its rows, at least one.
    let rows: Range<Int32>
    let variants: Range<Int32>
    let isCustom: Bool
}

/// A rule that has to be tried, since it does not name the whole model.
struct LooseRule: Sendable {
    let rule: Int32
    let card: Int32
}

extension PriceTable {
    /// The first model of the provider, in the order of the file, that has a rule which holds for the name.
    func firstModel(of provider: Int, named name: UnsafeBufferPointer<UInt8>) -> Int? {
        let exact = exactNames.find(provider: provider, name: name, rules: rules)
        for loose in looseRules[providers[provider].looseRules] {
            if let exact, exact <= Int(loose.card) { return exact }
            if rules.hold(Int(loose.rule), for: name) { return Int(loose.card) }
        }
        return exact
    }

    /// The first model of any provider, in the order of the file.
    func firstModel(named name: UnsafeBufferPointer<UInt8>) -> Int? {
        for provider in providers.indices {
            if let card = firstModel(of: provider, named: name) { return card }
        }
        return nil
    }

    /// The provider that an attribute's value stands for.
    func provider(named name: String) -> Int? {
        aliases[name]
    }

    /// The provider that answers under a host name in lower case.
    func provider(ofHost host: [UInt8]) -> Int? {
        providers.firstIndex { provider in
            provider.hosts.contains { Wildcard.matches(host[...], pattern: $0[...]) }
        }
    }
}
