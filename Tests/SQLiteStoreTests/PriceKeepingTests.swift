// PriceKeepingTests.swift - what calls cost, from their arrival until it is computed again on purpose.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
import Pricing
import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

struct PriceKeepingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    /// A store whose model `m` costs so many USD for a million input tokens; nil for a store that knows no price.
    private func open(price: Int?, cacheBytes: Int = 64 << 20) throws -> SQLiteTraceStore {
        var config = SQLiteStoreConfig(directory: folder)
        config.cacheBytes = cacheBytes
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try SQLiteTraceStore(config: config, extraction: try extractor(price), logger: logger)
    }

    private func extractor(_ price: Int?) throws -> SpanExtractor {
        let custom = price.map { [CustomPrice(model: "m", prices: ["input": "\($0)"])] } ?? []
        return SpanExtractor(prices: CallPrices(try PriceTable.embedded().adding(custom)))
    }

    private func write(_ store: SQLiteTraceStore, price: Int?, _ spans: [SampleSpan]) async throws {
        let request = try ExportRequestDecoder().decode(BatchStorage(copying: SampleSpan.request(spans)), project: nil)
        _ = try await store.write(try extractor(price).extract(request.batch))
    }

    private func call(_ id: UInt64, tokens: Int64, response: String? = nil, trace: UInt64 = 1) -> SampleSpan {
        let span = SampleSpan(trace: trace, id: id, parent: 1).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.usage.input_tokens", .whole(tokens)),
            ("gen_ai.usage.output_tokens", 0)
        )
        return response.map { span.with(("gen_ai.response.id", .text($0))) } ?? span
    }

    private func summary(_ store: SQLiteTraceStore, trace: UInt64 = 1) async throws -> TraceSummary {
        try #require(try await store.summaries(of: TraceID(high: 0xABCD, low: trace), in: .all).first)
    }

    private func stored(_ store: SQLiteTraceStore, _ span: UInt64, trace: UInt64 = 1) async throws -> StoredCall {
        let outlines = try await store.outlines(of: try await summary(store, trace: trace).number)
        return try #require(outlines.first { $0.spanID == SpanID(span) }?.call)
    }

    @Test(arguments: [64 << 20, 0])
    func `calls keep what they cost when they came, until they are repriced`(_ cacheBytes: Int) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var store = try open(price: 2, cacheBytes: cacheBytes)
        try await write(store, price: 2, [SampleSpan(trace: 1, id: 1), call(2, tokens: 1_000_000)])
        await store.close()
        store = try open(price: 3, cacheBytes: cacheBytes)
        // A late span: the trace is read again, with other prices.
        try await write(store, price: 3, [call(3, tokens: 100_000)])
        #expect(try await summary(store).llm?.cost == PicoUSD(decimal: "2.3"))
        #expect(try await stored(store, 2).call.costComputed == PicoUSD(decimal: "2"))
        #expect(try await stored(store, 2).call.price?.contains("\"basis\":\"custom\"") == true)
        #expect(try await stored(store, 3).call.costComputed == PicoUSD(decimal: "0.3"))

        var done = try await store.reprice(after: 0)
        #expect(done.traces == 1 && done.calls == 1 && done.next == nil)
        #expect(try await summary(store).llm?.cost == PicoUSD(decimal: "3.3"))
        #expect(try await summary(store).llm?.costCharged == PicoUSD(decimal: "2.3"))
        #expect(try await stored(store, 2).call.costComputed == PicoUSD(decimal: "3"))
        #expect(try await stored(store, 2).costCharged == PicoUSD(decimal: "2"))
        #expect(try await stored(store, 3).costCharged == nil)
        done = try await store.reprice(after: 0)
        #expect(done.calls == 0)
        await store.close()

        // Once more: what it cost on arrival stays.
        store = try open(price: 4, cacheBytes: cacheBytes)
        #expect(try await store.reprice(after: 0).calls == 2)
        #expect(try await summary(store).llm?.cost == PicoUSD(decimal: "4.4"))
        #expect(try await summary(store).llm?.costCharged == PicoUSD(decimal: "2.3"))
        #expect(try await stored(store, 2).costCharged == PicoUSD(decimal: "2"))
        await store.close()
    }

    @Test func `a model without a price gets its cost by repricing, and the cost that a sender reports stays`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var store = try open(price: nil)
        let reported = call(3, tokens: 10).with(("gen_ai.usage.cost", 0.5))
        try await write(store, price: nil, [SampleSpan(trace: 1, id: 1), call(2, tokens: 1_000_000), reported])
        #expect(try await summary(store).llm?.cost == PicoUSD(decimal: "0.5"))
        #expect(try await summary(store).llm?.callsWithCost == 1)
        await store.close()
        store = try open(price: 2)
        #expect(try await store.reprice(after: 0).calls == 2)
        #expect(try await summary(store).llm?.cost == PicoUSD(decimal: "2.5"))
        #expect(try await summary(store).llm?.callsWithCost == 2)
        #expect(try await stored(store, 3).call.cost == PicoUSD(decimal: "0.5"))
        await store.close()
    }

    @Test func `one call in two traces counts in each, and the traces are linked, also after a restart`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var store = try open(price: 1)
        try await write(store, price: 1, [call(2, tokens: 10, response: "a"), call(3, tokens: 10, response: "b")])
        await store.close()
        store = try open(price: 1)
        try await write(store, price: 1, [call(4, tokens: 10, response: "a", trace: 2)])
        try await write(store, price: 1, [call(5, tokens: 10, response: "c", trace: 3)])
        #expect(try await summary(store).llm?.tokensInput == 20)
        #expect(try await summary(store, trace: 2).llm?.tokensInput == 10)
        let other = { (trace: UInt64, span: UInt64) in
            [SpanReference(traceID: TraceID(high: 0xABCD, low: trace), spanID: SpanID(span))]
        }
        #expect(try await stored(store, 2).elsewhere == other(2, 4))
        #expect(try await stored(store, 3).elsewhere == [])
        #expect(try await stored(store, 4, trace: 2).elsewhere == other(1, 2))
        #expect(try await stored(store, 5, trace: 3).elsewhere == [])
        // The inner span of the first trace comes late: it is the one that counts there.
        let inner = SampleSpan(trace: 1, id: 9, parent: 2, at: 10, lasting: 1000).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.response.id", "a"),
            ("gen_ai.usage.input_tokens", 10)
        )
        try await write(store, price: 1, [inner])
        #expect(try await stored(store, 4, trace: 2).elsewhere == other(1, 9))
        await store.close()
    }

    @Test func `a log record's call and its span in another trace are linked by the request, two spans are not`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func request(_ id: UInt64, trace: UInt64, isRecord: Bool = false) -> SampleSpan {
            let span = call(id, tokens: 10, trace: trace).with(("request_id", "q"))
            return isRecord ? span.with(("skein.synthesized", 1)) : span
        }
        var store = try open(price: 1)
        try await write(store, price: 1, [request(2, trace: 1), request(3, trace: 2)])
        #expect(try await stored(store, 2).elsewhere == [])
        await store.close()
        store = try open(price: 1)
        try await write(store, price: 1, [request(4, trace: 3, isRecord: true)])
        let span = SpanReference(traceID: TraceID(high: 0xABCD, low: 1), spanID: SpanID(2))
        #expect(try await stored(store, 4, trace: 3).elsewhere == [span])
        #expect(
            try await stored(store, 2).elsewhere
                == [SpanReference(traceID: TraceID(high: 0xABCD, low: 3), spanID: SpanID(4))]
        )
        await store.close()
    }
}
