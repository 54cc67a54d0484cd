// CostTests.swift - rows, tiers, variants and contradictions.

import Pricing
import Testing
import TraceModel

struct CostTests {
    private static let million: Int64 = 1_000_000

    @Test(arguments: [
        ("2024-01-01T12:00:00Z", "0.14", 0), ("2026-08-16T23:59:59Z", "0.14", 0), ("2026-08-17T00:00:00Z", "0.22", 1),
        ("2026-09-09T23:59:59Z", "0.22", 1), ("2026-09-10T12:00:00Z", "0.15", 2), ("2026-11-20T00:59:59Z", "0.15", 2),
        ("2026-11-20T01:00:00Z", "0.3", 3), ("2026-11-20T03:59:59Z", "0.3", 3), ("2026-11-20T04:00:00Z", "0.15", 2),
        ("2026-11-20T06:00:00Z", "0.3", 4), ("2026-11-20T10:00:00Z", "0.15", 2),
    ])
    func `a call has the price of its day and time`(_ time: String, _ usd: String, _ row: Int) throws {
        let cost = try Sample.table.computed("deepseek-v4-flash", "deepseek", Sample.usage(Self.million, 0, at: time))
        #expect(cost?.amount.decimal == usd)
        #expect(cost?.identity.row == row)
    }

    @Test(arguments: [
        ("2026-01-01T21:59:59Z", "1"), ("2026-01-01T22:00:00Z", "2"), ("2026-01-01T23:59:59Z", "2"),
        ("2026-01-02T00:00:00Z", "2"), ("2026-01-02T05:59:59Z", "2"), ("2026-01-02T06:00:00Z", "1"),
        ("1969-12-31T23:00:00Z", "2"), ("1969-12-31T12:00:00Z", "1"),
    ])
    func `a window can span midnight`(_ time: String, _ usd: String) throws {
        let table = try Sample.table(rows: #"{"from":null,"input":1},{"utc":["22:00","06:00"],"input":2}"#)
        #expect(table.usd("m", "maker", Sample.usage(Self.million, 0, at: time)) == usd)
    }

    @Test func `before every row the first one holds`() throws {
        let table = try Sample.table(rows: #"{"from":"2026-01-01","input":1},{"from":"2026-02-01","input":2}"#)
        #expect(table.usd("m", "maker", Sample.usage(Self.million, 0, at: "2025-06-01T00:00:00Z")) == "1")
    }

    @Test(
        arguments: [
            (199_999, "0.599997"), (200_000, "0.6"), (200_001, "1.200006"), (400_000, "2.4"),
        ] as [(Int64, String)]
    )
    func `above the threshold every token has the tier's price, at it none`(_ input: Int64, _ usd: String) throws {
        let cost = try Sample.table.computed("claude-sonnet-4-5", "anthropic", Sample.usage(input, 0))
        #expect(cost?.amount.decimal == usd)
        #expect(cost?.identity.tierAbove == (input > 200_000 ? 200_000 : nil))
    }

    @Test func `cached tokens count for the threshold, and output has the tier's price as well`() throws {
        var usage = Sample.usage(200_001, Self.million)
        usage.cacheRead = 200_001
        #expect(try Sample.table.usd("claude-sonnet-4-5", "anthropic", usage) == "22.6200006")
    }

    @Test func `of several tiers the highest passed counts, kind by kind`() throws {
        let tiers = #"[{"above":200,"output":9},{"above":100,"input":3,"output":5}]"#
        let table = try Sample.table(rows: #"{"from":null,"input":2,"output":4,"tiers":\#(tiers)}"#)
        func usd(_ input: Int64) -> String? { table.usd("m", "maker", Sample.usage(input, Self.million)) }
        #expect(usd(100) == "4.0002")
        #expect(usd(101) == "5.000303")
        #expect(usd(201) == "9.000603")
    }

    @Test(
        arguments: [
            (PriceVariant.batch, "0.25"), (.flex, "0.475"), (nil, "0.475"),
        ] as [(PriceVariant?, String)]
    )
    func `a variant replaces the kinds that it prices with their tiers, others keep the row's`(
        _ variant: PriceVariant?,
        _ usd: String
    ) throws {
        var usage = Sample.spotUsage()
        usage.variant = variant
        let cost = try Sample.table.computed("gemini-2.5-pro", "google", usage)
        #expect(cost?.amount.decimal == usd)
        #expect(cost?.identity.variant == (variant == .batch ? .batch : nil))
        #expect(cost?.flags == (variant == .flex ? .unpricedVariant : []))
    }

    @Test func `a variant without tiers has none`() throws {
        var usage = Sample.usage(300_000, 10_000)
        #expect(try Sample.table.usd("gpt-5.4", "openai", usage) == "1.725")
        usage.variant = .priority
        #expect(try Sample.table.usd("gpt-5.4", "openai", usage) == "1.8")
        usage.variant = .batch
        #expect(try Sample.table.usd("gpt-5.4", "openai", usage) == "0.8625")
    }

    @Test func `a variant is laid over the row of the call's day`() throws {
        let table = try Sample.table(
            rows: #"{"from":null,"input":1,"output":10},{"from":"2026-01-01","input":2,"output":20}"#,
            variants: #"{"batch":{"input":0.5}}"#
        )
        for (time, usd) in [("2025-01-01T00:00:00Z", "10.5"), ("2026-06-01T00:00:00Z", "20.5")] {
            var usage = Sample.usage(Self.million, Self.million, at: time)
            usage.variant = .batch
            #expect(table.usd("m", "maker", usage) == usd)
        }
    }

    @Test(
        arguments: [
            ("batch", .batch), ("Flex", .flex), ("PRIORITY", .priority), ("fast", .fast), ("default", nil), ("", nil),
        ]
            as [(String, PriceVariant?)]
    )
    func `the service tier of an answer names the variant`(_ tier: String, _ variant: PriceVariant?) {
        #expect(PriceVariant(serviceTier: tier) == variant)
    }

    @Test func `cached tokens without a price of their own cost as much as input`() throws {
        var usage = Sample.usage(100, 0)
        usage.cacheRead = 60
        usage.cacheWrite = 20
        #expect(try Sample.table.usd("gpt-4", "openai", usage) == "0.003")
    }

    @Test func `writes for an hour cost as the short ones where they have no price`() throws {
        let table = try Sample.table(rows: #"{"from":null,"input":1,"cache_write_5m":2}"#)
        var usage = Sample.usage(Self.million, 0)
        usage.cacheWrite = 500_000
        usage.cacheWrite1h = 200_000
        #expect(table.usd("m", "maker", usage) == "1.5")
        usage.cacheWrite = nil
        #expect(table.usd("m", "maker", usage) == "1.2")
    }

    @Test func `cached audio is charged once`() throws {
        var usage = Sample.usage(100_000, 0)
        usage.inputAudio = 40_000
        usage.cacheRead = 20_000
        usage.cacheReadAudio = 5_000
        #expect(try Sample.table.usd("gemini-2.5-flash", "google", usage) == "0.04945")
        let table = try Sample.table(rows: #"{"from":null,"input":1,"cache_read":0.1,"input_audio":10}"#)
        // 20,000 read at 0.1, 35,000 of audio at 10, the rest at 1.
        #expect(table.usd("m", "maker", usage) == "0.397")
    }

    @Test func `images, video, reasoning and citations are taken out only where they have a price`() throws {
        var usage = Sample.usage(1_000, 1_000)
        usage.inputImage = 100
        usage.inputVideo = 100
        usage.outputImage = 100
        usage.outputVideo = 100
        usage.reasoning = 100
        usage.citation = 100
        let plain = try Sample.table(rows: #"{"from":null,"input":1,"output":1}"#)
        #expect(plain.usd("m", "maker", usage) == "0.002")
        let apart = try Sample.table(
            rows: """
                {"from":null,"input":1,"output":1,"input_image":2,"input_video":3,"output_image":4,"output_video":5,
                "output_reasoning":6,"output_citation":7}
                """
        )
        #expect(apart.usd("m", "maker", usage) == "0.0041")
    }

    @Test func `requests and searches are charged one by one`() throws {
        var usage = Sample.usage(0, 0)
        usage.webSearches = 3
        usage.fileSearches = 2
        #expect(try Sample.table.usd("gpt-4o", "openai", usage) == "0.035")
        #expect(try Sample.table.usd("sonar-pro", "perplexity", Sample.usage(0, 0)) == "0.014")
        usage = Sample.usage(0, 0)
        usage.requests = 3
        #expect(try Sample.table.usd("sonar-pro", "perplexity", usage) == "0.042")
    }

    @Test func `parts that are more than the whole are charged, the rest is 0 and flagged`() throws {
        var usage = Sample.usage(100, 0)
        usage.cacheRead = 150
        let cost = try Sample.table.computed("gpt-4o", "openai", usage)
        #expect(cost?.amount.decimal == "0.0001875")
        #expect(cost?.flags == .contradictory)
        usage = Sample.usage(-5, 100)
        #expect(try Sample.table.computed("gpt-4o", "openai", usage)?.flags == .contradictory)
        usage = Sample.usage(100, 100)
        usage.cacheWrite = 10
        usage.cacheWrite1h = 20
        #expect(try Sample.table.computed("claude-sonnet-4-5", "anthropic", usage)?.flags == .contradictory)
    }

    @Test func `unknown usage has no cost, half of it is flagged`() throws {
        let table = try Sample.table
        #expect(table.computed("gpt-4o", "openai", Sample.usage(nil, nil)) == nil)
        let half = table.computed("gpt-4o", "openai", Sample.usage(nil, Self.million))
        #expect(half?.amount.decimal == "10")
        #expect(half?.flags == .incomplete)
        #expect(table.computed("text-embedding-3-small", "openai", Sample.usage(1_000, nil))?.flags == [])
    }

    @Test func `what has no price is flagged, and nothing with a price is no cost`() throws {
        let table = try Sample.table(rows: #"{"from":null,"input":1}"#)
        let part = table.computed("m", "maker", Sample.usage(Self.million, 5))
        #expect(part?.amount.decimal == "1")
        #expect(part?.flags == .unpricedPart)
        #expect(table.computed("m", "maker", Sample.usage(0, 5)) == nil)
    }

    @Test func `huge counts stay at the limit instead of overflowing`() throws {
        let table = try Sample.table(
            rows: #"{"from":null,"input":1000000000,"output":1000000000,"cache_read":1000000000}"#
        )
        var usage = Sample.usage(.max, .max)
        usage.cacheRead = .max
        usage.cacheWrite = .max
        usage.inputAudio = .max
        usage.reasoning = .min
        let cost = table.computed("m", "maker", usage)
        #expect(cost?.amount == PicoUSD(.max))
        #expect(cost?.flags.contains(.saturated) == true)
        #expect(table.computed("m", "maker", Sample.usage(.min, .min))?.amount == PicoUSD(0))
    }

    @Test func `a cost says which prices it is from`() throws {
        var usage = Sample.spotUsage()
        usage.variant = .batch
        let cost = try Sample.table.computed("claude-sonnet-4-5", "anthropic", usage)
        let identity = try #require(cost?.identity)
        #expect(identity.basis == .listed)
        #expect(identity.provider == "anthropic")
        #expect(identity.model == "claude-sonnet-4-5")
        #expect(identity.row == 0)
        #expect(identity.tierAbove == 200_000)
        #expect(identity.variant == .batch)
        #expect(identity.asOf == "2026-11-20")
    }

    @Test func `the breakdown lists each kind with its count and price`() throws {
        let table = try Sample.table
        let match = try #require(table.match(PriceQuery(provider: "anthropic", requestModel: "claude-sonnet-4-5")))
        let (cost, parts) = try #require(table.breakdown(of: Sample.spotUsage(), by: match))
        #expect(cost.amount.decimal == "1.125")
        #expect(parts.map(\.kind) == [.cacheRead, .cacheWrite5m, .cacheWrite1h, .input, .output])
        #expect(parts.map(\.count) == [100_000, 15_000, 5_000, 130_000, 5_000])
        #expect(parts.map(\.price) == ["0.6", "7.5", "12", "6", "22.5"])
        #expect(parts.reduce(PicoUSD(0)) { $0 + $1.amount } == cost.amount)
    }
}
