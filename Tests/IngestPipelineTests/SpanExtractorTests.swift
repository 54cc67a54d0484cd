// SpanExtractorTests.swift - facts, calls, strings and roots of a batch.

import IngestPipeline
import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct SpanExtractorTests {
    private func extract(_ request: [UInt8]) throws -> SpanBatch {
        let decoded = try ExportRequestDecoder().decode(BatchStorage(copying: request), project: "p")
        return try SpanExtractor().extract(decoded.batch)
    }

    private func extract(_ scopeSpans: (inout WireWriter) -> Void) throws -> SpanBatch {
        try extract(WireWriter.request(scopeSpans))
    }

    /// A request with one scope and no spans' own resource but the attributes given.
    private func request(resource: [(String, String)], _ scopeSpans: (inout WireWriter) -> Void) -> [UInt8] {
        WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { writer in
                    for (key, value) in resource { writer.attribute(1, key, value) }
                }
                resourceSpans.message(2) { scopeSpans(&$0) }
            }
        }.bytes
    }

    private func times(_ span: inout WireWriter, _ start: UInt64, _ end: UInt64) {
        span.fixed64(7, start)
        span.fixed64(8, end)
    }

    @Test func `a batch without spans stays empty`() throws {
        let batch = try extract([])
        #expect(batch.facts.isEmpty)
        #expect(batch.groups.isEmpty)
    }

    @Test func `ids, times, status and length come from the span`() throws {
        let batch = try extract { scope in
            scope.span(trace: 1, span: 2) { span in
                span.sized(4, [0, 0, 0, 0, 0, 0, 1, 2])
                times(&span, 5, 9)
                span.message(15) { $0.number(3, 2) }
            }
        }
        let fact = try #require(batch.facts.first)
        #expect(fact.spanID == batch.spans[0].spanID)
        #expect(fact.parentID == SpanID(0x0102))
        #expect((fact.start, fact.end) == (5, 9))
        #expect(fact.status == .error)
        #expect(fact.length == batch.spans[0].length)
        #expect(fact.marks == [])
        #expect(fact.role == .other)
        #expect(fact.call == -1)
    }

    /// Times as sent, and what becomes of them.
    struct OddTimes: Sendable {
        let sent: (start: UInt64, end: UInt64)
        let kept: (start: Int64, end: Int64)
        let marks: SpanMarks
    }

    static let oddTimes: [OddTimes] = [
        OddTimes(sent: (5, 4), kept: (5, 5), marks: .endBeforeStart),
        OddTimes(sent: (5, 0), kept: (5, 5), marks: .endBeforeStart),
        OddTimes(sent: (0, 9), kept: (0, 9), marks: .startMissing),
        OddTimes(sent: (0, 0), kept: (0, 0), marks: .startMissing),
        OddTimes(sent: (5, 1 << 63), kept: (5, .max), marks: .timeClamped),
        OddTimes(sent: (5, (1 << 63) - 1), kept: (5, .max), marks: []),
        OddTimes(sent: (.max, .max), kept: (.max, .max), marks: .timeClamped),
        OddTimes(sent: (.max, 3), kept: (.max, .max), marks: [.timeClamped, .endBeforeStart]),
    ]

    @Test(arguments: oddTimes)
    func `odd times are put right and marked`(_ odd: OddTimes) throws {
        let batch = try extract { $0.span(trace: 1, span: 2) { times(&$0, odd.sent.start, odd.sent.end) } }
        let fact = try #require(batch.facts.first)
        #expect(fact.start == odd.kept.start)
        #expect(fact.end == odd.kept.end)
        #expect(fact.marks == odd.marks)
    }

    @Test(arguments: [0, 8])
    func `a parent of no bytes or of zeros is none`(_ length: Int) throws {
        let fact = try fact(parent: Array(repeating: 0, count: length))
        #expect(fact.parentID.isNone)
        #expect(fact.marks == [])
        #expect(fact.isRoot)
    }

    @Test(arguments: [1, 7, 9, 16])
    func `a parent of a wrong length is none, and the span is no root`(_ length: Int) throws {
        let fact = try fact(parent: Array(repeating: 1, count: length))
        #expect(fact.parentID.isNone)
        #expect(fact.marks == .parentInvalid)
        #expect(!fact.isRoot)
    }

    private func fact(parent: [UInt8]) throws -> SpanFacts {
        let batch = try extract { scope in
            scope.span(trace: 1, span: 2) { span in
                span.sized(4, parent)
                times(&span, 1, 2)
            }
        }
        return try #require(batch.facts.first)
    }

    @Test func `a status that OTLP does not know is unset`() throws {
        let batch = try extract { scope in
            scope.span(trace: 1, span: 1) { $0.message(15) { $0.number(3, 1) } }
            scope.span(trace: 1, span: 2) { $0.message(15) { $0.number(3, 3) } }
            scope.span(trace: 1, span: 3) { $0.message(15) { $0.number(3, .max) } }
        }
        #expect(batch.facts.map(\.status) == [.ok, .unset, .unset])
    }

    @Test func `the fingerprint covers span, resource and scope`() throws {
        func fingerprint(_ service: String, _ scopeName: String, _ spanName: String) throws -> UInt64 {
            let bytes = request(resource: [("service.name", service)]) { scope in
                scope.message(1) { $0.string(1, scopeName) }
                scope.message(2) { span in
                    span.ids(trace: 1, span: 1)
                    span.string(5, spanName)
                }
            }
            return try #require(try extract(bytes).facts.first).fingerprint
        }
        let base = try fingerprint("a", "b", "c")
        #expect(try fingerprint("a", "b", "c") == base)
        #expect(try fingerprint("x", "b", "c") != base)
        #expect(try fingerprint("a", "x", "c") != base)
        #expect(try fingerprint("a", "b", "x") != base)
    }

    @Test func `calls and strings are found through the facts`() throws {
        let batch = try extract { scope in
            scope.span(trace: 1, span: 1)
            scope.span(trace: 1, span: 2) {
                $0.attribute(9, "gen_ai.operation.name", "chat")
                $0.attribute(9, "gen_ai.request.model", "gpt-4o")
                $0.attribute(9, "session.id", "s-1")
                $0.attribute(9, "user.id", "s-1")
            }
            scope.span(trace: 2, span: 3) {
                $0.attribute(9, "gen_ai.request.model", "other")
                $0.attribute(9, "session.id", "s-1")
            }
        }
        #expect(batch.facts.map(\.call) == [-1, 0, 1])
        #expect(batch.calls.map(\.requestModel) == ["gpt-4o", "other"])
        #expect(batch.facts[1].role == .llm)
        #expect(batch.facts[1].session == batch.facts[2].session)
        #expect(batch.facts[1].session == batch.facts[1].user)
        #expect(batch.strings[Int(batch.facts[1].session)] == "s-1")
        #expect(batch.facts[0].session == -1)
        #expect(batch.strings[Int(batch.facts[0].service)] == "test")
        #expect(batch.strings.count == 2)
    }

    @Test func `many strings keep their numbers apart`() throws {
        let names = (0..<50).map { "session-\($0 % 10)" }
        let batch = try extract { scope in
            for (place, name) in names.enumerated() {
                scope.span(trace: 1, span: UInt8(place + 1)) { $0.attribute(9, "session.id", name) }
            }
        }
        #expect(batch.facts.map { batch.strings[Int($0.session)] } == names)
        #expect(batch.strings.count == 11)
    }

    @Test func `session and user fall back to the resource's`() throws {
        let bytes = request(resource: [("session.id", "from-resource"), ("user.id", "owner")]) { scope in
            scope.span(trace: 1, span: 1)
            scope.span(trace: 1, span: 2) { $0.attribute(9, "session.id", "from-span") }
        }
        let batch = try extract(bytes)
        #expect(batch.facts.map { batch.strings[Int($0.session)] } == ["from-resource", "from-span"])
        #expect(batch.facts.map { batch.strings[Int($0.user)] } == ["owner", "owner"])
        #expect(batch.facts.map(\.service) == [-1, -1])
    }

    @Test func `extracting again gives the same`() throws {
        let batch = try extract { $0.span(trace: 1, span: 1) { $0.attribute(9, "gen_ai.request.model", "m") } }
        let again = try SpanExtractor().extract(batch)
        #expect(again.facts == batch.facts)
        #expect(again.calls == batch.calls)
        #expect(again.strings == batch.strings)
        #expect(again.groups.map(\.roots) == batch.groups.map(\.roots))
    }

    @Test func `a span that cannot be decoded is refused`() throws {
        let good = WireWriter.request { $0.span(trace: 1, span: 1) }
        var batch = try ExportRequestDecoder().decode(BatchStorage(copying: good), project: nil).batch
        batch.spans[0].length -= 1
        #expect(throws: OTLPCodecError.self) { try SpanExtractor().extract(batch) }
    }

    @Test func `tasks can extract at once`() async throws {
        let batch = try extract { scope in
            for span in 1...50 {
                scope.span(trace: UInt8(span % 5), span: UInt8(span)) { $0.attribute(9, "session.id", "s-\(span % 7)") }
            }
        }
        try await withThrowingTaskGroup(of: SpanBatch.self) { group in
            for _ in 0..<8 { group.addTask { try SpanExtractor().extract(batch) } }
            for try await result in group { #expect(result.facts == batch.facts) }
        }
    }
}
