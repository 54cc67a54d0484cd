// SummaryTests.swift - the figures of a trace.

import Testing
import TraceAssembly
import TraceModel

struct SummaryTests {
    typealias Stub = SpanVersionStub

    @Test func `a trace without calls has no figures of calls`() {
        #expect(AssembledTrace([Stub(1), Stub(2, parent: 1, role: .tool)]).summary.llm == nil)
        #expect(AssembledTrace([.call(1, role: .agent)]).summary.llm == nil)
        #expect(AssembledTrace([.call(1, role: .agent, cost: 0)]).summary.llm?.cost == PicoUSD(0))
        #expect(AssembledTrace().summary.spanCount == 0)
    }

    @Test func `the worked example comes out`() {
        let root = Stub(1, 0...1234).with { $0.user = "user-123" }
        let call = Stub.call(3, parent: 2, 20...1200, model: "gpt-4", tokens: (150, 200), cost: 13_500_000_000)
        let summary = AssembledTrace([call, Stub(2, parent: 1, 10...1210), root]).summary
        #expect(summary.end - summary.start == 1_234_000_000)
        #expect(summary.spanCount == 3)
        #expect(summary.user == "user-123")
        #expect(!summary.isError)
        #expect(summary.llm?.model == "gpt-4")
        #expect(summary.llm?.models == ["gpt-4"])
        #expect(summary.llm?.input == 150)
        #expect(summary.llm?.output == 200)
        #expect(summary.llm?.cost?.decimal == "0.0135")
        #expect(summary.llm?.callsWithCost == 1)
    }

    @Test(arguments: [
        (SpanStatus.error, SpanStatus.unset, true), (.unset, .error, true), (.ok, .error, false),
        (.unset, .ok, false),
    ])
    func `the root decides the status, any span when it says nothing`(root: SpanStatus, child: SpanStatus, fails: Bool)
    {
        #expect(AssembledTrace([Stub(1, status: root), Stub(2, parent: 1, status: child)]).summary.isError == fails)
        #expect(AssembledTrace([Stub(2, parent: 1, status: .error)]).summary.isError)
    }

    @Test func `names come from the root, else from the earliest span that has one`() {
        let late = Stub(2, parent: 1, 20...30).with { $0.session = "late" }
        let early = Stub(3, parent: 1, 10...30).with {
            $0.session = "early"
            $0.service = "back"
        }
        let root = Stub(1).with { $0.service = "front" }
        for order in permutations([late, early, root]) {
            let summary = AssembledTrace(order).summary
            #expect(summary.session == "early")
            #expect(summary.service == "front")
            #expect(summary.user == nil)
        }
    }

    @Test func `the main model is that of the dearest call, then of most tokens, then of the first`() {
        let cheap = Stub.call(1, 0...1, model: "a", tokens: (900, 9), cost: 1)
        let dear = Stub.call(2, 5...6, model: "b", tokens: (1, 1), cost: 2)
        let free = Stub.call(3, 7...8, model: "c", tokens: (900, 10))
        let embedding = Stub.call(4, 9...10, role: .embedding, model: "d", tokens: (5000, nil), cost: 9)
        for order in permutations([cheap, dear, free, embedding]) {
            let llm = AssembledTrace(order).summary.llm
            #expect(llm?.model == "b")
            #expect(llm?.models == ["a", "b", "c", "d"])
            #expect(llm?.input == 1801)
            #expect(llm?.embeddingTokens == 5000)
            #expect(llm?.cost == PicoUSD(12))
        }
        #expect(AssembledTrace([free, .call(5, 6...7, model: "e", tokens: (900, 10))]).summary.llm?.model == "e")
        #expect(AssembledTrace([embedding]).summary.llm?.model == "d")
    }

    @Test func `at most 64 models are listed, those used first`() {
        let calls = (1...100).map { Stub.call($0, Int64($0)...200, model: "m\($0)") }
        for order in [calls, calls.reversed()] {
            #expect(AssembledTrace(order).summary.llm?.models == (1...64).map { "m\($0)" })
        }
    }

    @Test func `sums beyond the range stay at its limit and come back`() {
        let huge = Stub.call(1, 0...1, model: "a", tokens: (.max, nil), response: "r")
        let other = Stub.call(2, 2...3, model: "a", tokens: (.max, nil))
        var trace = AssembledTrace([huge, other])
        #expect(trace.summary.llm?.input == .max)
        trace.insert(.call(3, 4...5, model: "a", tokens: (1, nil), response: "r"))
        trace.insert(Stub(2, 0...9, version: 1))
        trace.settle()
        #expect(trace.summary.llm?.input == 1)
    }

    @Test func `the memory held is known`() {
        let few = AssembledTrace((1...8).map { .call($0, tokens: (1, 1), response: "response-number-\($0)") })
        let many = AssembledTrace((1...8000).map { .call($0, tokens: (1, 1), response: "response-number-\($0)") })
        #expect(few.approximateBytes > 2000 && few.approximateBytes < 8000)
        #expect(many.approximateBytes > 8000 * 300 && many.approximateBytes < 8000 * 1000)
    }
}
