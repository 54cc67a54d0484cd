// CountOnceTests.swift - each call once (attribute dictionary, sections 8 and 9).

import Testing
import TraceAssembly
import TraceModel

struct CountOnceTests {
    typealias Stub = SpanVersionStub

    /// Checks the rules of some spans and the tokens, in every order of arrival.
    private func expect(
        _ versions: [SpanVersionStub],
        rules: [UInt64: UsageRule],
        tokens: (Int64?, Int64?),
        calls: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for order in permutations(versions) {
            let trace = AssembledTrace(order)
            for (id, rule) in rules {
                #expect(trace.rule(id) == rule, "span \(id)", sourceLocation: sourceLocation)
            }
            #expect(trace.summary.llm?.input == tokens.0, sourceLocation: sourceLocation)
            #expect(trace.summary.llm?.output == tokens.1, sourceLocation: sourceLocation)
            #expect(trace.summary.llm?.calls == calls, sourceLocation: sourceLocation)
        }
    }

    @Test func `an agent span over chats with usage is an aggregate, whether its numbers are the sum or not`() {
        for own in [(113, 11), (57, 6), (1000, 1000)] as [(Int64, Int64)] {
            expect(
                [
                    .call(1, role: .agent, tokens: own),
                    .call(2, parent: 1, 0...40, tokens: (56, 5)),
                    .call(3, parent: 1, 50...90, tokens: (57, 6)),
                ],
                rules: [1: .aggregateByKind, 2: .ownCall, 3: .ownCall],
                tokens: (113, 11),
                calls: 2
            )
        }
    }

    @Test func `usage deep below an agent span makes it an aggregate`() {
        expect(
            [
                .call(1, role: .agent, tokens: (10, 1)), Stub(2, parent: 1, role: .tool),
                Stub(3, parent: 2), .call(4, parent: 3, role: .embedding, tokens: (7, nil)),
            ],
            rules: [1: .aggregateByKind],
            tokens: (nil, nil),
            calls: 1
        )
    }

    @Test func `an agent span over calls without usage keeps its numbers`() {
        expect(
            [.call(1, role: .agent, tokens: (10, 1), cost: 5), .call(2, parent: 1, 0...40)],
            rules: [1: .ownCall, 2: .ownCall],
            tokens: (10, 1),
            calls: 2
        )
    }

    @Test func `a span named an aggregate counts only while nothing below it carries usage`() {
        let outer = Stub.call(1, model: "claude", tokens: (30, 3), marks: .aggregateByName)
        expect(
            [outer, .call(2, parent: 1, 10...90, tokens: (10, 1))],
            rules: [1: .aggregateByName, 2: .ownCall],
            tokens: (10, 1),
            calls: 1
        )
        expect([outer, .call(2, parent: 1, 10...90)], rules: [1: .ownCall, 2: .ownCall], tokens: (30, 3), calls: 2)
    }

    @Test func `of two spans with one response id the inner one counts and takes what it lacks from the outer one`() {
        let outer = Stub.call(1, tokens: (10, nil), cost: 42, response: "r").with { $0.session = "s" }
        let versions = [outer, .call(2, parent: 1, model: nil, tokens: (10, 2), response: "r")]
        expect(versions, rules: [1: .duplicateByID, 2: .ownCall], tokens: (10, 2), calls: 1)
        var trace = AssembledTrace(versions)
        let inner = trace.takeChangedCalls()[1]
        #expect(inner.costReported == PicoUSD(42))
        #expect(inner.responseModel == "gpt-4o")
        #expect(inner.session == "s")
        #expect(trace.summary.llm?.cost == PicoUSD(42))
    }

    @Test func `client and server side with one request id are one call`() {
        expect(
            [
                Stub(1), .call(2, parent: 1, 10...90, request: "q"),
                .call(3, parent: 9, 20...80, tokens: (91_660, 5), request: "q"),
            ],
            rules: [2: .duplicateByID, 3: .ownCall],
            tokens: (91_660, 5),
            calls: 1
        )
    }

    @Test func `a span that shares one id with each of two others joins all three`() {
        expect(
            [
                .call(1, 0...90, tokens: (1, 1), response: "r"),
                .call(2, 10...90, tokens: (1, 1), response: "r", request: "q"),
                .call(3, 20...90, tokens: (1, 1), request: "q"),
            ],
            rules: [1: .duplicateByID, 2: .duplicateByID, 3: .ownCall],
            tokens: (1, 1),
            calls: 1
        )
    }

    @Test func `a span over failed attempts and one that answered shows the one that answered`() {
        let failed = Stub.call(2, parent: 1, 10...20, model: "gpt-4o", status: .error)
        expect(
            [
                .call(1, 0...100, model: "gpt-4o", tokens: (10, 2)), failed,
                .call(3, parent: 1, 30...90, model: "claude", tokens: (10, 2)),
            ],
            rules: [1: .duplicateByShape, 2: .ownCall, 3: .ownCall],
            tokens: (10, 2),
            calls: 2
        )
        // Two that answered are two calls.
        expect(
            [
                .call(1, 0...100, model: "gpt-4o", tokens: (10, 2)), failed,
                .call(3, parent: 1, 30...50, model: "gpt-4o", tokens: (10, 2)),
                .call(4, parent: 1, 60...90, model: "gpt-4o", tokens: (10, 2)),
            ],
            rules: [1: .ownCall, 2: .ownCall, 3: .ownCall, 4: .ownCall],
            tokens: (30, 6),
            calls: 4
        )
    }

    @Test func `an id that comes again for another call joins no calls that are apart in time`() {
        // One behind the other with other tokens; minutes apart with the same ones, as an answer from a cache.
        let calls: [SpanVersionStub] = [
            .call(1, 0...100, tokens: (100, 10), response: "r"), .call(2, 101...300, tokens: (900, 90), response: "r"),
            .call(3, 60_000...60_100, tokens: (900, 90), response: "r"),
        ]
        expect(calls, rules: [1: .ownCall, 2: .ownCall, 3: .ownCall], tokens: (1900, 190), calls: 3)
        // The clocks of client and server differ, and a log record tells one time.
        expect(
            [
                .call(1, 0...100, tokens: (100, 10), response: "r"),
                .call(2, 400...500, tokens: (100, 12), response: "r"),
                .call(3, 30_000...30_000, tokens: (100, 7), response: "r").with { $0.facts.marks.insert(.synthesized) },
            ],
            rules: [1: .duplicateByID, 2: .ownCall, 3: .duplicateByID],
            tokens: (100, 12),
            calls: 1
        )
    }

    @Test func `a version of a span that is apart in time leaves the call that it was one with`() {
        let far = Stub.call(2, 90_000...90_100, tokens: (5, 5), response: "r").with { $0.facts.fingerprint += 1 }
        expect(
            [.call(1, tokens: (5, 5), response: "r"), .call(2, 1...99, tokens: (5, 5), response: "r"), far],
            rules: [1: .ownCall, 2: .ownCall],
            tokens: (10, 10),
            calls: 2
        )
    }

    @Test func `an id joins neither different roles nor a request with a response`() {
        expect(
            [
                .call(1, tokens: (1, 1), response: "x"), .call(2, tokens: (2, 2), request: "x"),
                .call(3, role: .embedding, tokens: (4, nil), response: "x"),
            ],
            rules: [1: .ownCall, 2: .ownCall, 3: .ownCall],
            tokens: (3, 3),
            calls: 3
        )
    }

    @Test func `a wrapper of the same shape is a duplicate of the only call below it`() {
        expect(
            [
                .call(1, model: "openai/gpt-4o", tokens: (10, 2), cost: 3), Stub(2, parent: 1, role: .chain),
                .call(3, parent: 2, -4...104, model: "gpt-4o-2024-08-06", tokens: (10, nil)),
            ],
            rules: [1: .duplicateByShape, 3: .ownCall],
            tokens: (10, 2),
            calls: 1
        )
    }

    @Test(arguments: [(Int64(33), true), (53, true), (43, true), (34, false), (52, false)])
    func `a wrapper may leave reasoning out of the output, or count it twice`(output: Int64, isSame: Bool) {
        let inner = SpanVersionStub.call(2, parent: 1, tokens: (10, 43)).with { $0.call?.usage.reasoning = 10 }
        expect(
            [.call(1, tokens: (10, output)), inner],
            rules: [1: isSame ? .duplicateByShape : .ownCall, 2: .ownCall],
            tokens: isSame ? (10, 43) : (20, 43 + output),
            calls: isSame ? 1 : 2
        )
    }

    @Test(arguments: [
        SpanVersionStub.call(2, parent: 1, model: "claude", tokens: (10, 2)),
        .call(2, parent: 1, tokens: (11, 2)),
        .call(2, parent: 1, 0...106, tokens: (10, 2)),
    ])
    func `a call of another model, with other tokens or beyond the time is none of the wrapper's`(
        inner: SpanVersionStub
    ) {
        let trace = AssembledTrace([.call(1, tokens: (10, 2)), inner])
        #expect(trace.rule(1) == .ownCall)
        #expect(trace.summary.llm?.calls == 2)
    }

    @Test(arguments: [
        ("gpt-4o", "GPT-4o-latest", true), ("azure/openai/gpt-4o", "gpt-4o-2024-08-06", true),
        ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet@20241022", true), ("gpt-4o", "gpt-4o-mini", false),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929", true),
        ("claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0:200k", true),
        ("apac.amazon.nova-lite-v1:0", "nova-lite", true), ("anthropic.claude-opus-4-6-v1", "claude-opus-4-6", true),
        (
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.meta.llama3-3-70b-instruct-v1:0", "llama3-3-70b-instruct",
            true
        ),
        ("llama3.2:1b", "llama3.2:3b", false), ("embed-english-v2", "embed-english-v3", false),
        ("mistral.mistral-7b-instruct-v0:2", "mistral.mistral-7b-instruct-v0:1", false),
        ("anthropic.claude-v2:1", "anthropic.claude-v1", false),
        ("amazon.titan-embed-text-v1", "titan-embed-text-v2:0", false),
        ("cohere.embed-english-v3", "embed-english-v3", true), ("x:7", "x:8", false), ("me.gpt-4o", "gpt-4o", false),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022", true),
        ("us.anthropic.", "", true), ("ft:gpt-4o:org::1", "ft:gpt-4o:org::2", false), (":0", "", false),
        ("gpt-4o-2024-08-061", "gpt-4o", false), ("-latest", "", false),
    ])
    func `model names are compared without provider and date`(left: String, right: String, isSame: Bool) {
        let trace = AssembledTrace([.call(1, model: left), .call(2, parent: 1, model: right)])
        #expect((trace.rule(1) == .duplicateByShape) == isSame)
    }

    @Test func `an agent in between separates a call from the wrapper above`() {
        let trace = AssembledTrace([.call(1), Stub(2, parent: 1, role: .agent), .call(3, parent: 2)])
        #expect(trace.rule(1) == .ownCall)
    }

    @Test(arguments: [8, 9])
    func `at most eight spans may lie between a wrapper and its call`(between: UInt64) {
        let wrappers = (1...between).map { Stub(1 + $0, parent: $0) }
        let chain = [.call(1)] + wrappers + [.call(between + 2, parent: between + 1)]
        for order in [chain, chain.reversed()] {
            #expect(AssembledTrace(order).rule(1) == (between == 8 ? .duplicateByShape : .ownCall))
        }
    }

    @Test func `a span whose tokens are the sum of those below is an aggregate`() {
        expect(
            [
                .call(1, tokens: (30, 3)), .call(2, parent: 1, 0...40, tokens: (10, 1)),
                .call(3, parent: 1, 50...90, tokens: (20, 2)), .call(4, parent: 1, 45...46),
            ],
            rules: [1: .aggregateBySum, 2: .ownCall],
            tokens: (30, 3),
            calls: 3
        )
        let other = AssembledTrace([
            .call(1, tokens: (31, 3)), .call(2, parent: 1, tokens: (10, 1)), .call(3, parent: 1, tokens: (20, 2)),
        ])
        #expect(other.rule(1) == .ownCall)
    }

    @Test func `an id decides before the shape`() {
        expect(
            [
                .call(1, tokens: (5, 5), response: "r"), .call(2, parent: 1, 10...90, tokens: (5, 5)),
                .call(3, parent: 2, 20...80, tokens: (5, 5), response: "r"),
            ],
            rules: [1: .duplicateByID, 2: .duplicateByShape, 3: .ownCall],
            tokens: (5, 5),
            calls: 1
        )
    }

    @Test func `two groups whose members lie below each other's winners never lose both calls`() {
        let versions: [SpanVersionStub] = [
            .call(1, 20...90, tokens: (5, 5), response: "a"), .call(2, parent: 1, 21...89, response: "b"),
            .call(3, 20...90, tokens: (5, 5), response: "b"), .call(4, parent: 3, 21...89, response: "a"),
        ]
        for order in permutations(versions) {
            #expect(AssembledTrace(order).summary.llm?.calls == 2)
        }
    }

    @Test func `failed attempts count as calls and add no tokens`() {
        let trace = AssembledTrace([
            Stub(1, role: .agent), .call(2, parent: 1, 0...10, status: .error),
            .call(3, parent: 1, 20...90, tokens: (7, 1)),
        ])
        #expect(trace.summary.llm?.calls == 2)
        #expect(trace.summary.llm?.callErrors == 1)
        #expect(trace.summary.llm?.input == 7)
        let failed = AssembledTrace([.call(2, status: .error)])
        #expect(failed.summary.llm?.input == nil)
        #expect(failed.summary.llm?.cost == nil)
    }

    @Test func `the outer span's failure is not the failure of the call`() {
        let outer = Stub.call(1, response: "r", status: .error).with { $0.call?.errorType = "parse" }
        let trace = AssembledTrace([outer, .call(2, parent: 1, response: "r")])
        #expect(trace.summary.llm?.callErrors == 0)
    }

    @Test(arguments: [false, true])
    func `an id shared by very many spans is one call`(isDeep: Bool) {
        let many = (1...200).map { (id: UInt64) in
            Stub.call(id, parent: isDeep ? id - 1 : 0, Int64(id)...500, tokens: (3, 1), response: "r")
        }
        for order in [many, many.reversed()] {
            var trace = AssembledTrace()
            for version in order {
                trace.insert(version)
                trace.settle()
            }
            #expect(trace.summary.llm?.calls == 1)
            #expect(trace.summary.llm?.input == 3)
            #expect(trace.usageScope(200) == .own)
        }
    }

    @Test func `of very many spans of one id a real one counts, also when log records come last`() {
        let many = (1...100).map { (id: UInt64) in
            Stub.call(id, Int64(id)...500, tokens: (3, 1), response: "r")
        }
        let record = Stub.call(999, 400...500, tokens: (3, 1), response: "r").with {
            $0.facts.marks.insert(.synthesized)
        }
        for order in [many + [record], [record] + many] {
            var trace = AssembledTrace()
            for version in order {
                trace.insert(version)
                trace.settle()
            }
            #expect(trace.usageScope(100) == .own)
            #expect(trace.summary.llm?.calls == 1)
        }
    }

    private func concerned(_ versions: [SpanVersionStub], by span: UInt64) -> Set<UInt64> {
        var found: [Set<UInt64>] = []
        for order in permutations(versions) {
            let place = AssembledTrace(order).place(of: SpanID(span))
            found.append(Set((place?.concerned?.spans ?? []).map(\.value)))
        }
        #expect(Set(found).count == 1)
        return found[0]
    }

    @Test func `each rule names the spans that it speaks of`() {
        let sum: [SpanVersionStub] = [
            .call(1, role: .agent, tokens: (113, 11)), Stub(5, parent: 1, 50...95, role: .tool),
            .call(2, parent: 1, 0...40, tokens: (56, 5)), .call(3, parent: 5, 50...90, tokens: (57, 6)),
        ]
        #expect(concerned(sum, by: 1) == [2, 3])
        #expect(concerned(sum, by: 2) == [])
        let twice: [SpanVersionStub] = [
            .call(1, tokens: (5, 6), response: "a"), .call(2, parent: 1, 10...90, tokens: (5, 6), response: "a"),
        ]
        #expect(concerned(twice, by: 1) == [2])
        #expect(concerned(twice, by: 2) == [1])
        let alike: [SpanVersionStub] = [
            .call(1, tokens: (5, 6)), .call(2, parent: 1, 10...90, tokens: (5, 6)),
        ]
        #expect(concerned(alike, by: 1) == [2])
        #expect(concerned(alike, by: 2) == [1])
        #expect(AssembledTrace(sum).place(of: SpanID(5))?.concerned == nil)
    }

    @Test func `a sum over a great many calls names a hundred of them`() {
        let calls = (2...200 as ClosedRange<UInt64>).map { SpanVersionStub.call($0, parent: 1, tokens: (1, 1)) }
        let place = AssembledTrace([.call(1, role: .agent, tokens: (199, 199))] + calls).place(of: SpanID(1))
        #expect(place?.concerned?.spans.count == 100)
        #expect(place?.concerned?.isCut == true)
    }

    @Test(
        arguments: [
            (reported: 106, computed: 100, differs: true), (105, 100, false), (95, 100, false), (94, 100, true),
            (0, 100, true), (5, 0, true), (0, 0, false), (.max, 1, true),
        ] as [(reported: Int64, computed: Int64, differs: Bool)]
    )
    func `a reported cost that is more than five per cent off is marked`(
        _ reported: Int64,
        _ computed: Int64,
        _ differs: Bool
    ) {
        let call = SpanVersionStub.call(1, tokens: (1, 1), cost: reported).with {
            $0.call?.costComputed = PicoUSD(computed)
        }
        let trace = AssembledTrace([call])
        #expect(trace.summary.marks.contains(.costDiffers) == differs)
        #expect(trace.place(of: SpanID(1))?.marks.contains(.costDiffers) == differs)
    }

    @Test func `a finished call of a model without usage is marked, unless it failed or another span has it`() {
        func marks(_ versions: [SpanVersionStub]) -> SpanMarks { AssembledTrace(versions).summary.marks }
        #expect(marks([.call(1)]) == .usageMissing)
        #expect(AssembledTrace([.call(1)]).place(of: SpanID(1))?.marks == .usageMissing)
        #expect(marks([.call(1, status: .error)]).isEmpty)
        #expect(marks([.call(1, cost: 5)]).isEmpty)
        #expect(marks([.call(1, marks: .pending)]) == .pending)
        #expect(marks([.call(1, role: .reranker)]).isEmpty)
        #expect(marks([.call(1), .call(2, parent: 1, 10...90, tokens: (5, 6))]).isEmpty)
    }

    @Test func `a span made of a log record gives way to the real one of the same request`() {
        let real = SpanVersionStub.call(1, 0...100, tokens: (10, 2), request: "r")
        let silent = SpanVersionStub.call(1, 0...100, request: "r")
        let made = SpanVersionStub.call(2, 50...60, tokens: (10, 2), cost: 5, request: "r", marks: .synthesized)
        let below = SpanVersionStub.call(
            2,
            parent: 1,
            50...60,
            tokens: (10, 2),
            request: "r",
            marks: .synthesized
        )
        for versions in [[real, made], [silent, made], [real, below]] {
            expect(versions, rules: [1: .ownCall, 2: .duplicateByID], tokens: (10, 2), calls: 1)
        }
        #expect(AssembledTrace([real, made]).summary.llm?.cost == PicoUSD(5))
        expect([made], rules: [2: .ownCall], tokens: (10, 2), calls: 1)
    }
}
