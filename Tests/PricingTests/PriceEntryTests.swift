// PriceEntryTests.swift - the table as a person reads it.

import Pricing
import Testing

struct PriceEntryTests {
    @Test func `an entry shows the row of its time, with tiers and variants`() throws {
        let entries = try Sample.table.entries(at: Sample.noon)
        let entry = try #require(entries.first { $0.provider == "google" && $0.model == "gemini-2.5-pro" })
        #expect(entry.steps.map(\.above) == [nil, 200_000])
        #expect(entry.steps[0].prices.first { $0.kind == .cacheRead }?.text == "0.125")
        #expect(entry.steps[1].prices.first { $0.kind == .perWebSearch }?.text == "0.035")
        #expect(entry.variants.map(\.variant) == [.batch])
        #expect(entry.variants[0].steps[1].prices.first { $0.kind == .output }?.text == "7.5")
        let night = try Sample.table.entries(at: Sample.time("2026-11-20T02:00:00Z"))
        let windowed = try #require(night.first { $0.model == "deepseek-v4-flash" && $0.provider == "deepseek" })
        #expect(windowed.utc == ["01:00", "04:00"])
        #expect(windowed.row == 3)
        #expect(windowed.rowCount == 5)
    }

    @Test func `the user's entries come first`() throws {
        let table = try Sample.table.adding([CustomPrice(model: "mine", from: "2026-01-01", prices: ["input": "0.5"])])
        let entry = try #require(table.entries(at: Sample.noon).first)
        #expect(entry.isCustom)
        #expect(entry.model == "mine")
        #expect(entry.from == "2026-01-01")
        #expect(entry.steps[0].prices.map(\.text) == ["0.5"])
    }

    @Test func `an explanation lists what was tried until something was found`() throws {
        let query = PriceQuery(requestModel: "openrouter/openai/gpt-4o-latest")
        let explanation = try Sample.table.explain(query, at: Sample.noon)
        #expect(explanation.match?.step == .suffix)
        #expect(explanation.entry?.model == "openai/gpt-4o")
        #expect(explanation.attempts.first?.name == "openrouter/openai/gpt-4o-latest")
        #expect(explanation.attempts.last?.name == "openai/gpt-4o")
        #expect(explanation.attempts.map(\.isFound).filter { $0 }.count == 1)
        let unpriced = try Sample.table.explain(
            PriceQuery(provider: "openai", requestModel: "nothing"),
            at: Sample.noon
        )
        #expect(unpriced.match == nil)
        #expect(!unpriced.attempts.isEmpty)
        let free = try Sample.table.explain(PriceQuery(provider: "ollama", requestModel: "nothing"), at: Sample.noon)
        #expect(free.match?.basis == .free)
        #expect(free.entry == nil)
    }
}
