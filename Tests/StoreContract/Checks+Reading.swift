// Checks+Reading.swift - summaries, lists, filters.

import TestSupport
import Testing
import TraceModel
import TraceStore

extension Checks {
    func projects() async throws {
        try await write(SampleSpan(trace: 20, id: 1, name: "in a"), project: "a")
        try await write(SampleSpan(trace: 20, id: 1, name: "in b"), project: "b")
        #expect(try await summary(20, in: .only("a")).root.name == "in a")
        #expect(try await summary(20, in: .only("b")).root.name == "in b")
        let id = TraceID(high: 0xABCD, low: 20)
        #expect(try await store.summaries(of: id, in: .all).map(\.project) == ["b", "a"])
        #expect(try await store.summaries(of: id, in: .only("c")).isEmpty)
        var query = TraceQuery()
        query.scope = .only("a")
        #expect(try await store.traces(matching: query).rows.map(\.root.name) == ["in a"])
        query.scope = .all
        #expect(try await store.traces(matching: query).rows.count == 2)
    }

    func unknown() async throws {
        #expect(try await store.summaries(of: TraceID(high: 9, low: 9), in: .all).isEmpty)
        #expect(try await store.outlines(of: 4711).isEmpty)
        #expect(try await store.trace(4711, keeping: 1 << 20).outlines.isEmpty)
    }

    func pages() async throws {
        for trace in 1...25 as ClosedRange<UInt64> {
            // Several start together: the newest stored comes first then.
            try await write(
                SampleSpan(trace: trace, id: 1, at: trace / 3 * 1000, lasting: trace),
                project: "p\(trace % 3)"
            )
        }
        for sort in TraceSort.allCases {
            for ascending in [false, true] {
                var query = TraceQuery()
                query.limit = 4
                query.sort = sort
                query.ascending = ascending
                var seen: [TraceSummary] = []
                repeat {
                    let page = try await store.traces(matching: query)
                    seen += page.rows
                    query.after = page.next
                    // New traces between two pages change nothing behind.
                    try await write(SampleSpan(trace: 100, id: UInt64(seen.count + 1), at: 1 << 40))
                } while query.after != nil
                let traces = seen.map(\.traceID.low).filter { $0 < 100 }
                #expect(traces.count == 25, "sort \(sort), ascending \(ascending)")
                #expect(Set(traces).count == 25)
                guard sort == .startTime, !ascending else { continue }
                let old = seen.filter { $0.traceID.low < 100 }
                for (newer, older) in zip(old, old.dropFirst()) {
                    #expect((newer.start, newer.number) > (older.start, older.number))
                }
            }
        }
    }

    func filters() async throws {
        for trace in 1...9 as ClosedRange<UInt64> {
            var call = SampleSpan(trace: trace, id: 2, parent: 1, at: trace * 1_000_000, lasting: 1000).with(
                ("gen_ai.operation.name", "chat"),
                ("gen_ai.provider.name", trace % 2 == 0 ? "openai" : "anthropic"),
                ("gen_ai.request.model", trace % 2 == 0 ? "gpt-4o" : "claude-sonnet-4-5"),
                ("gen_ai.usage.input_tokens", .whole(Int64(trace * 100))),
                ("gen_ai.usage.output_tokens", 7),
                ("gen_ai.usage.cost", .real(Double(trace) / 1000))
            )
            call.status = trace == 9 ? 2 : 0
            let root = SampleSpan(trace: trace, id: 1, at: trace * 1_000_000, lasting: trace * 1_000_000)
                .with(("session.id", .text("s\(trace % 3)")), ("user.id", "u"))
            try await write([root, call])
        }
        try await check([9]) { $0.status = .error }
        try await check([8, 6, 4, 2]) { $0.model = "GPT-4O" }
        try await check([9, 7, 5, 3, 1]) { $0.model = "claude*" }
        try await check([]) { $0.model = "gpt-4" }
        try await check([8, 6, 4, 2]) { $0.provider = "openai" }
        try await check([9, 6, 3]) { $0.session = "s0" }
        try await check([]) { $0.session = "s7" }
        try await check([9, 8, 7]) { $0.minDuration = 7_000_000 }
        try await check([2, 1]) { $0.maxDuration = 2_000_000 }
        try await check([9, 8]) { $0.minCost = PicoUSD(decimal: "0.008") }
        try await check([1]) { $0.maxCost = PicoUSD(decimal: "0.001") }
        try await check([8]) {
            $0.model = "gpt-4o"
            $0.minDuration = 7_000_000
        }
        try await check([9, 8]) { $0.startsFrom = 1_700_000_000_000_000_000 + 8_000_000 }
        try await check([2, 1]) { $0.endsBefore = 1_700_000_000_000_000_000 + 6_000_000 }
        try await check([]) { $0.service = "other" }
        try await check([1, 2, 3]) {
            $0.sort = .cost
            $0.ascending = true
            $0.limit = 3
        }
        try await check([9, 8]) {
            $0.sort = .tokens
            $0.limit = 2
        }
        var query = TraceQuery()
        query.limit = 2
        query.model = "claude*"
        query.isCounted = true
        #expect(try await store.traces(matching: query).total == 5)
        query.model = "unknown"
        #expect(try await store.traces(matching: query).total == 0)
        query.isCounted = false
        #expect(try await store.traces(matching: query).total == nil)
    }

    private func check(_ expected: [UInt64], _ change: (inout TraceQuery) -> Void) async throws {
        var query = TraceQuery()
        change(&query)
        let found = try await store.traces(matching: query).rows.map(\.traceID.low)
        #expect(found == expected, "\(query)")
    }

    func standIn() async throws {
        try await write(SampleSpan(trace: 30, id: 3, parent: 2, name: "late", at: 20))
        try await write(SampleSpan(trace: 30, id: 2, parent: 1, name: "early", at: 10))
        var summary = try await summary(30)
        #expect(summary.root.name == "early")
        #expect(summary.root.isProvisional)
        #expect(!summary.isComplete)
        try await write(SampleSpan(trace: 30, id: 1, name: "root").with(("k", "v")))
        summary = try await self.summary(30)
        #expect(summary.root.name == "root")
        #expect(String(decoding: summary.root.attributes, as: UTF8.self) == #"{"k":"v"}"#)
        #expect(!summary.root.isProvisional)
        #expect(summary.isComplete)
    }

    func calls() async throws {
        let agent = SampleSpan(trace: 40, id: 1, lasting: 90).with(
            ("gen_ai.operation.name", "invoke_agent"),
            ("gen_ai.usage.input_tokens", 113),
            ("gen_ai.usage.output_tokens", 11)
        )
        let chats = [(56, 5), (57, 6)].enumerated().map { index, tokens in
            SampleSpan(trace: 40, id: UInt64(index + 2), parent: 1, at: UInt64(index * 20 + 1), lasting: 10).with(
                ("gen_ai.operation.name", "chat"),
                ("gen_ai.request.model", "gpt-4o"),
                ("gen_ai.usage.input_tokens", .whole(Int64(tokens.0))),
                ("gen_ai.usage.output_tokens", .whole(Int64(tokens.1)))
            )
        }
        try await write(agent)
        #expect(try await summary(40).llm?.tokensInput == 113)
        for chat in chats { try await write(chat) }
        let llm = try #require(try await summary(40).llm)
        #expect(llm.tokensInput == 113)
        #expect(llm.tokensOutput == 11)
        #expect(llm.calls == 2)
        #expect(llm.cost == nil)
        #expect(llm.model == "gpt-4o")
        #expect(llm.models == [ModelUse(model: "gpt-4o", calls: 2, tokensInput: 113, tokensOutput: 11, cost: nil)])
        let scopes = try await spans(40).map { $0.outline.call?.scope }
        #expect(scopes == [.aggregate, .own, .own])
    }
}

extension Checks {
    func hugeTokens() async throws {
        let most = Int64.max / 2 + 1
        let spans = (1...3 as ClosedRange<UInt64>).map { id in
            SampleSpan(trace: 50, id: id, at: id).with(
                ("llm.model", "m"),
                ("llm.vendor", .text("v\(id % 2)")),
                ("llm.tokens.input", .whole(most))
            )
        }
        try await write(spans)
        let llm = try #require(try await summary(50).llm)
        #expect(llm.tokensInput == .max)
        #expect(llm.models.map(\.tokensInput) == [.max])
        #expect(try await store.traces(matching: TraceQuery()).rows.count == 1)
    }

    func exactNames() async throws {
        // The same text to Swift, two names to everybody else.
        try await write(SampleSpan(trace: 51, id: 1), project: "caf\u{E9}")
        try await write(SampleSpan(trace: 52, id: 1), project: "cafe\u{301}")
        let composed = try await summary(51).project
        let decomposed = try await summary(52).project
        #expect(Array(composed.utf8) == Array("caf\u{E9}".utf8))
        #expect(Array(decomposed.utf8) == Array("cafe\u{301}".utf8))
    }
}
