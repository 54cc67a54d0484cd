// ProviderChoiceTests.swift - whose price it is.

import Pricing
import Testing
import TraceModel

struct ProviderChoiceTests {
    private func match(
        _ model: String,
        _ provider: String? = nil,
        host: String? = nil
    ) throws -> PriceMatch? {
        try Sample.table.match(PriceQuery(provider: provider, host: host, requestModel: model))
    }

    @Test(arguments: [
        ("openai", "openai"), ("OpenAI", "openai"), ("openai.responses", "openai"), ("azure.ai.openai", "azure"),
        ("aws.bedrock", "aws"), ("gcp.vertex_ai", "google"), ("x_ai", "x-ai"), ("mistral_ai", "mistral"),
        ("amazon-nova", "amazon-nova"), ("amazon_nova", "amazon-nova"),
    ])
    func `the provider attribute is known by its aliases`(_ attribute: String, _ provider: String) throws {
        let models = [
            "openai": "gpt-4o", "azure": "o1", "aws": "amazon.nova-pro-v1:0", "google": "gemini-2.5-pro",
            "x-ai": "grok-4-0709",
            "mistral": "mistral-large-latest", "amazon-nova": "amazon-nova/nova-pro-v1",
        ]
        let found = try match(try #require(models[provider]), attribute)
        #expect(found?.provider == provider)
        #expect(found?.reason == .attribute)
    }

    @Test(
        arguments: [
            ("api.groq.com", "groq"), ("API.GROQ.COM", "groq"), ("https://api.groq.com/openai/v1", "groq"),
            ("api.groq.com:443", "groq"), ("api.groq.com.evil.test", nil), ("xapi.groq.com", nil), ("", nil),
        ] as [(String, String?)]
    )
    func `a host names its provider`(_ host: String, _ provider: String?) throws {
        let found = try match("meta-llama/llama-guard-4-12b", host: host)
        #expect((found?.reason == .host ? found?.provider : nil) == provider)
    }

    @Test func `a star in a host stands for any part`() throws {
        #expect(try match("o1", host: "prod-chat.openai.azure.com")?.provider == "azure")
        #expect(try match("amazon.nova-pro-v1:0", host: "bedrock-runtime.eu-west-1.amazonaws.com")?.reason == .host)
        #expect(try match("gemini-2.5-pro", host: "us-central1-aiplatform.googleapis.com")?.reason == .host)
    }

    @Test func `the attribute comes before the host, the host before the name`() throws {
        #expect(try match("openai/gpt-oss-120b", "groq", host: "openrouter.ai")?.provider == "groq")
        #expect(try match("openai/gpt-oss-120b", host: "openrouter.ai")?.provider == "openrouter")
        #expect(try match("openai/gpt-oss-120b")?.provider == "openai")
    }

    @Test func `an attribute that nobody knows leaves the choice to the rest`() throws {
        #expect(try match("gpt-4o", "my-gateway")?.provider == "openai")
        #expect(try match("gpt-4o", "my-gateway")?.reason == .inferred)
        #expect(try match("anthropic/claude-sonnet-4-5", "my-gateway")?.reason == .prefix)
    }

    @Test func `the longest rule infers the provider`() throws {
        #expect(try match("claude-sonnet-4-5-20250929")?.provider == "anthropic")
        #expect(try match("us.anthropic.claude-sonnet-4-5-20250929-v1:0")?.provider == "aws")
    }

    @Test func `a provider's fallback and the maker of a model are estimates`() throws {
        let fallback = try match("gpt-4o", "azure")
        #expect(fallback?.provider == "openai")
        #expect(fallback?.reason == .fallback)
        #expect(fallback?.isEstimated == true)
        let maker = try match("claude-sonnet-4-5", "openai")
        #expect(maker?.provider == "anthropic")
        #expect(maker?.reason == .maker)
        #expect(maker?.isEstimated == true)
        #expect(try match("o1", "azure")?.isEstimated == false)
    }

    @Test func `without any hint the first provider in the file that knows the model counts`() throws {
        let table = try Sample.table(
            providers: ["a", "b", "c"].map { id in
                let price = #""prices":[{"from":null,"input":1}]"#
                let both = #"{"id":"x","match":[{"eq":"\#(id == "a" ? "y" : "x")"}],\#(price)}"#
                return #"{"id":"\#(id)","aliases":[],"hosts":[],"infer":[],"fallback":[],"models":[\#(both)]}"#
            }.joined(separator: ",")
        )
        #expect(table.priced("x") == "b x")
        #expect(table.match(PriceQuery(requestModel: "x"))?.reason == .any)
        #expect(table.priced("x", "a") == nil)
        // More of the name counts more than an earlier provider.
        #expect(table.priced("y-latest") == "a x")
    }

    @Test func `within a provider the first model in the file counts, however its rule is written`() throws {
        let models = [
            #"{"prefix":"ab"}"#, #"{"eq":"abc"}"#, #"{"eq":"xyz"}"#, #"{"has":"y"}"#, #"{"dated":"d"}"#,
            #"{"digit":"n"}"#,
            #"{"suffix":"end"}"#, #"{"all":[{"prefix":"p"},{"not_has":"q"},{"all":[{"has":"r"}]}]}"#,
        ].enumerated().map { #"{"id":"m\#($0)","match":[\#($1)],"prices":[{"from":null,"input":1}]}"# }
        let table = try Sample.table(models: models.joined(separator: ","))
        for (name, model) in [
            ("abc", "m0"), ("xyz", "m2"), ("y", "m3"), ("d-20250101", "m4"), ("d@2025-01-01", "m4"), ("n4", "m5"),
            ("the-end", "m6"), ("par", "m7"),
        ] {
            #expect(table.priced(name, "maker") == "maker \(model)")
        }
        for name in ["d", "d-2025", "d-20250101x", "n", "n4x", "pa", "parq", "a"] {
            #expect(table.priced(name, "maker") == nil, "\(name)")
        }
    }

    @Test func `the model that answered counts, and the one asked for if that has no price`() throws {
        let table = try Sample.table
        let query = PriceQuery(provider: "openai", responseModel: "gpt-4o-mini-2024-07-18", requestModel: "gpt-4o")
        #expect(table.match(query)?.model == "gpt-4o-mini")
        let unknown = PriceQuery(provider: "openai", responseModel: "who-knows", requestModel: "gpt-4o")
        #expect(table.match(unknown)?.model == "gpt-4o")
        #expect(table.match(PriceQuery(provider: "openai")) == nil)
    }

    @Test(arguments: ["ollama", "vLLM", "lm_studio", "llama.cpp"])
    func `a program on one's own machines costs nothing, whatever the model`(_ provider: String) throws {
        let table = try Sample.table
        let cost = table.computed("gpt-4o", provider, Sample.usage(1_000, 1_000))
        #expect(cost?.amount == PicoUSD(0))
        #expect(cost?.identity.basis == .free)
    }

    @Test(arguments: [
        ("ollama/llama3.2", nil), ("ollama/llama3.2", "my-gateway"), ("deepseek/no-such-model:free", "openrouter"),
    ])
    func `a free offer costs 0`(_ model: String, _ provider: String?) throws {
        #expect(try Sample.table.usd(model, provider, Sample.usage(1_000, 1_000)) == "0")
    }

    @Test func `an unknown model has no cost, which is not 0`() throws {
        #expect(try Sample.table.computed("no-such-model", "openai", Sample.usage(1_000, 1_000)) == nil)
        #expect(try Sample.table.computed("llama3.2:3b", "openai", Sample.usage(1_000, 1_000)) == nil)
    }
}
