// PriceText+JSON.swift - prices for programs.

import Foundation
import Pricing

extension PriceText {
    /// One object: the day of the table and its models; prices are decimals as text.
    static func json(_ table: PriceTable, _ entries: [PriceEntry]) throws -> String {
        try encoded(List(asOf: table.asOf, models: entries.map(Model.init)))
    }

    /// One object: what was tried, the match and its prices; `match` is null when there is no price.
    static func json(_ table: PriceTable, _ explanation: PriceExplanation) throws -> String {
        try encoded(
            Explanation(
                asOf: table.asOf,
                attempts: explanation.attempts.map(Attempt.init),
                match: explanation.match.map(Match.init),
                prices: explanation.entry.map(Model.init)
            )
        )
    }

    private struct List: Encodable {
        let asOf: String
        let models: [Model]

        enum CodingKeys: String, CodingKey {
            case models
            case asOf = "as_of"
        }
    }

    private struct Explanation: Encodable {
        let asOf: String
        let attempts: [Attempt]
        let match: Match?
        let prices: Model?

        enum CodingKeys: String, CodingKey {
            case attempts, match, prices
            case asOf = "as_of"
        }

        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(asOf, forKey: .asOf)
            try members.encode(attempts, forKey: .attempts)
            // Null rather than missing, so that a reader sees that there is none.
            try members.encode(match, forKey: .match)
            try members.encode(prices, forKey: .prices)
        }
    }

    private struct Attempt: Encodable {
        let step: Int
        let name: String
        let provider: String?
        let found: Bool

        init(_ attempt: PriceAttempt) {
            step = attempt.step.rawValue
            name = attempt.name
            provider = attempt.provider
            found = attempt.isFound
        }
    }

    private struct Match: Encodable {
        let basis: String
        let provider: String
        let model: String
        let step: Int
        let reason: String
        let estimated: Bool

        init(_ match: PriceMatch) {
            basis = match.basis.rawValue
            provider = match.provider
            model = match.model
            step = match.step.rawValue
            reason = match.reason.rawValue
            estimated = match.isEstimated
        }
    }

    private struct Model: Encodable {
        let provider: String
        let model: String
        let custom: Bool
        let context: Int64?
        let from: String?
        let utc: [String]?
        let prices: [String: String]
        let tiers: [Tier]?
        let variants: [String: [Tier]]?

        init(_ entry: PriceEntry) {
            provider = entry.provider
            model = entry.model
            custom = entry.isCustom
            context = entry.context
            from = entry.from
            utc = entry.utc.isEmpty ? nil : entry.utc
            prices = Tier(entry.steps.first).prices
            tiers = entry.steps.count > 1 ? entry.steps.dropFirst().map(Tier.init) : nil
            let pairs = entry.variants.map { ($0.variant.name, $0.steps.map(Tier.init)) }
            variants = pairs.isEmpty ? nil : Dictionary(pairs) { first, _ in first }
        }
    }

    private struct Tier: Encodable {
        let above: Int64?
        let prices: [String: String]

        init(_ step: ListedStep?) {
            above = step?.above
            prices = Dictionary(step?.prices.map { ($0.kind.name, $0.text) } ?? []) { first, _ in first }
        }
    }

    private static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
