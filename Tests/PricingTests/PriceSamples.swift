// PriceSamples.swift - tables, usage and random numbers for tests.

import Foundation
import Pricing
import TraceModel

/// The tables of these tests.
enum Sample {
    /// The table of the program.
    static var table: PriceTable {
        get throws(PriceError) { try embedded.get() }
    }

    private static let embedded = Result { () throws(PriceError) in try PriceTable.embedded() }

    /// 20 November 2026, noon.
    static let noon = time("2026-11-20T12:00:00Z")

    /// The usage of the reference's spot checks.
    static func spotUsage() -> PricedUsage {
        var usage = PricedUsage(time: noon)
        usage.input = 250_000
        usage.cacheRead = 100_000
        usage.cacheWrite = 20_000
        usage.cacheWrite1h = 5_000
        usage.output = 5_000
        return usage
    }

    /// Usage of so many tokens, at noon unless said.
    static func usage(_ input: Int64?, _ output: Int64?, at time: String = "2026-11-20T12:00:00Z") -> PricedUsage {
        PricedUsage(TokenUsage(input: input, output: output), time: self.time(time))
    }

    /// A time in nanoseconds since the Unix epoch.
    static func time(_ text: String) -> Int64 {
        // A text that is no time is a fault of the test, and gives a time that no test expects.
        guard let date = try? Date(text, strategy: .iso8601) else { return .min }
        return Int64(date.timeIntervalSince1970) * 1_000_000_000
    }

    /// A table with one provider, `maker`, of these models.
    static func table(models: String) throws -> PriceTable {
        try table(
            providers: """
                {"id":"maker","aliases":["maker"],"hosts":["api.maker.test"],"infer":[],"fallback":[],"models":[\(models)]}
                """
        )
    }

    /// A table with these providers.
    static func table(providers: String) throws -> PriceTable {
        let text = """
            {"schema":1,"currency":"USD","unit":"per_million_tokens","as_of":"2026-11-20","sources":[],
            "providers":[\(providers)]}
            """
        return try PriceTable(json: Array(text.utf8))
    }

    /// A model `m` with these rows.
    static func table(rows: String, variants: String = "{}") throws -> PriceTable {
        try table(models: #"{"id":"m","match":[{"eq":"m"}],"prices":[\#(rows)],"variants":\#(variants)}"#)
    }
}

extension PriceTable {
    /// The model that a name is priced as, as `provider model`; nil when it has no price.
    func priced(_ model: String, _ provider: String? = nil, host: String? = nil) -> String? {
        match(PriceQuery(provider: provider, host: host, requestModel: model)).map { "\($0.provider) \($0.model)" }
    }

    /// What a call of a model costs, in USD.
    func usd(_ model: String, _ provider: String? = nil, _ usage: PricedUsage) -> String? {
        computed(model, provider, usage)?.amount.decimal
    }

    /// What a call of a model costs.
    func computed(_ model: String, _ provider: String? = nil, _ usage: PricedUsage) -> ComputedCost? {
        match(PriceQuery(provider: provider, requestModel: model)).flatMap { cost(of: usage, by: $0) }
    }
}

/// Random numbers that come out the same each time.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
