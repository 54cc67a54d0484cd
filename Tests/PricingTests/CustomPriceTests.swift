// CustomPriceTests.swift - prices that the user adds.

import Pricing
import Testing
import TraceModel

struct CustomPriceTests {
    private static let million: Int64 = 1_000_000

    private func table(_ prices: CustomPrice...) throws -> PriceTable {
        try Sample.table.adding(prices)
    }

    @Test func `an entry comes before the table`() throws {
        let table = try table(CustomPrice(model: "GPT-4o", prices: ["input": "1", "output": "2.50"]))
        let cost = table.computed("openai/gpt-4o", nil, Sample.usage(Self.million, Self.million))
        #expect(cost?.amount.decimal == "3.5")
        #expect(cost?.identity.basis == .custom)
        #expect(cost?.identity.model == "gpt-4o")
        #expect(table.priced("gpt-4o-2024-08-06", "openai") == "openai gpt-4o")
    }

    @Test func `a price of 0 is a price, also for a model that nobody lists`() throws {
        let table = try table(CustomPrice(model: "my-own", prices: ["input": "0", "output": "0.0"]))
        #expect(table.usd("my-own", "openai", Sample.usage(5, 5)) == "0")
        #expect(table.usd("my-other", "openai", Sample.usage(5, 5)) == nil)
    }

    @Test func `a star stands for any part`() throws {
        let table = try table(CustomPrice(model: "my-*-chat*", prices: ["input": "1"]))
        for name in ["my--chat", "my-own-chat", "MY-own-chat-2", "openai/my-x-chat"] {
            #expect(table.usd(name, nil, Sample.usage(Self.million, nil)) == "1", "\(name)")
        }
        for name in ["my-chat", "xmy-own-chat", "my-own-cha"] {
            #expect(table.usd(name, nil, Sample.usage(Self.million, nil)) == nil, "\(name)")
        }
    }

    @Test func `a name full of stars ends soon`() throws {
        let table = try table(CustomPrice(model: String(repeating: "*a", count: 200) + "b", prices: ["input": "1"]))
        #expect(table.priced(String(repeating: "a", count: 500)) == nil)
    }

    @Test func `an entry can be for one provider, by any of its names`() throws {
        let table = try table(
            CustomPrice(provider: "azure", model: "gpt-4o", prices: ["input": "1"]),
            CustomPrice(provider: "Ollama", model: "*", prices: ["input": "0.01"]),
            CustomPrice(provider: "my-gateway", model: "*", prices: ["input": "7"])
        )
        let usage = Sample.usage(Self.million, nil)
        #expect(table.usd("gpt-4o", "azure.ai.openai", usage) == "1")
        #expect(table.usd("gpt-4o", "openai", usage) == "2.5")
        #expect(table.usd("llama3.2", "ollama", usage) == "0.01")
        #expect(table.usd("anything", "my-gateway", usage) == "7")
    }

    @Test func `of several entries for a model the first counts`() throws {
        let table = try table(
            CustomPrice(model: "m", prices: ["input": "1"]),
            CustomPrice(model: "*", prices: ["input": "2"])
        )
        #expect(table.usd("m", nil, Sample.usage(Self.million, nil)) == "1")
        #expect(table.usd("n", nil, Sample.usage(Self.million, nil)) == "2")
        let later = try table.adding([CustomPrice(model: "m", prices: ["input": "3"])])
        #expect(later.usd("m", nil, Sample.usage(Self.million, nil)) == "3")
    }

    @Test func `entries with days are a history, and before them the table holds`() throws {
        let table = try table(
            CustomPrice(model: "gpt-4o", from: "2026-06-01", prices: ["input": "2"]),
            CustomPrice(model: "gpt-4o", from: "2026-08-01", prices: ["input": "1"])
        )
        let expected = [("2026-05-31T23:59:59Z", "2.5"), ("2026-06-01T00:00:00Z", "2"), ("2026-08-01T00:00:00Z", "1")]
        for (time, usd) in expected {
            #expect(table.usd("gpt-4o", "openai", Sample.usage(Self.million, nil, at: time)) == usd)
        }
        let before = table.computed("gpt-4o", "openai", Sample.usage(1, 1, at: "2026-01-01T00:00:00Z"))
        #expect(before?.identity.basis == .listed)
    }

    @Test func `an entry for a part of the day leaves the rest to the table`() throws {
        let table = try table(CustomPrice(model: "gpt-4o", utc: ["22:00", "24:00"], prices: ["input": "1"]))
        #expect(table.usd("gpt-4o", "openai", Sample.usage(Self.million, nil, at: "2026-01-01T23:00:00Z")) == "1")
        #expect(table.usd("gpt-4o", "openai", Sample.usage(Self.million, nil, at: "2026-01-01T00:00:00Z")) == "2.5")
    }

    @Test func `an entry can have tiers and variants`() throws {
        let table = try table(
            CustomPrice(
                model: "m",
                prices: ["input": "1"],
                tiers: [CustomPrice.Tier(above: 1_000, prices: ["input": "2"])],
                variants: ["batch": ["input": "0.5"]]
            )
        )
        var usage = Sample.usage(Self.million, nil)
        #expect(table.usd("m", nil, usage) == "2")
        usage.variant = .batch
        #expect(table.usd("m", nil, usage) == "0.5")
    }

    @Test func `a deployment costs as much as the model that same_as names`() throws {
        let table = try table(CustomPrice(provider: "azure", model: "prod-*", sameAs: "gpt-4o-mini"))
        let match = table.match(PriceQuery(provider: "azure", requestModel: "prod-chat"))
        #expect(match?.model == "gpt-4o-mini")
        #expect(match?.step == .sameAs)
        let answered = PriceQuery(provider: "azure", responseModel: "o1", requestModel: "prod-chat")
        #expect(table.match(answered)?.model == "o1")
        #expect(table.priced("prod-chat", "openai") == nil)
        let own = try self.table(CustomPrice(model: "prod-*", sameAs: "o1"))
        #expect(own.priced("azure/prod-chat") == "azure o1")
        #expect(own.priced("prod-chat", host: "x.openai.azure.com") == "azure o1")
        #expect(own.priced("prod-chat") == "openai o1")
    }

    @Test func `same_as does not go round in circles`() throws {
        let table = try table(CustomPrice(model: "a", sameAs: "b"), CustomPrice(model: "b", sameAs: "a"))
        #expect(table.priced("a") == nil)
    }

    @Test func `everything wrong is said at once, with its place`() throws {
        let entries = [
            CustomPrice(model: "m", prices: ["input": "-1", "inputs": "1"]),
            CustomPrice(model: " ", from: "2026-02-30", utc: ["25:00", "06:00"], prices: ["output": "cheap"]),
            CustomPrice(model: "x"),
            CustomPrice(
                model: "y",
                sameAs: "z",
                prices: ["input": "0.0000001"],
                tiers: [CustomPrice.Tier(above: -1, prices: ["output": "1e12"])],
                variants: ["turbo": ["input": "1"]]
            ),
            CustomPrice(model: "m", sameAs: "n"),
        ]
        let error = #expect(throws: PriceError.self) { try Sample.table.adding(entries) }
        #expect(
            error?.problems.map(\.place) == [
                "prices[0].input", "prices[0].inputs", "prices[1].model", "prices[1].from", "prices[1].utc",
                "prices[1].output",
                "prices[2]", "prices[3].same_as", "prices[3].tiers[0].above", "prices[3].tiers[0].output",
                "prices[3].variants.turbo", "prices[3].input", "prices[4].model",
            ]
        )
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("prices[0].input: a price is not negative") == true)
    }
}
