// ModelNameTests.swift - which names find a model, and which must not.

import Pricing
import Testing
import TraceModel

struct ModelNameTests {
    /// A provider that knows models by their whole names only.
    private static func table() throws -> PriceTable {
        let names = [
            "base", "dashed-2024-08-06", "compact-20250929", "dots-1.5", "dashes-2-0", "ft:tuned",
            "us.anthropic.regional",
            "regional",
        ]
        let models = names.map { #"{"id":"\#($0)","match":[{"eq":"\#($0)"}],"prices":[{"from":null,"input":1}]}"# }
        return try Sample.table(models: models.joined(separator: ","))
    }

    private static let found: [(String, String, MatchStep)] = [
        ("base", "base", .asIs), ("  BASE\n", "base", .asIs),
        ("models/base", "base", .path), ("publishers/google/models/base", "base", .path),
        ("projects/p/locations/us/publishers/google/models/base", "base", .path),
        ("accounts/fireworks/models/base", "base", .path),
        ("maker/base", "base", .providerPrefix), ("maker:base", "base", .providerPrefix),
        ("Maker/Maker/Base", "base", .providerPrefix), ("maker/models/base", "base", .providerPrefix),
        ("us.anthropic.base", "base", .bedrock), ("us-gov.meta.base-v1:0", "base", .bedrock),
        ("apac.base", "base", .bedrock), ("global.amazon.base:0", "base", .bedrock),
        ("eu.base", "base", .bedrock), ("jp.base", "base", .bedrock), ("au.base", "base", .bedrock),
        ("anthropic.base-v2:1:200k", "base", .bedrock), ("base:200k", "base", .bedrock),
        ("arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.base-v1:0", "base", .bedrock),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.base-v1:0", "base", .bedrock),
        ("us.anthropic.regional-v1:0", "us.anthropic.regional", .bedrock),
        ("eu.anthropic.regional-v1:0", "regional", .bedrock),
        ("base@20250929", "base", .version), ("base@001", "base", .version),
        ("base-20250929", "base", .date), ("base-2024-08-06", "base", .date), ("base-0613", "base", .date),
        ("base-2411", "base", .date), ("dashed-20240806", "dashed-2024-08-06", .date),
        ("compact-2025-09-29", "compact-20250929", .date), ("compact@20250929", "compact-20250929", .date),
        ("base-latest", "base", .suffix), ("base-preview", "base", .suffix), ("base-preview-05-20", "base", .suffix),
        ("base-preview-09-2025", "base", .suffix), ("base-exp", "base", .suffix), ("base-001", "base", .suffix),
        ("base-it", "base", .suffix), ("base:nitro", "base", .suffix), ("base:thinking", "base", .suffix),
        ("base[1m]", "base", .suffix), ("base-fast", "base", .suffix), ("base-exp-0827", "base", .suffix),
        ("base-20250929:thinking", "base", .suffix), ("maker/base-latest", "base", .suffix),
        ("dots-1-5", "dots-1.5", .separators), ("dashes-2.0", "dashes-2-0", .separators),
        ("maker/dots-1-5-latest", "dots-1.5", .separators),
        ("ft:base:org::id", "base", .fineTune), ("ft:base-2024-07-18:org::id", "base", .fineTune),
        ("maker/ft:base-0613:org", "base", .fineTune), ("ft:tuned-2024-07-18:org::id", "ft:tuned", .fineTune),
    ]

    @Test(arguments: found)
    func `a name finds its model by the first step that fits`(_ name: String, _ model: String, _ step: MatchStep) throws
    {
        let match = try Self.table().match(PriceQuery(provider: "maker", requestModel: name))
        #expect(match?.model == model)
        #expect(match?.step == step)
    }

    @Test(arguments: [
        "", " ", "/", ":", "base2", "xbase", "base-pro", "base-audio", "base-audio-preview", "base-mini-latest",
        "base-9999", "base-1234567", "base-20251345", "base-2024-13-01", "nobody/base", "base/", "models/", "ft:",
        "ft::x",
        "@20250929", "-latest", "dots-15", "dots-1", "tuned", "compact", "base-vision-0613", "arn:aws:bedrock:base",
        String(repeating: "base", count: 200), "base" + String(repeating: "-latest", count: 60),
    ])
    func `a name that only resembles one has no price`(_ name: String) throws {
        #expect(try Self.table().match(PriceQuery(provider: "maker", requestModel: name)) == nil)
    }

    @Test(arguments: [
        ("gpt-4o", "openai gpt-4o"), ("gpt-4o-audio-preview", "openai gpt-4o-audio-preview"), ("o1", "openai o1"),
        ("o1-pro", "openai o1-pro"), ("gpt-4o-2024-11-20", "openai gpt-4o"), ("openai/gpt-4o", "openai gpt-4o"),
        ("gpt-5-1", "openai gpt-5.1"), ("claude-sonnet-4.5", "anthropic claude-sonnet-4-5"),
        ("models/gemini-2.5-pro", "google gemini-2.5-pro"), ("vertex_ai/gemini-2.5-flash", "google gemini-2.5-flash"),
        ("publishers/google/models/gemini-2.5-flash", "google gemini-2.5-flash"),
        ("gemini-2.5-flash-preview-05-20", "google gemini-2.5-flash-preview"),
        ("gemini/gemini-2.5-flash", "google gemini-2.5-flash"),
        ("groq:llama-3.3-70b-versatile", "groq llama-3.3-70b-versatile"),
        ("openrouter/openai/gpt-4o", "openrouter openai/gpt-4o"),
        ("openrouter/anthropic/claude-sonnet-4-5", "openrouter anthropic/claude-sonnet-4.5"),
        ("accounts/fireworks/models/kimi-k2p5", "fireworks kimi-k2p5"),
        ("fireworks_ai/accounts/fireworks/models/kimi-k2p5", "fireworks kimi-k2p5"),
        ("bedrock/us.meta.llama3-3-70b-instruct-v1:0", "aws meta.llama3-3-70b-instruct-v1:0"),
        ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws global.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws regional.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("ft:gpt-4o-mini-2024-07-18:org::id", "openai ft:gpt-4o-mini"),
        ("ft:gpt-4o-mini:org::id", "openai gpt-4o-mini"),
    ])
    func `a name is priced as its own model`(_ name: String, _ model: String) throws {
        #expect(try Sample.table.priced(name) == model)
    }

    @Test(arguments: ["gpt-4o-something", "o1-pro-max", "gpt-4o-audio", "claude", "not-a-model"])
    func `a model that nobody lists is no other model`(_ name: String) throws {
        #expect(try Sample.table.priced(name) == nil)
    }

    @Test func `the base of a fine-tuned model is an estimate, a fine-tuned model with a price is none`() throws {
        let table = try Sample.table
        #expect(table.match(PriceQuery(requestModel: "ft:gpt-4.1-2025-04-14:org::id"))?.isEstimated == true)
        #expect(table.match(PriceQuery(requestModel: "ft:gpt-4o-mini-2024-07-18:org::id"))?.isEstimated == false)
    }

    @Test(arguments: ["claude-opus-4-8-fast", "anthropic/claude-opus-4.8-fast"])
    func `a name with -fast has the prices of the fast variant`(_ name: String) throws {
        let cost = try Sample.table.computed(name, "anthropic", Sample.usage(1_000_000, 0))
        #expect(cost?.amount.decimal == "10")
        #expect(cost?.identity.variant == .fast)
    }

    @Test func `hostile names end soon and find nothing`() throws {
        var random = SeededNumbers(seed: 3)
        let parts = [
            "models/", "maker/", "maker:", "us.", "anthropic.", "-v1:0", ":200k", "@20250929", "-2024-08-06", "-0613",
            "-latest",
            ":free", "ft:", "1-2", ".", "*", "\u{0}", "é", "💰", "arn:aws:bedrock:", "inference-profile/",
        ]
        let table = try Self.table()
        for _ in 0..<500 {
            let name = (0...Int.random(in: 0...40, using: &random)).compactMap { _ in
                parts.randomElement(using: &random)
            }
            #expect(table.priced(name.joined() + "zz", "maker") == nil)
        }
    }
}
