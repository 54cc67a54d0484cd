// EveryModelTests.swift - what has to be true of each model in the price file.

import Foundation
import Testing
import TraceModel

@testable import Pricing

struct EveryModelTests {
    @Test
    func `each model costs what a plain computation in decimals gives, with every variant and on both sides of a tier`()
        throws
    {
        let table = try Sample.table
        var random = SeededNumbers(seed: 1)
        var card = 0
        for provider in try RawPriceFile.embedded().providers {
            for model in provider.models {
                defer { card += 1 }
                #expect(table.cards[card].id == model.id)
                for _ in 0..<6 {
                    let usage = Self.usage(of: model, &random)
                    let target = PriceTarget(card: card)
                    let cost = table.cost(of: usage, by: target, isListed: true)
                    let expected = NaiveCost(model, usage).pico(usage)
                    // Without any price for what was used there is no cost, where the plain computation says 0.
                    let amount = cost.map { Decimal($0.cost.amount.value) } ?? 0
                    #expect(amount == expected, "\(provider.id) \(model.id) \(usage)")
                    #expect(cost.map { $0.parts.reduce(0) { $0 + $1.amount.value } } == cost?.cost.amount.value)
                }
            }
        }
        #expect(card == 1855)
    }

    /// Usage without contradiction, often close to a tier, at some time of the years in which prices changed.
    private static func usage(of model: RawPriceFile.Model, _ random: inout SeededNumbers) -> PricedUsage {
        let time = Int64.random(in: Sample.time("2024-01-01T00:00:00Z")...Sample.noon, using: &random)
        var usage = PricedUsage(time: time / 1_000_000_000 * 1_000_000_000)
        let tiers = (model.prices + (model.variants ?? [:]).values).flatMap(\.tiers).compactMap(\.above)
        let near = tiers.randomElement(using: &random).map { $0 + Int64.random(in: -1...1, using: &random) }
        let input = near ?? Int64.random(in: 0...600_000, using: &random)
        usage.input = input
        usage.cacheRead = Int64.random(in: 0...input / 4, using: &random)
        usage.cacheWrite = Int64.random(in: 0...input / 4, using: &random)
        usage.cacheWrite1h = Int64.random(in: 0...(usage.cacheWrite ?? 0), using: &random)
        usage.inputAudio = Int64.random(in: 0...input / 8, using: &random)
        usage.inputImage = Int64.random(in: 0...input / 8, using: &random)
        let output = Int64.random(in: 0...100_000, using: &random)
        usage.output = output
        usage.reasoning = Int64.random(in: 0...output / 2, using: &random)
        usage.outputAudio = Int64.random(in: 0...output / 2, using: &random)
        usage.webSearches = Int64.random(in: 0...3, using: &random)
        usage.fileSearches = Int64.random(in: 0...3, using: &random)
        usage.variant = (PriceVariant.allCases + [nil]).randomElement(using: &random) ?? nil
        return usage
    }

    @Test func `more output, and more input within a tier, never costs less`() throws {
        let table = try Sample.table
        var random = SeededNumbers(seed: 2)
        for card in table.cards.indices {
            let target = PriceTarget(card: card)
            let thresholds = Self.thresholds(table, card)
            let input = Int64.random(in: 1...400_000, using: &random)
            let more = min(
                input + Int64.random(in: 1...1_000, using: &random),
                thresholds.first { $0 >= input } ?? .max
            )
            let output = Int64.random(in: 0...50_000, using: &random)
            let amounts = [(input, output), (more, output), (more, output + 1)].map { input, output in
                table.cost(of: Sample.usage(input, output), by: target, isListed: false)?.cost.amount ?? PicoUSD(0)
            }
            #expect(amounts[0] <= amounts[1], "\(table.cards[card].id)")
            #expect(amounts[1] <= amounts[2], "\(table.cards[card].id)")
        }
    }

    private static func thresholds(_ table: PriceTable, _ card: Int) -> [Int64] {
        let row = table.prices.rows[table.place(of: PriceTarget(card: card), at: Sample.noon).row]
        return row.steps.map { table.prices.steps[Int($0)].above }
    }

    /// Names that no rule of the file holds for: how the file calls all regions of Bedrock at once, Fireworks models
    /// without the path that they are called by, and four that only answer with a version behind them.
    private static func isStray(_ card: ModelCard) -> Bool {
        switch card.provider {
        case "aws": card.id.hasPrefix("regional.")
        case "fireworks": true
        case "mistral": ["codestral", "magistral-small", "mistral-medium-3-1", "pixtral-large"].contains(card.id)
        case "openai": ["ft:gpt-4o", "ft:gpt-4o-mini"].contains(card.id)
        default: false
        }
    }

    @Test func `each model's own name finds it at its provider, if the file has a rule for it`() throws {
        let table = try Sample.table
        for card in table.cards {
            let name = card.provider == "fireworks" ? "accounts/fireworks/models/\(card.id)" : card.id
            let isFound = table.priced(name, card.provider) == "\(card.provider) \(card.id)"
            #expect(isFound || Self.isStray(card), "\(card.provider) \(card.id)")
        }
    }

    @Test func `a model of Bedrock in a region is found by its name there`() throws {
        for card in try Sample.table.cards where card.provider == "aws" && card.id.hasPrefix("regional.") {
            let name = "us." + card.id.dropFirst("regional.".count)
            #expect(try Sample.table.priced(name, "aws") == "aws \(card.id)")
        }
    }
}
