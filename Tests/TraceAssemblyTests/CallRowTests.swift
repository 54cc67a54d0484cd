// CallRowTests.swift - which rows of calls must be written again.

import Testing
import TraceAssembly
import TraceModel

struct CallRowTests {
    typealias Stub = SpanVersionStub

    @Test func `a row is taken once, and again only when it changed`() {
        var trace = AssembledTrace([.call(1, tokens: (5, 5)), .call(2, 0...1, tokens: (6, 6))])
        let first = trace.takeChangedCalls()
        #expect(first.map(\.number) == [0, 1])
        #expect(first.allSatisfy { $0.isNew && !$0.removed && $0.scope == .own })
        #expect(trace.takeChangedCalls().isEmpty)
        trace.insert(.call(3, parent: 1, tokens: (5, nil), cost: 1))
        trace.insert(Stub(4, parent: 1))
        trace.settle()
        let second = trace.takeChangedCalls()
        #expect(second.map(\.number) == [0, 2])
        #expect(second.map(\.isNew) == [false, true])
        #expect(second.map(\.rule) == [.duplicateByShape, .ownCall])
        #expect(second[1].usage == TokenUsage(input: 5, output: 5))
    }

    @Test func `a span that loses its call loses its row and keeps its number`() {
        var trace = AssembledTrace([.call(1), .call(2, tokens: (5, 5))])
        _ = trace.takeChangedCalls()
        trace.insert(Stub(1, 0...200, version: 1))
        trace.settle()
        let removed = trace.takeChangedCalls().filter(\.removed)
        #expect(removed.map(\.number) == [0])
        #expect(trace.scope(of: SpanID(1)) == nil)
        #expect(trace.summary.llm?.calls == 1)
        trace.insert(.call(1, 0...300).with { $0.facts.fingerprint += 2 })
        trace.settle()
        let back = trace.takeChangedCalls().filter { $0.number == 0 }
        #expect(back.map(\.isNew) == [true])
        #expect(back.map(\.spanID) == [SpanID(1)])
    }

    @Test func `a call that comes and goes between two takes has no row`() {
        var trace = AssembledTrace([.call(1), Stub(1, 0...200, version: 1)])
        #expect(trace.takeChangedCalls().isEmpty)
    }

    @Test func `inserting the stored versions in order gives the same numbers`() {
        let versions: [SpanVersionStub] = [
            Stub(1, version: 1), .call(5), .call(3, parent: 5, 0...10), Stub(5, 0...200, version: 3),
            .call(1, 0...200).with { $0.facts.fingerprint += 7 }, .call(9),
        ]
        var numbers: [SpanID: UInt32] = [:]
        var trace = AssembledTrace()
        for version in versions {
            trace.insert(version)
            trace.settle()
            for call in trace.takeChangedCalls() { numbers[call.spanID] = call.number }
        }
        #expect(numbers == [SpanID(5): 0, SpanID(3): 1, SpanID(1): 2, SpanID(9): 3])
        var restored = AssembledTrace(versions)
        for call in restored.takeChangedCalls() { #expect(numbers[call.spanID] == call.number) }
    }

    @Test func `every field of a call reaches its row`() {
        let stub = Stub.call(1, 3...9, tokens: (5, 6), cost: 7, response: "r", request: "q", status: .error)
            .with { stub in
                stub.user = "u"
                stub.service = "web"
                stub.session = "s"
                stub.call?.usage = TokenUsage(input: 5, output: 6, cacheRead: 1, cacheWrite: 2, reasoning: 3)
                stub.call?.operation = "chat"
                stub.call?.provider = "openai"
                stub.call?.requestModel = "gpt"
                stub.call?.errorType = "timeout"
                stub.call?.timeToFirstToken = 8
                stub.call?.isStreaming = true
            }
        var trace = AssembledTrace([stub])
        var expected = AssembledCall(number: 0, spanID: SpanID(1), start: 3_000_000, end: 9_000_000, role: .llm)
        expected.status = .error
        expected.operation = "chat"
        expected.provider = "openai"
        expected.requestModel = "gpt"
        expected.responseModel = "gpt-4o"
        expected.usage = TokenUsage(input: 5, output: 6, cacheRead: 1, cacheWrite: 2, reasoning: 3)
        expected.costReported = PicoUSD(7)
        expected.errorType = "timeout"
        expected.timeToFirstToken = 8
        expected.isStreaming = true
        expected.responseID = "r"
        expected.requestID = "q"
        expected.session = "s"
        expected.user = "u"
        expected.service = "web"
        expected.isCounted = true
        #expect(trace.takeChangedCalls() == [expected])
    }
}
