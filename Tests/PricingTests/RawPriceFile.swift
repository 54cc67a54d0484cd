// RawPriceFile.swift - the price file once more, read and computed in the plainest way.

import CAssets
import Foundation
import Pricing

/// The price file as Foundation reads it, with prices as decimals.
struct RawPriceFile: Decodable {
    let providers: [Provider]

    struct Provider: Decodable {
        let id: String
        let models: [Model]
    }

    struct Model: Decodable {
        let id: String
        let prices: [Prices]
        let variants: [String: Prices]?
    }

    struct Prices: Decodable {
        var from: String?
        var utc: [String]?
        var above: Int64?
        var tiers: [Prices] = []
        var kinds: [String: Decimal] = [:]

        private struct Key: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            for key in members.allKeys {
                switch key.stringValue {
                case "from": from = try members.decodeIfPresent(String.self, forKey: key)
                case "utc": utc = try members.decode([String].self, forKey: key)
                case "above": above = try members.decode(Int64.self, forKey: key)
                case "tiers": tiers = try members.decode([Prices].self, forKey: key)
                default: kinds[key.stringValue] = try members.decode(Decimal.self, forKey: key)
                }
            }
        }
    }

    static func embedded() throws -> RawPriceFile {
        var size = 0
        let start = skein_prices_json(&size)
        let bytes = Data(UnsafeBufferPointer(start: start, count: size))
        return try JSONDecoder().decode(RawPriceFile.self, from: bytes)
    }
}

/// Section 2 of the reference, step by step, in decimals.
struct NaiveCost {
    private let row: RawPriceFile.Prices
    private let variant: RawPriceFile.Prices?
    private let input: Int64

    /// Finds the row and the variant.
    init(_ model: RawPriceFile.Model, _ usage: PricedUsage) {
        let seconds = usage.time / 1_000_000_000
        let time = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        let day = String(time.prefix(10))
        let minute = String(time.dropFirst(11).prefix(5))
        let rows = model.prices.filter { row in
            row.from ?? "" <= day && (row.utc.map { Self.holds($0, minute) } ?? true)
        }
        row = rows.last ?? model.prices[0]
        variant = usage.variant.flatMap { model.variants?[$0.name] }
        input = usage.input ?? 0
    }

    private static func holds(_ window: [String], _ minute: String) -> Bool {
        window[0] < window[1]
            ? window[0] <= minute && minute < window[1]
            : window[0] <= minute || minute < window[1]
    }

    private func price(_ kind: String) -> Decimal? {
        if let variant, variant.kinds[kind] != nil { return price(kind, variant) }
        return price(kind, row)
    }

    private func price(_ kind: String, _ prices: RawPriceFile.Prices) -> Decimal? {
        let tiers = prices.tiers.filter { $0.above ?? 0 < input && $0.kinds[kind] != nil }
        let highest = tiers.max { $0.above ?? 0 < $1.above ?? 0 }
        return highest?.kinds[kind] ?? prices.kinds[kind]
    }

    /// The cost in 10^-12 USD; usage without contradiction only.
    func pico(_ usage: PricedUsage) -> Decimal {
        var cost: Decimal = 0
        var rest = Decimal(input)
        func take(_ kind: String, _ count: Int64?, _ rest: inout Decimal) {
            guard let price = price(kind), let count else { return }
            cost += Decimal(count) * price
            rest -= Decimal(count)
        }
        take("cache_read", usage.cacheRead, &rest)
        let long = usage.cacheWrite1h ?? 0
        let short = (usage.cacheWrite ?? 0) - long
        if price("cache_write_1h") != nil {
            take("cache_write_5m", short, &rest)
            take("cache_write_1h", long, &rest)
        } else {
            take("cache_write_5m", short + long, &rest)
        }
        take("input_audio", usage.inputAudio, &rest)
        take("input_image", usage.inputImage, &rest)
        cost += rest * (price("input") ?? 0)
        rest = Decimal(usage.output ?? 0)
        take("output_audio", usage.outputAudio, &rest)
        take("output_reasoning", usage.reasoning, &rest)
        cost += rest * (price("output") ?? 0)
        cost *= 1_000_000
        let one: Decimal = 1_000_000_000_000
        cost += (price("per_request") ?? 0) * one
        cost += (price("per_web_search") ?? 0) * Decimal(usage.webSearches ?? 0) * one
        cost += (price("per_file_search") ?? 0) * Decimal(usage.fileSearches ?? 0) * one
        return cost
    }
}
