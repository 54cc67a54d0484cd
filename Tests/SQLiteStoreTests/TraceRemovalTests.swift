// TraceRemovalTests.swift - a deleted trace is gone everywhere.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct TraceRemovalTests {
    private func call(_ id: UInt64, trace: UInt64, response: String? = nil) -> SampleSpan {
        let span = SampleSpan(trace: trace, id: id, parent: 1).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.usage.input_tokens", 10)
        )
        return response.map { span.with(("gen_ai.response.id", .text($0))) } ?? span
    }

    private func remove(_ home: RetentionStore, _ trace: UInt64, _ scope: ProjectScope = .all) async throws -> Int {
        try await home.store.removeTraces(of: RetentionStore.id(trace), in: scope, isDryRun: false)
    }

    @Test(arguments: [131_072, 3] as [Int64])
    func `a deleted trace is gone everywhere, and a late span begins a new one`(_ bucket: Int64) async throws {
        let home = try RetentionStore(bucket: bucket)
        for trace in 1...10 as ClosedRange<UInt64> {
            try await home.write([SampleSpan(trace: trace, id: 1), call(2, trace: trace)])
        }
        try await home.write([SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("content", "x"))])
        #expect(try await home.store.removeTraces(of: RetentionStore.id(1), in: .all, isDryRun: true) == 1)
        #expect(try await home.summary(1) != nil)
        #expect(try await remove(home, 1) == 1)
        #expect(try await home.summary(1) == nil)
        #expect(try await home.store.traces(matching: TraceQuery()).rows.count == 9)
        #expect(try await home.store.calls(matching: CallQuery()).total == 9)
        #expect(try await home.store.outlines(of: 1).isEmpty)
        #expect(try home.rows(of: 1) == 0)
        #expect(try await remove(home, 1) == 0)
        try await home.write([SampleSpan(trace: 1, id: 3, parent: 1)])
        #expect(try await home.summary(1)?.number == 11)
        #expect(try await home.summary(1)?.spanCount == 1)
        try await home.reopen()
        #expect(try await home.summary(1)?.number == 11)
        #expect(try await home.summary(2)?.number == 2)
        await home.store.close()
    }

    @Test func `a trace of which only log records have arrived can be deleted`() async throws {
        let home = try RetentionStore()
        try await home.write([
            SampleRecord("gen_ai.choice", trace: 1, span: 2).saying(("content", "secret-of-a-record"))
        ])
        #expect(try await remove(home, 1) == 1)
        #expect(try home.rows(of: 1) == 0)
        #expect(try await !home.filesContain("secret-of-a-record"))
    }

    @Test func `a project keeps its trace when that of another one is deleted`() async throws {
        let home = try RetentionStore()
        for project in ["a", "b"] { try await home.write([SampleSpan(trace: 1, id: 1)], project: project) }
        let bytes = try home.number("SELECT sum(part_bytes) FROM projects")
        #expect(bytes == (try home.number("SELECT sum(length(payload)) FROM parts")))
        #expect(try await remove(home, 1, .only("b")) == 1)
        #expect(try await home.summary(1)?.project == "a")
        #expect(try home.number("SELECT part_bytes FROM projects WHERE name='b'") == 0)
        #expect(try home.number("SELECT part_bytes FROM projects WHERE name='a'") == bytes / 2)
        #expect(try await remove(home, 1, .only("c")) == 0)
        await home.store.close()
    }

    @Test func `those who follow changes are told of a deleted trace`() async throws {
        let home = try RetentionStore()
        try await home.write([SampleSpan(trace: 1, id: 1)], project: "a")
        let before = home.store.feed.position
        #expect(try await remove(home, 1, .only("a")) == 1)
        let deleted = DeletedTrace(traceID: RetentionStore.id(1), project: "a")
        #expect(home.store.feed.changes(after: before) == [.deleted(1, deleted)])
        await home.store.close()
    }

    @Test func `traces that match a query are deleted page by page`() async throws {
        let home = try RetentionStore()
        let spans = (1...250 as ClosedRange<UInt64>).map { trace in
            SampleSpan(trace: trace, id: 1, at: trace * 1_000, lasting: trace % 2 == 0 ? 5_000_000 : 1_000)
        }
        try await home.write(spans)
        var query = TraceQuery()
        query.minDuration = 5_000_000
        var deleted: [Int] = []
        repeat {
            let step = try await home.store.removeTraces(matching: query)
            deleted.append(step.deleted)
            query.after = step.next
        } while query.after != nil
        #expect(deleted == [100, 25])
        query = TraceQuery()
        query.isCounted = true
        #expect(try await home.store.traces(matching: query).total == 125)
        await home.store.close()
    }

    @Test(arguments: [false, true])
    func `a large trace goes in slices, also over a restart, and nothing shows half of it`(_ isInterrupted: Bool)
        async throws
    {
        let home = try RetentionStore()
        // Counted one by one: what is done by hand below leaves statistics alone.
        var all = CallQuery()
        all.includesUncounted = true
        let spans = (2...12_001 as ClosedRange<UInt64>).map { call($0, trace: 1) }
        try await home.write([SampleSpan(trace: 1, id: 1)] + spans)
        try await home.write([SampleSpan(trace: 2, id: 1), call(2, trace: 2)])
        if isInterrupted {
            // What the first transaction of its removal leaves.
            try home.execute(
                """
                UPDATE traces SET trace_id=x'', start_ns=-1, has_llm=0 WHERE trace_no=1;
                DELETE FROM roots WHERE trace_no=1;
                INSERT INTO meta(key, value) VALUES('removing', 1);
                """
            )
            #expect(try await home.store.calls(matching: all).total == 1)
            try await home.reopen()
            await home.store.settle()
        } else {
            #expect(try await remove(home, 1) == 1)
        }
        #expect(try await home.summary(1) == nil)
        #expect(try await home.store.calls(matching: isInterrupted ? all : CallQuery()).total == 1)
        #expect(try home.rows(of: 1) == 0)
        #expect(try home.number("SELECT count(*) FROM meta WHERE key='removing'") == 0)
        #expect(
            try home.number("SELECT part_bytes FROM projects")
                == (try home.number("SELECT sum(length(payload)) FROM parts"))
        )
        await home.store.close()
    }

    @Test func `spans that come while their trace is deleted are stored, in the old trace or a new one`() async throws {
        // Nothing is kept in memory: each write reads the trace first.
        let home = try RetentionStore(cacheBytes: 0)
        for round in 0..<20 as Range<UInt64> {
            try await home.write([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 2, id: 1)])
            let store = home.store
            let spans = [1, 2].map { SampleSpan(trace: $0, id: 100 + round, parent: 1) }
            async let late = RetentionStore.write(spans, to: store)
            async let removed = store.removeTraces(of: RetentionStore.id(1), in: .all, isDryRun: false)
            let receipt = try await late
            #expect(receipt.stored == 2)
            #expect(try await removed == 1)
        }
        #expect(try await home.summary(2)?.spanCount == 21)
        await home.store.close()
    }

    @Test func `a call that another trace showed first is linked to no trace that is gone`() async throws {
        let home = try RetentionStore()
        for trace in 1...3 as ClosedRange<UInt64> { try await home.write([call(2, trace: trace, response: "r")]) }
        #expect(try await home.store.calls(matching: CallQuery()).total == 1)
        #expect(try await remove(home, 1) == 1)
        // The next one counts.
        #expect(try await home.store.calls(matching: CallQuery()).total == 1)
        #expect(try await remove(home, 2) == 1)
        #expect(try await remove(home, 3) == 1)
        try await home.write([call(2, trace: 4, response: "r")])
        try await home.write([call(2, trace: 5, response: "r")])
        #expect(try await home.store.calls(matching: CallQuery()).total == 1)
        #expect(try home.number("SELECT count(*) FROM linked_traces WHERE trace_no < 4") == 0)
        #expect(try home.number("SELECT count(*) FROM linked_traces") == 2)
        await home.store.close()
    }

    @Test func `space is given back, and what was deleted is in no file any more`() async throws {
        let home = try RetentionStore()
        var random = SystemRandomNumberGenerator()
        for trace in 1...20 as ClosedRange<UInt64> {
            let noise = (0..<15_000).map { _ in String(random.next(), radix: 36) }.joined()
            try await home.write([SampleSpan(trace: trace, id: 1).with(("note", .text("marker-\(trace)-" + noise)))])
        }
        let before = try home.number("PRAGMA page_count")
        #expect(before > 100)
        for trace in 1...19 as ClosedRange<UInt64> { #expect(try await remove(home, trace) == 1) }
        await home.store.settle()
        #expect(try home.number("PRAGMA freelist_count") == 0)
        #expect(try home.number("PRAGMA page_count") < before / 3)
        await home.store.close()
        let size = try FileManager.default.attributesOfItem(atPath: home.store.path)[.size] as? NSNumber
        #expect((size?.int64Value ?? 0) < before * 16_384 / 3)
    }
}
