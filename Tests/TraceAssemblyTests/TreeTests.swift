// TreeTests.swift - roots, orphans and cycles in any order of arrival.

import Testing
import TraceAssembly
import TraceModel

struct TreeTests {
    typealias Stub = SpanVersionStub

    @Test func `the earliest span stands in until the root arrives`() {
        var trace = AssembledTrace([Stub(2, parent: 1, 10...20), Stub(3, parent: 1, 5...9)])
        #expect(trace.summary.root.spanID == SpanID(3))
        #expect(trace.summary.root.isProvisional)
        #expect(trace.summary.missingParents == 2)
        #expect(!trace.summary.isComplete)
        trace.insert(Stub(1, 6...30))
        trace.settle()
        #expect(trace.summary.root.spanID == SpanID(1))
        #expect(!trace.summary.root.isProvisional)
        #expect(trace.summary.isComplete)
    }

    @Test func `of several spans without parent the one that starts first is the root, a missing start last`() {
        let missing = Stub(1, 0...50, marks: .startMissing)
        for order in permutations([missing, Stub(4, 7...9), Stub(3, 7...9), Stub(5, 8...9)]) {
            let summary = AssembledTrace(order).summary
            #expect(summary.root.spanID == SpanID(3))
            #expect(summary.start == 7_000_000)
            #expect(summary.end == 50_000_000)
        }
        #expect(AssembledTrace([missing]).summary.start == 50_000_000)
    }

    @Test func `a late parent joins two subtrees`() {
        let versions: [SpanVersionStub] = [
            .call(1, tokens: (30, 3)), Stub(2, parent: 1, role: .chain),
            .call(3, parent: 2, 0...40, tokens: (10, 1)), .call(4, parent: 2, 50...90, tokens: (20, 2)),
        ]
        for order in permutations(versions) {
            let trace = AssembledTrace(order)
            #expect(trace.rule(1) == .aggregateBySum)
            #expect(trace.summary.isComplete)
        }
    }

    @Test func `a span that is its own parent counts as one without`() {
        let summary = AssembledTrace([Stub(1), Stub(2, parent: 2)]).summary
        #expect(summary.marks == .parentCyclic)
        #expect(summary.missingParents == 1)
        #expect(summary.root.spanID == SpanID(1))
    }

    @Test func `a cycle is broken at its earliest member, whatever arrives last`() {
        let versions: [SpanVersionStub] = [
            .call(1, parent: 4, 9...20, role: .agent, tokens: (9, 9)), Stub(2, parent: 1, 5...20),
            Stub(3, parent: 2, 7...20), Stub(4, parent: 3, 8...20), .call(5, parent: 1, 9...20, tokens: (4, 2)),
        ]
        for order in permutations(versions) {
            let trace = AssembledTrace(order)
            #expect(trace.summary.marks == .parentCyclic)
            #expect(trace.summary.missingParents == 1)
            #expect(trace.summary.root.isProvisional)
            #expect(trace.summary.root.spanID == SpanID(2))
            #expect(trace.rule(1) == .aggregateByKind)
            #expect(trace.summary.llm?.input == 4)
        }
    }

    @Test func `what lay above the break of a cycle is not above it any more`() {
        let versions: [SpanVersionStub] = [
            .call(1, parent: 3, 1...20, role: .agent, tokens: (9, 9)), .call(2, parent: 1, 2...20, tokens: (4, 2)),
            .call(3, parent: 2, 3...20, role: .agent, tokens: (5, 5)),
        ]
        for order in permutations(versions) {
            let trace = AssembledTrace(order)
            #expect(trace.rule(1) == .aggregateByKind)
            #expect(trace.rule(3) == .ownCall)
        }
    }

    @Test func `a parent id of a wrong length is a missing parent, not a root`() {
        let summary = AssembledTrace([Stub(1, marks: .parentInvalid)]).summary
        #expect(summary.root.isProvisional)
        #expect(summary.missingParents == 1)
    }

    @Test(arguments: [false, true])
    func `very deep and very wide traces are assembled one span at a time`(isDeep: Bool) {
        let count: UInt64 = 3000
        let versions = (1...count).map { id in
            let parent = id == 1 ? 0 : isDeep ? id - 1 : 1
            return id % 2 == 0 ? Stub.call(id, parent: parent, tokens: (1, 1)) : Stub(id, parent: parent)
        }
        for order in [versions, versions.reversed()] {
            var trace = AssembledTrace()
            for version in order {
                trace.insert(version)
                trace.settle()
            }
            #expect(trace.summary.isComplete)
            #expect(trace.summary.llm?.calls == (isDeep ? 1 : 1500))
        }
    }
}
