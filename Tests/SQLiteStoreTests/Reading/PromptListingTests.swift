// PromptListingTests.swift - prompts that are sent again and again, by how often and at what cost.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct PromptListingTests {
    private struct Sent {
        var question: Int
        var start: Int64
        var cost: Double?
        var span: UInt64
    }

    private static func write(_ store: SQLiteTraceStore) async throws -> [Sent] {
        var random = SeededRandom(seed: 9)
        var sent: [Sent] = []
        for trace in UInt64(1)...60 {
            // Some questions often, some once.
            let question = random.below(3) > 0 ? random.below(6) : 100 + Int(trace)
            var span = IndexFixture.call(trace + 1000, trace: trace, asking: "Question \(question)?")
            span.parent = SpanID(0)
            span.start = 1_700_000_000_000_000_000 + UInt64(random.below(1_000_000)) * 1_000_000_000
            span.end = span.start + 1_000_000
            let cost = random.below(4) > 0 ? Double(random.below(50)) / 100 : nil
            if let cost { span = span.with(("gen_ai.usage.cost", .real(cost)), ("gen_ai.usage.input_tokens", 10)) }
            try await IndexFixture.write(store, span)
            sent.append(Sent(question: question, start: Int64(span.start), cost: cost, span: trace + 1000))
        }
        return sent
    }

    /// Count, cost in hundredths, first and last time of each prompt that was sent at least so often.
    private static func expected(_ sent: [Sent], _ least: Int = 2) -> [[Int64?]] {
        Dictionary(grouping: sent, by: \.question).values.filter { $0.count >= least }.map { group in
            [
                Int64(group.count), OwnerFixture.sum(group.map { $0.cost.map { Int64(($0 * 100).rounded()) } }),
                group.map(\.start).min(), group.map(\.start).max(), group.map { Int64($0.span) }.max(),
            ]
        }
    }

    private static func rows(_ page: PromptPage) -> [[Int64?]] {
        page.rows.map { row in
            let cost = row.cost.map { $0.value / 10_000_000_000 }
            return [row.count, cost, row.firstTime, row.lastTime, Int64(bitPattern: row.exampleSpan.value)]
        }
    }

    @Test func `prompts are counted, ranked and bounded by a period`() async throws {
        try await IndexFixture.run { fixture in
            try await fixture.indexed { store in
                let sent = try await Self.write(store)
                try await IndexFixture.wait(store)
                var query = PromptQuery()
                query.limit = 100
                var page = try await store.prompts(matching: query)
                #expect(Set(Self.rows(page)) == Set(Self.expected(sent)))
                #expect(page.rows.map(\.count) == page.rows.map(\.count).sorted(by: >))
                #expect(page.rows.allSatisfy { $0.model == "m" })
                #expect(page.lag == 0)
                query.sort = .cost
                page = try await store.prompts(matching: query)
                #expect(page.rows.map { $0.cost?.value ?? -1 } == page.rows.map { $0.cost?.value ?? -1 }.sorted(by: >))
                query.minCount = 1
                #expect(Set(Self.rows(try await store.prompts(matching: query))) == Set(Self.expected(sent, 1)))
                let first = try #require(page.rows.first)
                query.hash = first.hash
                #expect(try await store.prompts(matching: query).rows == [first])
                query = PromptQuery()
                query.limit = 2
                query.calls.startsFrom = 1_700_200_000_000_000_000
                query.calls.startsBefore = 1_700_900_000_000_000_000
                page = try await store.prompts(matching: query)
                let inside = sent.filter {
                    $0.start >= 1_700_200_000_000_000_000 && $0.start < 1_700_900_000_000_000_000
                }
                #expect(page.rows.count == 2)
                #expect(Set(Self.rows(page)).isSubset(of: Self.expected(inside)))
            }
        }
    }

    @Test func `other filters narrow which calls are counted`() async throws {
        try await IndexFixture.run { fixture in
            try await fixture.indexed { store in
                let sent = try await Self.write(store)
                try await IndexFixture.wait(store)
                var query = PromptQuery()
                query.limit = 100
                query.calls.minCost = PicoUSD(100_000_000_000)
                let dear = sent.filter { ($0.cost ?? 0) >= 0.1 }
                #expect(Set(Self.rows(try await store.prompts(matching: query))) == Set(Self.expected(dear)))
                query = PromptQuery()
                query.calls.text = try TextQuery("question 3")
                let found = try await store.prompts(matching: query)
                let third = sent.filter { $0.question == 3 }
                #expect(Set(Self.rows(found)) == Set(Self.expected(third)))
            }
        }
    }
}
