// SpanAnalysisTests.swift - what stored spans can be found by.

import IngestPipeline
import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct SpanAnalysisTests {
    private func batch(_ spans: [SampleSpan], service: String = "test") throws -> SpanBatch {
        let storage = BatchStorage(copying: SampleSpan.request(spans, service: service))
        return try ExportRequestDecoder().decode(storage, project: nil).batch
    }

    private func findings(_ spans: [SampleSpan], for aspect: PartAspect = .all) throws -> PartFindings {
        var analyser = try SpanAnalysis().makeAnalyser()
        return try analyser.analyse(batch(spans), for: aspect)
    }

    private static let call = SampleSpan(trace: 1, id: 2, name: "chat m").with(
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.request.model", "m"),
        ("gen_ai.usage.input_tokens", 42),
        ("gen_ai.input.messages", #"[{"role":"user","parts":[{"type":"text","content":"Where is Oslo?"}]}]"#),
        (
            "gen_ai.output.messages",
            #"[{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"look_up","arguments":{"place":"Oslo","zoom":7}}]}]"#
        ),
        ("langfuse.trace.tags", #"["red","blue"]"#),
        ("ratio", 0.5),
        ("share", 2.0)
    )

    @Test(arguments: [
        (SpanProperty.attribute("gen_ai.request.model"), "m", true),
        (.attribute("gen_ai.request.model"), "M", false),
        (.attribute("gen_ai.usage.input_tokens"), "42", true),
        (.attribute("ratio"), "0.5", true),
        (.attribute("share"), "2", true),
        (.attribute("share"), "2.0", true),
        (.attribute("service.name"), "test", true),
        (.attribute("service.name"), "other", false),
        (.attribute("chat m"), "", false),
        (.name, "chat m", true), (.name, "chat", false),
        (.operation, "chat", true),
        (.tag, "red", true), (.tag, "blue", true), (.tag, "green", false),
        (.tool, "look_up", true), (.tool, "Oslo", false),
    ])
    func `a property that a span has is among the hashes, and the span itself confirms it`(
        _ property: SpanProperty,
        _ value: String,
        _ isThere: Bool
    ) throws {
        let batch = try batch([Self.call])
        var analyser = try SpanAnalysis().makeAnalyser()
        let found = try analyser.analyse(batch, for: .properties)
        #expect(found.hashes.contains(AttributeHash.hash(property, value)) == isThere)
        #expect(try analyser.matches(batch, at: 0, property, value) == isThere)
    }

    @Test func `values of more than 128 bytes have no hash`() throws {
        let fitting = String(repeating: "a", count: 128)
        let span = SampleSpan(trace: 1, id: 1).with(("k", .text(fitting)), ("l", .text(fitting + "a")))
        let hashes = try findings([span]).hashes
        #expect(hashes.contains(AttributeHash.hash(.attribute("k"), fitting)))
        #expect(!hashes.contains(AttributeHash.hash(.attribute("l"), fitting + "a")))
    }

    @Test func `a call gives its texts, without the names of members, and the hash of its prompt`() throws {
        let all = try findings([Self.call])
        let found = try #require(all.spans.first)
        #expect(found.hasCall && found.role == .llm && found.promptHash != nil && found.toolName == nil)
        #expect(
            all.texts.strings(in: found.texts) == [
                "chat m", "Where is Oslo?", "1", "look_up", "Oslo", "7", "red", "blue",
            ]
        )
        var other = Self.call
        other.id = SpanID(9)
        other.name = "other"
        #expect(try findings([other]).spans.first?.promptHash == found.promptHash)
    }

    @Test func `without texts the rest is the same`() throws {
        let all = try findings([Self.call])
        let rest = try findings([Self.call], for: .properties)
        #expect(rest.hashes == all.hashes)
        #expect(rest.spans.first?.promptHash == all.spans.first?.promptHash)
        #expect(rest.texts.count == 0)
    }

    @Test func `the span of a tool names it, gives what went in and came out, and when it ran`() throws {
        var span = SampleSpan(trace: 1, id: 3, name: "execute_tool look_up", lasting: 500).with(
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "look_up"),
            ("gen_ai.tool.call.arguments", #"{"place":"Oslo"}"#),
            ("gen_ai.tool.call.result", "sixty north")
        )
        span.status = 2
        let all = try findings([span])
        let found = try #require(all.spans.first)
        #expect(found.role == .tool && found.toolName == "look_up")
        #expect(found.status == .error && found.end - found.start == 500)
        #expect(all.texts.strings(in: found.texts) == ["execute_tool look_up", "look_up", "Oslo", "sixty north"])
    }

    @Test func `plain attributes of spans without content are no texts`() throws {
        let span = SampleSpan(trace: 1, id: 1, name: "GET /").with(("http.url", "http://secret.test/"))
        let found = try findings([span])
        #expect(found.texts.strings(in: 0..<found.texts.count) == ["GET /"])
    }

    @Test func `log records give what they say`() throws {
        let record = SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("content", "an early answer"))
        let storage = BatchStorage(copying: SampleRecord.request([record]))
        let batch = try ExportRequestDecoder().decode(storage, project: nil, as: .logs).batch
        #expect(batch.kind == .logRecords)
        var analyser = try SpanAnalysis().makeAnalyser()
        let found = try analyser.analyse(batch, for: .all)
        #expect(found.spans.map(\.spanID) == [SpanID(2)])
        #expect(found.texts.strings(in: found.spans[0].texts).contains("an early answer"))
        #expect(found.hashes.isEmpty)
        #expect(try analyser.analyse(batch, for: .properties) == PartFindings())
    }
}
