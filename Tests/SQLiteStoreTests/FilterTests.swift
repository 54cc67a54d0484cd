// FilterTests.swift - filters, orders and pages of both lists, against a plain look at every row.

import Foundation
import IngestPipeline
import Logging
import OTLPCodec
@testable import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

/// A trace with one call, as the test made it.
private struct Made {
    var number: UInt64
    var start: Int64
    var duration: Int64
    var model: String
    var provider: String
    var service: String
    var session: String
    var tokens: Int64
    var error: String?
    var tool: String
    var word: String
    var shop: Int64

    init(_ number: UInt64, _ random: inout SeededRandom) {
        self.number = number
        start = 1_700_000_000_000_000_000 + Int64(random.below(5_000)) * 1_000_000_000
        duration = Int64(1 + random.below(500)) * 1_000_000
        model = random.one(of: ["gpt-4o", "gpt-4o-mini", "claude-x"])
        provider = model.hasPrefix("gpt") ? "openai" : "anthropic"
        service = random.one(of: ["web", "batch"])
        session = "s\(random.below(40))"
        tokens = Int64(random.below(200))
        error = random.one(of: [nil, nil, nil, "RateLimitError", "APITimeoutError"])
        tool = random.one(of: ["search", "mail"])
        word = random.one(of: ["apple", "banana", "cherry"])
        shop = Int64(random.below(10))
    }

    var spans: [SampleSpan] {
        var root = SampleSpan(trace: number, id: 1, name: "ask \(word)")
            .with(("session.id", .text(session)), ("shop.id", .whole(shop)))
        root.start = UInt64(start)
        root.end = UInt64(start + duration)
        var call = SampleSpan(trace: number, id: 2, parent: 1, name: "chat").with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", .text(provider)),
            ("gen_ai.request.model", .text(model)),
            ("gen_ai.usage.input_tokens", .whole(tokens)),
            ("gen_ai.usage.output_tokens", 1),
            ("session.id", .text(session))
        )
        call.start = UInt64(start)
        call.end = UInt64(start + duration)
        if let error {
            call = call.with(("error.type", .text(error)))
            call.status = 2
        }
        var run = SampleSpan(trace: number, id: 3, parent: 1, name: "execute_tool \(tool)").with(
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", .text(tool))
        )
        run.start = UInt64(start)
        run.end = UInt64(start + duration / 2)
        return [root, call, run]
    }
}

struct FilterTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    /// A store with so many traces, and what they are.
    private func filled(_ count: Int, isIndexed: Bool = true) async throws -> (SQLiteTraceStore, [Made]) {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let store = try SQLiteTraceStore(
            config: SQLiteStoreConfig(directory: folder),
            extraction: SpanExtractor(),
            analysis: SpanAnalysis(),
            logger: logger
        )
        var random = SeededRandom(seed: 11)
        let made = (1...UInt64(count)).map { Made($0, &random) }
        for chunk in stride(from: 0, to: made.count, by: 250) {
            for service in ["web", "batch"] {
                let some = made[chunk..<min(chunk + 250, made.count)].filter { $0.service == service }
                let bytes = SampleSpan.request(some.flatMap(\.spans), service: service)
                let request = try ExportRequestDecoder().decode(BatchStorage(copying: bytes), project: nil)
                _ = try await store.write(try SpanExtractor().extract(request.batch))
            }
        }
        let deadline = ContinuousClock.now + .seconds(240)
        while isIndexed, store.reader.textLag() > 0, ContinuousClock.now < deadline {
            await Task.yield()
        }
        return (store, made)
    }

    private func all(_ store: SQLiteTraceStore, _ query: TraceQuery) async throws -> [UInt64] {
        var query = query
        var found: [UInt64] = []
        repeat {
            let page = try await store.traces(matching: query)
            found += page.rows.map(\.traceID.low)
            query.after = page.next
        } while query.after != nil
        return found
    }

    private func allCalls(_ store: SQLiteTraceStore, _ query: CallQuery) async throws -> [UInt64] {
        var query = query
        var found: [UInt64] = []
        repeat {
            let page = try await store.calls(matching: query)
            found += page.rows.map(\.traceID.low)
            query.after = page.next
        } while query.after != nil
        return found
    }

    private typealias Case = (
        name: String, set: @Sendable (inout RecordFilter) throws -> Void, passes: @Sendable (Made) -> Bool
    )

    private static let cases: [Case] = [
        ("model", { $0.model = "GPT-4o*" }, { $0.model.hasPrefix("gpt-4o") }),
        ("provider", { $0.provider = "anthropic" }, { $0.provider == "anthropic" }),
        ("service", { $0.service = "batch" }, { $0.service == "batch" }),
        ("session", { $0.session = "s7" }, { $0.session == "s7" }),
        ("no such session", { $0.session = "none" }, { _ in false }),
        ("error type", { $0.errorType = "APITimeoutError" }, { $0.error == "APITimeoutError" }),
        ("operation", { $0.operation = "chat" }, { _ in true }),
        (
            "latency", { ($0.minDuration, $0.maxDuration) = (100_000_000, 200_000_000) },
            { (100_000_000...200_000_000).contains($0.duration) }
        ),
        ("tokens", { ($0.minTokens, $0.maxTokens) = (50, 60) }, { (50...60).contains($0.tokens + 1) }),
        ("time", { $0.startsFrom = 1_700_001_000_000_000_000 }, { $0.start >= 1_700_001_000_000_000_000 }),
        ("no match of three", { ($0.model, $0.provider, $0.minTokens) = ("gpt*", "anthropic", 1) }, { _ in false }),
        (
            "three at once", { ($0.model, $0.service, $0.minTokens) = ("claude-x", "web", 100) },
            { $0.model == "claude-x" && $0.service == "web" && $0.tokens + 1 >= 100 }
        ),
    ]

    @Test(.timeLimit(.minutes(5)))
    func `every filter finds what passes, in every order, page by page`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (store, made) = try await filled(1_400, isIndexed: false)
        for item in Self.cases {
            let expected = made.filter(item.passes)
            var query = TraceQuery()
            try item.set(&query.filter)
            query.limit = 37
            query.isCounted = true
            #expect(try await store.traces(matching: query).total == expected.count, "\(item.name)")
            let byStart = expected.sorted { ($0.start, $0.number) > ($1.start, $1.number) }
            let found = try await all(store, query)
            #expect(Set(found) == Set(byStart.map(\.number)) && found.count == byStart.count, "\(item.name)")
            query.sort = .duration
            query.ascending = true
            let durations = Dictionary(uniqueKeysWithValues: made.map { ($0.number, $0.duration) })
            let slow = try await all(store, query).compactMap { durations[$0] }
            #expect(slow == expected.map(\.duration).sorted(), "\(item.name)")
            var calls = CallQuery()
            try item.set(&calls.filter)
            calls.limit = 41
            calls.sort = .tokens
            let tokens = Dictionary(uniqueKeysWithValues: made.map { ($0.number, $0.tokens) })
            let page = try await store.calls(matching: calls)
            #expect(page.total == expected.count, "calls: \(item.name)")
            let listed = try await allCalls(store, calls).compactMap { tokens[$0] }
            #expect(listed == expected.map(\.tokens).sorted(by: >), "calls: \(item.name)")
        }
        await store.close()
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `attributes, names, tools and words find their traces, looked through or not`(_ isIndexed: Bool) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (store, made) = try await filled(300, isIndexed: isIndexed)
        let cases: [(SpanCondition, (Made) -> Bool)] = [
            (SpanCondition(.attribute("shop.id"), "3"), { $0.shop == 3 }),
            (SpanCondition(.attribute("shop.id"), "none"), { _ in false }),
            (SpanCondition(.attribute("service.name"), "web"), { $0.service == "web" }),
            (SpanCondition(.name, "ask apple"), { $0.word == "apple" }),
            (SpanCondition(.tool, "mail"), { $0.tool == "mail" }),
        ]
        for (condition, passes) in cases {
            var query = TraceQuery()
            query.spans = [condition]
            query.limit = 33
            query.isCounted = true
            query.patience = .seconds(60)
            let expected = made.filter(passes).map(\.number).sorted()
            #expect(try await all(store, query).sorted() == expected, "\(condition)")
            #expect(try await store.traces(matching: query).total == expected.count, "\(condition)")
        }
        if isIndexed {
            for word in ["apple", "banana"] {
                var query = TraceQuery()
                query.text = try TextQuery(word)
                query.isCounted = true
                let expected = made.filter { $0.word == word }.map(\.number).sorted()
                #expect(try await all(store, query).sorted() == expected, "\(word)")
                #expect(try await store.traces(matching: query).total == expected.count, "\(word)")
            }
        }
        await store.close()
    }

    @Test func `a list that runs out of time goes on where it was`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (store, made) = try await filled(1_300, isIndexed: false)
        for sort in TraceSort.allCases {
            var query = TraceQuery()
            query.sort = sort
            query.minTokens = 20
            query.spans = [SpanCondition(.attribute("shop.id"), "3")]
            query.patience = .milliseconds(30)
            var found: [UInt64] = []
            var pages = 0
            repeat {
                let page = try await store.traces(matching: query)
                found += page.rows.map(\.traceID.low)
                // Where time is too short for anything, more of it is given, as a person would.
                if page.isPartial, page.next == query.after { query.patience = query.patience * 2 }
                query.after = page.next
                pages += 1
            } while query.after != nil && pages < 5_000
            let expected = made.filter { $0.shop == 3 && $0.tokens + 1 >= 20 }.map(\.number).sorted()
            #expect(found.sorted() == expected, "\(sort)")
        }
        await store.close()
    }

    @Test func `statistics are what a plain sum comes to, kept or looked up`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (store, made) = try await filled(1_100)
        // Not on an hour: the ends of the period are looked at call by call.
        let from: Int64 = 1_700_000_123_000_000_000
        let before: Int64 = 1_700_004_321_000_000_000
        for isKnown in [true, false] {
            var query = StatsQuery()
            query.groupBy = [.model, .status]
            query.calls.startsFrom = from
            query.calls.startsBefore = before
            // True of all; statistics by hour do not know it.
            if !isKnown { query.calls.minDuration = 1 }
            let page = try await store.stats(matching: query)
            let period = made.filter { (from..<before).contains($0.start) }
            func key(_ item: Made) -> [String] {
                [item.model, item.error.map { $0.contains("Timeout") ? "timeout" : "error" } ?? "success"]
            }
            let groups = Dictionary(grouping: period, by: key)
            for row in page.rows where row.calls > 0 {
                let expected = try #require(groups[row.group.compactMap { $0 }])
                #expect(row.calls == Int64(expected.count) && row.traces == Int64(expected.count))
                #expect(row.tokensInput == expected.reduce(0) { $0 + $1.tokens })
                #expect(row.errors == Int64(expected.count { $0.error != nil }))
                let sorted = expected.map { Double($0.duration) }.sorted()
                let exact = sorted[max(0, Int((0.9 * Double(sorted.count)).rounded(.up)) - 1)]
                #expect(abs((row.latency?.p90 ?? 0) - exact) <= exact * 0.02)
            }
            #expect(page.rows.filter { $0.calls > 0 }.count == groups.count)
        }
        var tools = StatsQuery()
        tools.groupBy = [.tool]
        let runs = try await store.stats(matching: tools).rows.map { ($0.group[0], $0.calls) }
        #expect(runs.first { $0.0 == "mail" }?.1 == Int64(made.count { $0.tool == "mail" }))
        var sessions = StatsQuery()
        sessions.groupBy = [.session]
        let bySession = try await store.stats(matching: sessions).rows
        #expect(bySession.first { $0.group == ["s7"] }?.calls == Int64(made.count { $0.session == "s7" }))
        await store.close()
    }

    @Test func `intervals are days, weeks from Monday and months of the calendar`() {
        // Sunday, 2024-03-31T23:00Z.
        let time: Int64 = 1_711_926_000_000_000_000
        func iso(_ time: Int64) -> String {
            ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double(time) / 1e9))
        }
        func range(_ interval: StatsInterval) -> [String] {
            let range = interval.range(around: time)
            return [iso(range.lowerBound), iso(range.upperBound)]
        }
        #expect(range(.hour) == ["2024-03-31T23:00:00Z", "2024-04-01T00:00:00Z"])
        #expect(range(.day) == ["2024-03-31T00:00:00Z", "2024-04-01T00:00:00Z"])
        #expect(range(.week) == ["2024-03-25T00:00:00Z", "2024-04-01T00:00:00Z"])
        #expect(range(.month) == ["2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"])
        for interval in StatsInterval.allCases {
            #expect(interval.range(around: .max).upperBound == .max && interval.range(around: 0).contains(0))
        }
    }
}
