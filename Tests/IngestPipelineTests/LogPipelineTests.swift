// LogPipelineTests.swift - what becomes of log records on their way.

import OTLPCodec
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import IngestPipeline

struct LogPipelineTests {
    /// Remembers what it is told to write.
    private actor RecordingWriter: TraceWriter {
        private(set) var batches: [SpanBatch] = []

        func write(_ batch: SpanBatch) async throws(StoreError) -> ConsumeReceipt {
            batches.append(batch)
            return ConsumeReceipt(stored: batch.spans.count)
        }
    }

    /// A pipeline and what it wrote.
    private struct Rig {
        let writer = RecordingWriter()
        let pipeline: LogPipeline

        init(masking: SpanMasking? = nil, keepsContent: Bool = true) {
            let spans = TracePipeline(writer: writer, extraction: SpanExtractor(), masking: masking)
            pipeline = LogPipeline(writer: writer, spans: spans, masking: masking, keepsContent: keepsContent)
        }

        func send(_ records: [SampleRecord], project: String? = nil) async throws -> LogReceipt {
            let storage = BatchStorage(copying: SampleRecord.request(records))
            let decoded = try ExportRequestDecoder().decode(storage, project: project, as: .logs)
            return try await pipeline.consume(LogBatch(records: decoded.batch, project: project))
        }

        /// The batches of spans, or of log records.
        func batches(_ kind: BatchKind) async -> [SpanBatch] {
            await writer.batches.filter { $0.kind == kind }
        }
    }

    private static let claude = SampleRecord("claude_code.api_request").with(
        ("model", "claude-sonnet-4-5"),
        ("input_tokens", 2),
        ("output_tokens", 300),
        ("cache_read_tokens", 98),
        ("cost_usd", "0.05"),
        ("duration_ms", 1500),
        ("request_id", "req_1"),
        ("session.id", "s1"),
        ("user.id", "u1")
    )

    @Test func `a call becomes a span with exact tokens, cost and times`() async throws {
        let rig = Rig()
        #expect(try await rig.send([Self.claude]) == LogReceipt(accepted: 1))
        let batch = try #require(await rig.batches(.spans).first)
        let (facts, call) = (batch.facts[0], batch.calls[0])
        #expect(facts.marks.contains(.synthesized))
        #expect(facts.role == .llm && facts.status == .unset)
        #expect(facts.end == 1_700_000_000_000_000_000)
        #expect(facts.start == facts.end - 1_500_000_000)
        #expect(call.usage.input == 100 && call.usage.output == 300 && call.usage.cacheRead == 98)
        #expect(call.costReported == PicoUSD(50_000_000_000))
        #expect(call.requestModel == "claude-sonnet-4-5" && call.provider == "anthropic")
        #expect(call.requestID == "req_1")
        #expect(batch.string(facts.session) == "s1" && batch.string(facts.user) == "u1")
        #expect(batch.string(facts.service) == "test")
    }

    @Test func `a failed call is a span with an error`() async throws {
        let rig = Rig()
        let failed = SampleRecord("claude_code.api_error").with(("error", "Overloaded"), ("status_code", "529"))
        #expect(try await rig.send([failed]) == LogReceipt(accepted: 1))
        let batch = try #require(await rig.batches(.spans).first)
        #expect(batch.facts[0].status == .error)
        #expect(batch.calls[0].errorType == "529")
    }

    @Test func `ids are the record's own, else hashes that never change`() async throws {
        let rig = Rig()
        var own = Self.claude
        own.trace = TraceID(high: 1, low: 2)
        own.span = SpanID(3)
        var traceOnly = own
        traceOnly.span = nil
        var other = Self.claude
        other.attributes[6].1 = "req_2"
        for record in [own, traceOnly, Self.claude, Self.claude, other] { _ = try await rig.send([record]) }
        _ = try await rig.send([Self.claude], project: "p")
        let slices = await rig.batches(.spans).map { $0.spans[0] }
        #expect(slices[0].traceID == TraceID(high: 1, low: 2) && slices[0].spanID == SpanID(3))
        #expect(slices[1].traceID == TraceID(high: 1, low: 2) && slices[1].spanID == slices[2].spanID)
        #expect(slices[2].traceID == slices[3].traceID && slices[2].spanID == slices[3].spanID)
        #expect(slices[4].traceID == slices[2].traceID && slices[4].spanID != slices[2].spanID)
        #expect(slices[5].traceID != slices[2].traceID)
        #expect(slices[2].traceID.hex == "09991303c5e71974e03e4c222e64a1bb")
        #expect(slices[2].spanID.hex == "0a98e409e968ac64")
    }

    @Test func `without a session each call is a trace, without a request id each record is a span`() async throws {
        let rig = Rig()
        let first = SampleRecord("gemini_cli.api_response").with(("model", "m"), ("input_token_count", 1))
        var second = first
        second.time += 1
        #expect(try await rig.send([first, second, first]).accepted == 3)
        let slices = try #require(await rig.batches(.spans).first).spans
        #expect(Set(slices.map(\.traceID)).count == 2)
        #expect(Set(slices.map(\.spanID)).count == 2)
    }

    @Test func `content is stored as it came, other records are ignored`() async throws {
        let rig = Rig()
        let content = SampleRecord("gen_ai.user.message", trace: 1, span: 2).saying(("content", "Hi"))
        let receipt = try await rig.send([
            SampleRecord("some.other.event.name"), content, Self.claude, SampleRecord("gen_ai.user.message", trace: 1),
            SampleRecord("gen_ai.choice", trace: 2, span: 2), content,
        ])
        #expect(receipt == LogReceipt(accepted: 4, ignored: 2))
        let batch = try #require(await rig.batches(.logRecords).first)
        #expect(batch.groups.map(\.traceID.low) == [1, 2])
        #expect(batch.groups.map(\.spans) == [0..<2, 2..<3])
        #expect(batch.bytes(of: batch.spans[0]).elementsEqual(content.bytes))
    }

    @Test func `without content no record with content is stored`() async throws {
        let masking = try SpanMasking(rules: [], keepsContent: false)
        let rig = Rig(masking: masking, keepsContent: false)
        let receipt = try await rig.send([
            SampleRecord("gen_ai.user.message", trace: 1, span: 2).saying(("content", "Hi")),
            Self.claude.with(("prompt", "secret words"), ("response_text", "secret answer")),
        ])
        #expect(receipt == LogReceipt(accepted: 1, ignored: 1))
        #expect(await rig.batches(.logRecords).isEmpty)
        let batch = try #require(await rig.batches(.spans).first)
        #expect(!String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self).contains("secret"))
        #expect(batch.facts[0].marks.contains(.synthesized))
        #expect(batch.calls[0].usage.input == 100)
    }

    @Test func `rules reach bodies, attributes and spans made of records`() async throws {
        let rules = [
            RedactionRule(target: .pattern("tiger[0-9]"), replacement: "***"),
            RedactionRule(target: .attribute("secret.key"), action: .remove),
        ]
        let rig = Rig(masking: try SpanMasking(rules: rules, keepsContent: true))
        _ = try await rig.send([
            SampleRecord("gen_ai.user.message", trace: 1, span: 2).saying(("content", "my tiger1"), ("secret.key", "k"))
                .with(("secret.key", "k"), ("note", "a tiger2")),
            Self.claude.with(("secret.key", "k"), ("note", "a tiger3")),
        ])
        for batch in await rig.writer.batches {
            let text = String(decoding: batch.bytes(of: batch.spans[0]), as: UTF8.self)
            #expect(!text.contains("tiger") && !text.contains("secret.key"))
            #expect(text.contains("a ***"))
        }
        #expect(await rig.writer.batches.count == 2)
    }

    @Test func `a great many calls are stored in several requests`() async throws {
        let rig = Rig()
        let records = (0..<20_000).map { number in
            SampleRecord("claude_code.api_request").with(("request_id", .text("r\(number)")), ("session.id", "s"))
        }
        #expect(try await rig.send(records) == LogReceipt(accepted: 20_000))
        let batches = await rig.batches(.spans)
        #expect(batches.count > 1)
        #expect(Set(batches.flatMap { $0.spans.map(\.spanID) }).count == 20_000)
        #expect(batches.allSatisfy { $0.storage.bytes.count < 5 << 20 })
    }
}

extension SpanBatch {
    fileprivate func string(_ index: Int32) -> String? {
        index < 0 ? nil : strings[Int(index)]
    }
}
