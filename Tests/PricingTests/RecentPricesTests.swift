// RecentPricesTests.swift - the same answers, found once.

import Pricing
import Testing
import TraceModel

struct RecentPricesTests {
    @Test func `it answers as the table does, the first time and every other`() throws {
        let table = try Sample.table.adding([CustomPrice(model: "mine", from: "2026-01-01", prices: ["input": "1"])])
        var recent = RecentPrices(table)
        let providers = [nil, "openai", "anthropic", "ollama", "no-one"]
        let models = [
            "gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "mine", "unknown", "", String(repeating: "x", count: 2_000),
        ]
        let usage = Sample.spotUsage()
        for _ in 0..<3 {
            for provider in providers {
                for model in models {
                    for asked in models {
                        let query = PriceQuery(provider: provider, responseModel: model, requestModel: asked)
                        let match = table.match(query)
                        #expect(recent.match(query) == match)
                        #expect(recent.cost(of: query, usage) == match.flatMap { table.cost(of: usage, by: $0) })
                    }
                }
            }
        }
    }

    @Test func `more names than it holds change no answer`() throws {
        var recent = RecentPrices(try Sample.table)
        for number in 0..<RecentPrices.capacity * 3 {
            #expect(recent.match(PriceQuery(provider: "openai", requestModel: "gpt-4o-x\(number)")) == nil)
            #expect(recent.match(PriceQuery(provider: "openai", requestModel: "gpt-4o"))?.model == "gpt-4o")
        }
    }
}
