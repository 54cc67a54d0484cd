// CallPricesTests.swift - what calls of a batch cost.

import IngestPipeline
import OTLPCodec
import Pricing
import TestSupport
import Testing
import TraceModel

struct CallPricesTests {
    private func call(_ attributes: [(String, SampleValue)]) throws -> LLMCall {
        var span = SampleSpan(trace: 1, id: 1)
        span.attributes = [("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 1_000_000)] + attributes
        let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request([span])), project: nil)
        let extractor = SpanExtractor(prices: CallPrices(try PriceTable.embedded()))
        return try #require(try extractor.extract(request.batch).calls.first)
    }

    @Test func `the server decides whose price it is when nothing names the provider`() throws {
        let model: (String, SampleValue) = ("gen_ai.request.model", "llama-3.3-70b-versatile")
        let groq = try call([model, ("server.address", "api.groq.com"), ("gen_ai.usage.output_tokens", 0)])
        #expect(groq.costComputed == PicoUSD(decimal: "0.59"))
        #expect(groq.price?.contains(#""provider":"groq""#) == true)
        let router = try call([
            ("gen_ai.request.model", "openai/gpt-4o"), ("server.address", "openrouter.ai"),
            ("gen_ai.usage.output_tokens", 0),
        ])
        #expect(router.price?.contains(#""provider":"openrouter""#) == true)
    }

    @Test func `the price says which it is`() throws {
        let cost = try call([
            ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.output_tokens", 0),
            ("openai.response.service_tier", "priority"),
        ])
        let price = try #require(cost.price)
        #expect(price.hasPrefix(#"{"basis":"listed","provider":"openai","model":"gpt-4o","row":"#))
        #expect(price.contains(#""variant":"priority""#))
        #expect(price.contains(#""as_of":""#))
    }

    @Test func `an answer from a gateway's cache costs nothing, and no price is computed`() throws {
        let hit = try call([
            ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.output_tokens", 5), ("litellm.cache_hit", "True"),
        ])
        #expect(hit.costReported == PicoUSD(0))
        #expect(hit.costComputed == nil && hit.price == nil)
    }
}
