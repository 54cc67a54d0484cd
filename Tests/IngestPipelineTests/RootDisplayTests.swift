// RootDisplayTests.swift - which spans are displayed for their trace, and how.

import IngestPipeline
import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct RootDisplayTests {
    private struct Sample {
        var span: UInt8
        var start: UInt64
        var parent: [UInt8] = []
        var trace: UInt8 = 1
    }

    private func extract(_ scopeSpans: (inout WireWriter) -> Void) throws -> SpanBatch {
        let storage = BatchStorage(copying: WireWriter.request(scopeSpans))
        return try SpanExtractor().extract(ExportRequestDecoder().decode(storage, project: nil).batch)
    }

    /// The last bytes of the ids of the spans displayed for the first trace.
    private func displayed(_ samples: [Sample]) throws -> [UInt8] {
        let batch = try extract { scope in
            for sample in samples {
                scope.span(trace: sample.trace, span: sample.span) { span in
                    span.sized(4, sample.parent)
                    span.fixed64(7, sample.start)
                    span.fixed64(8, sample.start)
                }
            }
        }
        return try #require(batch.groups.first).roots.map { UInt8(truncatingIfNeeded: $0.spanID.value) }
    }

    private let parent: [UInt8] = [9, 9, 9, 9, 9, 9, 9, 9]

    private func display(_ write: (inout WireWriter) -> Void) throws -> RootDisplay {
        try #require(try extract { $0.span(trace: 1, span: 1, adding: write) }.groups.first?.roots.first)
    }

    @Test func `the earliest span stands in for a root that is missing`() throws {
        #expect(
            try displayed([Sample(span: 1, start: 20, parent: parent), Sample(span: 2, start: 10, parent: parent)]) == [
                2
            ]
        )
    }

    @Test func `the earliest span comes beside a later root`() throws {
        #expect(try displayed([Sample(span: 1, start: 20), Sample(span: 2, start: 10, parent: parent)]) == [2, 1])
    }

    @Test func `a root that is the earliest span is displayed once`() throws {
        #expect(try displayed([Sample(span: 2, start: 20, parent: parent), Sample(span: 1, start: 10)]) == [1])
    }

    @Test func `equal starts are ordered by id and a missing start comes last`() throws {
        let samples = [Sample(span: 1, start: 0), Sample(span: 3, start: 10), Sample(span: 2, start: 10)]
        #expect(try displayed(samples) == [2, 3, 1])
    }

    @Test func `a span sent twice is displayed once`() throws {
        #expect(try displayed([Sample(span: 1, start: 10), Sample(span: 1, start: 10)]) == [1])
    }

    @Test func `a span with an invalid parent is no root`() throws {
        #expect(try displayed([Sample(span: 1, start: 10), Sample(span: 2, start: 20, parent: [1])]) == [1])
    }

    @Test func `only the sixteen earliest roots are displayed`() throws {
        let samples = (1...100).map { Sample(span: UInt8($0), start: UInt64(1000 - $0)) }
        #expect(try displayed(samples) == (85...100).reversed())
        #expect(try displayed(samples.reversed()) == (85...100).reversed())
    }

    @Test func `each trace has its own roots`() throws {
        let batch = try extract { scope in
            for span in 1...6 { scope.span(trace: UInt8(span % 3 + 1), span: UInt8(span)) }
        }
        #expect(batch.groups.count == 3)
        for group in batch.groups {
            let spans = Set(batch.spans[group.spans].map(\.spanID))
            #expect(Set(group.roots.map(\.spanID)) == spans)
            #expect(group.roots.allSatisfy { root in batch.facts.contains { $0.fingerprint == root.fingerprint } })
        }
    }

    @Test func `name and attributes are shown as they are when they are short`() throws {
        let root = try display { span in
            span.attribute(9, "a", "b")
            span.attribute(9, "exact", String(repeating: "x", count: 256))
        }
        #expect(root.name == "chat")
        #expect(
            String(decoding: root.attributes, as: UTF8.self)
                == #"{"a":"b","exact":"\#(String(repeating: "x", count: 256))"}"#
        )
        #expect(root.truncated == [])
    }

    @Test func `a long value is cut between characters and its key is listed`() throws {
        let root = try display { span in
            span.attribute(9, "long", "x" + String(repeating: "é", count: 200))
            span.attribute(9, "short", "y")
        }
        let expected = #"{"long":"x\#(String(repeating: "é", count: 127))","short":"y"}"#
        #expect(String(decoding: root.attributes, as: UTF8.self) == expected)
        #expect(root.truncated == ["long"])
    }

    @Test func `a big nested value becomes the beginning of its JSON`() throws {
        let root = try display { span in
            span.message(9) { entry in
                entry.string(1, "list")
                entry.message(2) { value in
                    value.message(5) { list in
                        for _ in 0..<200 { list.message(1) { $0.number(3, 7) } }
                    }
                }
            }
        }
        let json = String("[" + String(repeating: "7,", count: 200)).prefix(256)
        #expect(String(decoding: root.attributes, as: UTF8.self) == #"{"list":"\#(json)"}"#)
        #expect(root.truncated == ["list"])
    }

    @Test func `at most 128 attributes are shown`() throws {
        let root = try display { span in
            for number in 0..<300 { span.attribute(9, "k\(number)", "v") }
        }
        let text = String(decoding: root.attributes, as: UTF8.self)
        #expect(text.hasSuffix(#""k127":"v"}"#))
    }

    @Test func `a long name is cut between characters`() throws {
        let storage = BatchStorage(
            copying: WireWriter.request { scope in
                scope.message(2) { span in
                    span.ids(trace: 1, span: 1)
                    span.string(5, "x" + String(repeating: "é", count: 1000))
                }
            }
        )
        let batch = try SpanExtractor().extract(ExportRequestDecoder().decode(storage, project: nil).batch)
        #expect(batch.groups.first?.roots.first?.name == "x" + String(repeating: "é", count: 511))
    }
}
