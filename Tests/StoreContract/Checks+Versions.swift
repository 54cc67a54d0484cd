// Checks+Versions.swift - identity of spans.

import TestSupport
import Testing
import TraceModel
import TraceStore

extension Checks {
    func bytes() async throws {
        let sent = [
            SampleSpan(trace: 1, id: 1, name: "root", lasting: 5_000_000).with(
                ("text", "päth \u{1F600}\0 end"),
                ("n", -7)
            ),
            SampleSpan(trace: 1, id: 2, parent: 1, at: 1000).with(("d", 0.1)),
        ]
        let receipt = try await write(sent)
        #expect(receipt == ConsumeReceipt(stored: 2))
        #expect(try await spans(1).map { Array($0.bytes) } == sent.map(\.bytes))
        let summary = try await summary(1)
        #expect(summary.spanCount == 2)
        #expect(summary.root.name == "root")
        #expect(!summary.root.isProvisional)
        #expect(summary.isComplete)
        #expect(summary.service == "test")
        #expect(summary.end - summary.start == 5_000_000)
    }

    func duplicates() async throws {
        let spans = (1...4).map { SampleSpan(trace: 2, id: $0, at: $0) }
        try await write(spans)
        #expect(try await write(spans) == ConsumeReceipt(stored: 0, duplicates: 4))
        #expect(try await write(spans + [SampleSpan(trace: 2, id: 9)]) == ConsumeReceipt(stored: 1, duplicates: 4))
        #expect(try await summary(2).spanCount == 5)
        #expect(try await self.spans(2).count == 5)
    }

    func anyOrder() async throws {
        let root = SampleSpan(trace: 3, id: 1, name: "the-root", lasting: 100)
        let middle = SampleSpan(trace: 3, id: 2, parent: 1, at: 10, lasting: 50)
        let leaf = SampleSpan(trace: 3, id: 3, parent: 2, at: 20, lasting: 10)
        for span in [leaf, root, middle] { try await write(span) }
        #expect(try await spans(3).map(\.outline.spanID.value) == [1, 2, 3])
        #expect(try await spans(3).allSatisfy { $0.outline.parentID.isNone || $0.outline.hasParent })
        let summary = try await summary(3)
        #expect(summary.root.name == "the-root")
        #expect(summary.isComplete)
        #expect(summary.end - summary.start == 100)
    }

    func laterEnd() async throws {
        let early = SampleSpan(trace: 4, id: 1, name: "a long name that ends early", lasting: 10)
        let late = SampleSpan(trace: 4, id: 1, name: "late", lasting: 20)
        #expect(try await winner(of: [early, late]) == late.bytes)
        var (first, second) = (late, early)
        first.trace = TraceID(high: 0xABCD, low: 5)
        second.trace = first.trace
        #expect(try await winner(of: [first, second]) == first.bytes)
        #expect(try await summary(5).root.name == "late")
    }

    func longer() async throws {
        let short = SampleSpan(trace: 6, id: 1, name: "zz")
        let long = SampleSpan(trace: 6, id: 1, name: "aaa")
        #expect(try await winner(of: [long, short]) == long.bytes)
        #expect(try await winner(of: [short, long]) == long.bytes)
    }

    func greaterBytes() async throws {
        for (trace, names) in [(7, ["aaa", "bbb"]), (8, ["bbb", "aaa"])] as [(UInt64, [String])] {
            let versions = names.map { SampleSpan(trace: trace, id: 1, name: $0) }
            let winner = SampleSpan(trace: trace, id: 1, name: "bbb")
            #expect(try await self.winner(of: versions) == winner.bytes)
            #expect(try await summary(trace).root.name == "bbb")
        }
        // Both versions in one request.
        let both = [SampleSpan(trace: 9, id: 1, name: "bbb"), SampleSpan(trace: 9, id: 1, name: "aaa")]
        try await write(both)
        #expect(try await spans(9).map { Array($0.bytes) } == [both[0].bytes])
    }

    func pending() async throws {
        let pending = SampleSpan(trace: 10, id: 1, name: "pending", lasting: 900)
            .with(("logfire.span_type", "pending_span"))
        let finished = SampleSpan(trace: 10, id: 1, name: "done", lasting: 5)
        #expect(try await winner(of: [finished, pending]) == finished.bytes)
        #expect(try await summary(10).spanCount == 1)
    }

    func cycle() async throws {
        let first = SampleSpan(trace: 11, id: 1, parent: 3, at: 10)
        let second = SampleSpan(trace: 11, id: 2, parent: 1, at: 5)
        let third = SampleSpan(trace: 11, id: 3, parent: 2, at: 20)
        let ownParent = SampleSpan(trace: 11, id: 4, parent: 4, at: 30)
        for span in [third, first, ownParent, second] { try await write(span) }
        let outlines = try await spans(11).map(\.outline)
        #expect(outlines.filter { !$0.hasParent }.map(\.spanID.value).sorted() == [2, 4])
        #expect(outlines.filter { $0.marks.contains(.parentCyclic) }.map(\.spanID.value).sorted() == [2, 4])
        let summary = try await summary(11)
        #expect(summary.root.isProvisional)
        #expect(summary.root.spanID == SpanID(2))
    }

    func limit() async throws {
        let spans = (1...100).map { SampleSpan(trace: 12, id: $0, at: $0) }
        #expect(try await write(spans).stored == 100)
        let receipt = try await write(SampleSpan(trace: 12, id: 101), SampleSpan(trace: 13, id: 1))
        #expect(receipt.stored == 1)
        #expect(receipt.rejected.count == 1)
        #expect(receipt.rejected.message.contains("limits.max_spans_per_trace"))
        #expect(try await summary(12).spanCount == 100)
    }
}
