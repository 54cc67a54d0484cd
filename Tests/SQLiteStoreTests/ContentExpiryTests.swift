// ContentExpiryTests.swift - content goes before numbers.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct ContentExpiryTests {
    private static let marker = "my-secret-prompt-7f3a"

    private func call(_ id: UInt64, trace: UInt64 = 1, saying text: String = marker) -> SampleSpan {
        SampleSpan(trace: trace, id: id, parent: 1, at: id * 1_000).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.usage.input_tokens", 10),
            ("gen_ai.usage.output_tokens", .whole(Int64(id))),
            ("gen_ai.response.id", .text("r\(id)")),
            ("gen_ai.input.messages", .text(text))
        )
    }

    private func root(_ trace: UInt64 = 1) -> SampleSpan {
        SampleSpan(trace: trace, id: 1, lasting: 9_000_000).with(
            ("input.value", .text(Self.marker)),
            ("session.id", "s")
        )
    }

    private func lost(_ summary: TraceSummary?) -> TraceSummary? {
        var summary = summary
        summary?.root.attributes = []
        summary?.root.truncated = []
        summary?.isContentExpired = false
        return summary
    }

    @Test(arguments: [64 << 20, 0])
    func `content goes after its days, and tree, calls and numbers stay`(_ cacheBytes: Int) async throws {
        let home = try RetentionStore(RetentionLimits(contentDays: 3), cacheBytes: cacheBytes)
        try await home.write([root(), call(2), call(3)])
        try await home.write([call(4)])
        try await home.write([SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("content", Self.marker))])
        let before = try #require(try await home.summary(1))
        let outlines = try await home.store.outlines(of: 1)
        #expect(String(decoding: before.root.attributes, as: UTF8.self).contains(Self.marker))
        home.pass(days: 4)
        try await home.write([root(2)])
        await home.store.settle()
        let after = try #require(try await home.summary(1))
        #expect(after.isContentExpired)
        #expect(lost(after) == lost(before))
        #expect(!String(decoding: after.root.attributes, as: UTF8.self).contains(Self.marker))
        #expect(try await home.summary(2)?.isContentExpired == false)
        let tree = try await home.store.outlines(of: 1)
        #expect(tree.map(\.spanID) == outlines.map(\.spanID) && tree.map(\.call) == outlines.map(\.call))
        #expect(try await home.store.records(of: tree[...], in: 1, maxBytes: 1 << 20) == nil)
        #expect(
            try home.number("SELECT sum(part_bytes) FROM projects")
                == (try home.number("SELECT sum(length(payload)) FROM parts"))
        )
        #expect(try home.number("SELECT count(*) FROM pending WHERE part_id >> 24 = 1") == 2)
        #expect(try await home.store.removeTraces(of: RetentionStore.id(2), in: .all, isDryRun: false) == 1)
        #expect(try await !home.filesContain(Self.marker))
    }

    @Test func `a late duplicate is known, and a late span brings no content`() async throws {
        let home = try RetentionStore(RetentionLimits(contentDays: 3))
        try await home.write([root(), call(2)])
        home.pass(days: 4)
        await home.store.settle()
        #expect(try await home.write([call(2), root()]) == ConsumeReceipt(stored: 0, duplicates: 2))
        #expect(try await home.write([call(5)]).stored == 1)
        let record = SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("content", Self.marker))
        #expect(try await home.write([record]).duplicates == 1)
        let summary = try #require(try await home.summary(1))
        #expect(summary.isContentExpired && summary.spanCount == 3)
        #expect(summary.llm?.calls == 2 && summary.llm?.tokensOutput == 7)
        try await home.reopen()
        #expect(try await home.write([call(2), call(5)]).duplicates == 2)
        #expect(try await !home.filesContain(Self.marker))
    }

    @Test func `the version of a span that counted still counts without its content`() async throws {
        let home = try RetentionStore(RetentionLimits(contentDays: 3))
        // Both end together: the longer one wins, which without content is the shorter one.
        let short = call(2, saying: String(repeating: "x", count: 9)).with(("a.kept", "attribute-that-stays-as-it-is"))
        var long = call(2, saying: String(repeating: "x", count: 900))
        long.attributes[3].1 = 77
        try await home.write([root(), short])
        try await home.write([long])
        try await home.write([call(3)])
        let before = try #require(try await home.summary(1))
        #expect(before.llm?.tokensOutput == 80)
        let calls = try await home.store.outlines(of: 1).map(\.call)
        home.pass(days: 4)
        await home.store.settle()
        #expect(lost(try await home.summary(1)) == lost(before))
        #expect(try await home.store.outlines(of: 1).map(\.call) == calls)
        // Read again from its parts for a late span.
        try await home.write([SampleSpan(trace: 1, id: 9, parent: 1)])
        #expect(try await home.summary(1)?.llm?.tokensOutput == 80)
        await home.store.close()
    }

    @Test(arguments: [false, true])
    func `a large trace loses its content in slices, also over a restart`(_ isInterrupted: Bool) async throws {
        let home = try RetentionStore(RetentionLimits(contentDays: 3))
        let text = Self.marker + String(repeating: "y", count: 3_000)
        try await home.write([root()])
        for round in 0..<4 as Range<UInt64> {
            try await home.write((2...500 as ClosedRange<UInt64>).map { call($0 + round * 1_000, saying: text) })
        }
        let before = try #require(try await home.summary(1))
        if isInterrupted {
            try home.execute(
                "UPDATE traces SET content=2; INSERT INTO meta(key, value) VALUES('expiring', 1);"
            )
            try await home.reopen()
        } else {
            home.pass(days: 4)
        }
        await home.store.settle()
        let after = try #require(try await home.summary(1))
        #expect(after.isContentExpired && lost(after) == lost(before))
        #expect(try home.number("SELECT content FROM traces") == 1)
        #expect(try home.number("SELECT count(*) FROM meta WHERE key='expiring'") == 0)
        #expect(try await home.write([call(7, saying: text)]).duplicates == 1)
        #expect(try await !home.filesContain(Self.marker))
    }

    @Test func `a project keeps its content longer than the others`() async throws {
        let home = try RetentionStore(
            RetentionLimits(contentDays: 3),
            projects: ["legal": RetentionLimits(contentDays: 100)]
        )
        for project in ["legal", "other"] { try await home.write([root()], project: project) }
        home.pass(days: 5)
        await home.store.settle()
        #expect(try await home.summary(1, project: "other")?.isContentExpired == true)
        #expect(try await home.summary(1, project: "legal")?.isContentExpired == false)
        await home.store.close()
    }
}
