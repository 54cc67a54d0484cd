// BesideTests.swift - calls that several instrumentations show beside each other.

import Testing
import TraceAssembly
import TraceModel

struct BesideTests {
    typealias Stub = SpanVersionStub

    /// Checks the rules and the totals in every order of arrival.
    private func expect(
        _ versions: [SpanVersionStub],
        rules: [UInt64: UsageRule],
        input: Int64?,
        calls: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for order in permutations(versions) {
            let trace = AssembledTrace(order)
            for (id, rule) in rules {
                #expect(trace.rule(id) == rule, "span \(id)", sourceLocation: sourceLocation)
            }
            #expect(trace.summary.llm?.input == input, sourceLocation: sourceLocation)
            #expect(trace.summary.llm?.calls == calls, sourceLocation: sourceLocation)
        }
    }

    @Test func `a framework's span beside the client's of the same call counts once and adds what it knows`() {
        let framework = Stub.call(2, parent: 1, 2...43, tokens: (183, 36), by: 1).with { $0.session = "s" }
        let client = Stub.call(
            3,
            parent: 1,
            3...42,
            model: "gpt-4o-2024-08-06",
            tokens: (183, 36),
            response: "r",
            by: 2
        )
        expect(
            [Stub(1), framework, client],
            rules: [2: .duplicateByScope, 3: .ownCall],
            input: 183,
            calls: 1
        )
        var trace = AssembledTrace([Stub(1), framework, client])
        #expect(trace.takeChangedCalls().first { $0.spanID == SpanID(3) }?.session == "s")
    }

    @Test func `spans that begin with each other are one call though either ends somewhat later`() {
        let (root, first) = (Stub(1), Stub.call(2, parent: 1, 0...400, tokens: (9, 1), by: 1))
        let late = Stub.call(3, parent: 1, 1...480, tokens: (9, 1), by: 2)
        expect([root, first, late], rules: [2: .duplicateByScope, 3: .ownCall], input: 9, calls: 1)
        let later = Stub.call(3, parent: 1, 1...501, tokens: (9, 1), by: 2)
        expect([root, first, later], rules: [2: .ownCall, 3: .ownCall], input: 18, calls: 2)
        let apart = Stub.call(3, parent: 1, 2...480, tokens: (9, 1), by: 2)
        expect([root, first, apart], rules: [2: .ownCall, 3: .ownCall], input: 18, calls: 2)
    }

    @Test func `a stream that begins when a framework's span ends is one call`() {
        let (root, framework) = (Stub(1), Stub.call(2, parent: 1, 0...36, tokens: (171, 29), by: 1))
        let stream = Stub.call(3, parent: 1, 38...73, tokens: (171, 29), by: 2)
        expect([root, framework, stream], rules: [2: .duplicateByScope, 3: .ownCall], input: 171, calls: 1)
        let later = Stub.call(3, parent: 1, 42...73, tokens: (171, 29), by: 2)
        expect([root, framework, later], rules: [2: .ownCall, 3: .ownCall], input: 342, calls: 2)
        let next = Stub.call(4, parent: 1, 75...99, tokens: (171, 29), by: 1)
        expect([root, framework, stream, next], rules: [3: .ownCall, 4: .ownCall], input: 342, calls: 2)
    }

    @Test func `equal calls at the same time stay as many as they are`() {
        expect(
            [
                .call(1, 0...50, tokens: (9, 1), by: 1), .call(2, 1...51, tokens: (9, 1), by: 1),
                .call(3, 2...49, tokens: (9, 1), by: 2), .call(4, 3...48, tokens: (9, 1), by: 2),
                .call(5, 100...150, tokens: (9, 1), by: 2),
            ],
            rules: [1: .duplicateByScope, 2: .duplicateByScope, 3: .ownCall, 4: .ownCall, 5: .ownCall],
            input: 27,
            calls: 3
        )
    }

    @Test func `three instrumentations of one call count once, of which the innermost counts`() {
        expect(
            [
                .call(1, 0...76, tokens: (266, 31), by: 1), .call(2, 1...75, tokens: (266, 31), response: "r", by: 2),
                .call(3, 2...74, tokens: (266, 31), by: 3),
            ],
            rules: [1: .duplicateByScope, 2: .duplicateByScope, 3: .ownCall],
            input: 266,
            calls: 1
        )
    }

    @Test func `a failed call that two instrumentations show is one error`() {
        let versions: [SpanVersionStub] = [
            .call(1, 0...69, status: .error, by: 1), .call(2, 2...65, status: .error, by: 2),
            .call(3, 3...60, by: 2),
        ]
        expect(versions, rules: [1: .duplicateByScope, 2: .ownCall, 3: .ownCall], input: nil, calls: 2)
        #expect(AssembledTrace(versions).summary.llm?.callErrors == 1)
    }

    @Test func `a record of a stream at its end repeats the span of the stream`() {
        expect(
            [.call(1, 1...71, tokens: (229, 35), response: "m", by: 1), .call(2, 72...72, tokens: (229, 35), by: 2)],
            rules: [1: .ownCall, 2: .duplicateByScope],
            input: 229,
            calls: 1
        )
    }

    @Test(arguments: [
        Stub.call(2, 3...42, tokens: (10, 2), by: 1),
        Stub.call(2, 3...42, tokens: (11, 2), by: 2),
        Stub.call(2, 3...42, tokens: (10, nil), by: 2),
        Stub.call(2, 3...42, model: "claude", tokens: (10, 2), by: 2),
        Stub.call(2, 3...42, tokens: (10, 2), response: "other", by: 2),
        Stub.call(2, 3...42, tokens: (10, 2), by: 2).with { $0.service = "elsewhere" },
        Stub.call(2, 50...60, tokens: (10, 2), by: 2),
        Stub.call(2, 20...60, tokens: (10, 2), by: 2),
        Stub.call(2, 3...42, role: .embedding, tokens: (10, 2), by: 2),
        Stub.call(2, 3...42, tokens: (10, 2), by: 0),
    ])
    func `spans that differ in what tells calls apart are calls of their own`(other: SpanVersionStub) {
        let call = Stub.call(1, 2...43, tokens: (10, 2), response: "r", by: 1)
        for order in permutations([call, other]) {
            let trace = AssembledTrace(order)
            #expect(trace.rule(1) == .ownCall)
            #expect(trace.rule(2) == .ownCall)
        }
    }

    @Test func `calls in different branches of a trace are not one, those beside a branch may be`() {
        let branches = [Stub(1), Stub(2, parent: 1, role: .agent), Stub(3, parent: 1, role: .agent)]
        let calls: [SpanVersionStub] = [
            .call(4, parent: 2, 10...50, tokens: (9, 1), by: 1), .call(5, parent: 3, 12...48, tokens: (9, 1), by: 2),
        ]
        expect(branches + calls, rules: [4: .ownCall, 5: .ownCall], input: 18, calls: 2)
        let above = Stub.call(5, parent: 1, 12...48, tokens: (9, 1), by: 2)
        expect(branches + [calls[0], above], rules: [4: .duplicateByScope, 5: .ownCall], input: 9, calls: 1)
        // The span above both is not there.
        let orphans = [Stub(2, parent: 8), calls[0], above.with { $0.facts.parentID = SpanID(8) }]
        expect(orphans, rules: [4: .duplicateByScope, 5: .ownCall], input: 9, calls: 1)
    }

    @Test func `a call below another one of a different instrumentation is judged by the tree alone`() {
        expect(
            [
                .call(1, 0...90, by: 1), Stub(2, parent: 1, role: .tool), Stub(3, parent: 2, role: .agent),
                .call(4, parent: 3, 10...80, by: 2),
            ],
            rules: [1: .ownCall, 4: .ownCall],
            input: nil,
            calls: 2
        )
    }

    @Test func `calls that end at the last time there is do no harm`() {
        let endless = Stub.call(1, 0...50, by: 1).with { $0.facts.end = .max }
        expect(
            [
                endless, .call(2, 5...50, by: 2),
                .call(3, 6...50, by: 2).with {
                    $0.facts.start = .max - 1; $0.facts.end = .max
                },
            ],
            rules: [1: .duplicateByScope, 2: .ownCall, 3: .ownCall],
            input: nil,
            calls: 2
        )
    }

    @Test func `a trace of very many equal calls, each shown twice, counts half of them and stays quick`() {
        var trace = AssembledTrace()
        for number in 0..<UInt64(4000) {
            let start = Int64(number) * 10
            trace.insert(.call(number * 2 + 1, start...start + 8, by: 1))
            trace.insert(.call(number * 2 + 2, start + 1...start + 7, by: 2))
        }
        trace.settle()
        #expect(trace.summary.llm?.calls == 4000)
    }

    @Test func `a later version of a span may take it away from the call that it repeated, or bring it there`() {
        let client = Stub.call(2, 3...42, tokens: (10, 2), by: 2)
        let framework = Stub.call(1, 2...43, tokens: (10, 2), by: 1)
        let corrected = Stub.call(1, 2...44, tokens: (11, 2), by: 1).with { $0.facts.fingerprint += 1 }
        expect([client, framework, corrected], rules: [1: .ownCall, 2: .ownCall], input: 21, calls: 2)
        let settled = Stub.call(1, 2...45, tokens: (10, 2), by: 1).with { $0.facts.fingerprint += 2 }
        expect([client, corrected, settled], rules: [1: .duplicateByScope, 2: .ownCall], input: 10, calls: 1)
    }

    @Test func `a span that ended when its stream began repeats the one call that began within it`() {
        let wrapper = Stub.call(1, 1...4)
        expect(
            [wrapper, .call(2, parent: 1, 2...76, tokens: (266, 23))],
            rules: [1: .duplicateByShape, 2: .ownCall],
            input: 266,
            calls: 1
        )
        for call in [
            Stub.call(2, parent: 1, 20...76, tokens: (266, 23)), .call(2, parent: 1, 5...76, tokens: (266, 23)),
            .call(2, parent: 1, 3...76, tokens: (266, 23)),
        ] {
            expect([wrapper, call], rules: [1: .ownCall, 2: .ownCall], input: 266, calls: 2)
        }
        let failed = Stub.call(1, 1...4, status: .error)
        expect(
            [failed, .call(2, parent: 1, 2...76, tokens: (266, 23))],
            rules: [1: .ownCall, 2: .ownCall],
            input: 266,
            calls: 2
        )
    }
}
