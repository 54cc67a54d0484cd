// VersionTests.swift - several versions of one span.

import Testing
import TraceAssembly
import TraceModel

struct VersionTests {
    typealias Stub = SpanVersionStub

    @Test func `the same version again is a duplicate, a superseded one too`() {
        var trace = AssembledTrace()
        let old = Stub(1, 0...10, version: 1)
        let new = Stub(1, 0...20, version: 2)
        #expect(trace.insert(old) == .added)
        #expect(trace.insert(old) == .duplicate)
        #expect(trace.insert(new) == .superseding)
        #expect(trace.insert(old) == .duplicate)
        #expect(trace.insert(Stub(1, 0...15, version: 3)) == .superseded)
        #expect(trace.insert(Stub(1, 0...15, version: 3)) == .duplicate)
        trace.settle()
        #expect(trace.spanCount == 1)
        #expect(trace.summary.end == 20_000_000)
    }

    @Test(arguments: [
        (SpanVersionStub(1, 0...99, marks: .pending, version: 1), SpanVersionStub(1, 0...1, version: 2)),
        (SpanVersionStub(1, 0...99, marks: .synthesized, version: 9), SpanVersionStub(1, 0...1, version: 2)),
        (SpanVersionStub(1, 0...99, marks: .pending), SpanVersionStub(1, 0...1, marks: .synthesized, version: 2)),
        (SpanVersionStub(1, 0...1, version: 9), SpanVersionStub(1, 0...2, version: 2)),
        (SpanVersionStub(1, length: 10, version: 9), SpanVersionStub(1, length: 11, version: 2)),
        (SpanVersionStub(1, version: 1), SpanVersionStub(1, version: 2)),
        (SpanVersionStub(1, 0...1, marks: .pending), SpanVersionStub(1, 0...2, marks: .pending, version: 2)),
    ])
    func `one of two versions wins in either order`(loser: SpanVersionStub, winner: SpanVersionStub) {
        var trace = AssembledTrace([loser])
        #expect(trace.insert(winner) == .superseding)
        trace.settle()
        #expect(trace.summary.root.fingerprint == winner.facts.fingerprint)
        var other = AssembledTrace([winner])
        #expect(other.insert(loser) == .superseded)
        other.settle()
        #expect(other.summary == trace.summary)
    }

    @Test func `the bytes are compared only when end and length agree, with the stored version`() {
        var trace = AssembledTrace([Stub(1, version: 5)])
        var asked: [SpanVersion] = []
        for version in [Stub(1, 0...200, version: 6), Stub(1, 0...200, version: 7)] {
            _ = trace.insert(version.facts, call: nil, session: nil, user: nil, service: nil, part: 3) { stored in
                asked.append(stored)
                return false
            }
        }
        #expect(asked == [SpanVersion(spanID: SpanID(1), fingerprint: 1 << 16 | 6, length: 100, part: 3)])
    }

    @Test func `a finished version moves its span, its call and its ids`() {
        let pending = Stub.call(3, parent: 1, tokens: (1, 1), marks: .pending)
        let finished = Stub.call(3, parent: 2, 1...99, tokens: (7, 7), response: "r")
            .with { $0.facts.fingerprint += 1 }
        let versions = [
            .call(1, role: .agent, tokens: (5, 5)), .call(2, role: .agent, tokens: (6, 6)),
            .call(4, parent: 3, 2...98, tokens: (7, 7), response: "r"), pending, finished,
        ]
        for order in permutations(versions) {
            var trace = AssembledTrace()
            for version in order {
                trace.insert(version)
                trace.settle()
            }
            #expect(trace.rule(1) == .ownCall)
            #expect(trace.rule(2) == .aggregateByKind)
            #expect(trace.rule(3) == .duplicateByID)
            #expect(trace.summary.llm?.input == 12)
            #expect(trace.summary.marks == [])
        }
    }

    @Test func `a later version takes the trace's start, error and names back`() {
        let old = Stub(1, 2...9, status: .error, version: 1).with { $0.session = "old" }
        let trace = AssembledTrace([old, Stub(1, 5...10, version: 2), Stub(2, parent: 1, 6...7)])
        #expect(trace.summary.start == 5_000_000)
        #expect(trace.summary.errorCount == 0)
        #expect(trace.summary.session == nil)
    }
}
