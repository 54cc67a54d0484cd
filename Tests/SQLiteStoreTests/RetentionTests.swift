// RetentionTests.swift - traces go when they are too old or too many.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct RetentionTests {
    @Test func `traces go so many days after their newest span was stored`() async throws {
        let home = try RetentionStore(RetentionLimits(days: 10))
        try await home.write([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 2, id: 1)])
        home.pass(days: 9)
        try await home.write([SampleSpan(trace: 2, id: 2, parent: 1), SampleSpan(trace: 3, id: 1)])
        await home.store.settle()
        #expect(try await home.summary(1) != nil)
        home.pass(days: 1)
        await home.store.settle()
        #expect(try await home.summary(1) == nil)
        #expect(try await home.summary(2)?.spanCount == 2)
        // Passed over before: found by the round of each day.
        home.pass(days: 10)
        await home.store.settle()
        #expect(try await home.summary(2) == nil)
        #expect(try await home.summary(3) == nil)
        await home.store.close()
    }

    @Test func `a project has days of its own, and may keep its traces for ever`() async throws {
        let home = try RetentionStore(
            RetentionLimits(days: 10),
            projects: ["short": RetentionLimits(days: 1), "ever": RetentionLimits(days: 0)]
        )
        for project in ["ever", "short", "other"] {
            try await home.write([SampleSpan(trace: 1, id: 1)], project: project)
        }
        home.pass(days: 2)
        await home.store.settle()
        #expect(try await home.summary(1, project: "short") == nil)
        #expect(try await home.summary(1, project: "other") != nil)
        home.pass(days: 20)
        await home.store.settle()
        #expect(try await home.summary(1, project: "other") == nil)
        #expect(try await home.summary(1, project: "ever") != nil)
        await home.store.close()
    }

    @Test func `the oldest traces of a project go when its payloads come to more than its share`() async throws {
        let home = try RetentionStore(projects: ["small": RetentionLimits(maxBytes: 30_000)])
        for trace in 1...20 as ClosedRange<UInt64> {
            for project in ["small", "large"] {
                try await home.write(
                    [SampleSpan(trace: trace, id: 1).with(("noise", .text(noise(4_000))))],
                    project: project
                )
            }
        }
        await home.store.settle()
        let bytes = try home.number("SELECT part_bytes FROM projects WHERE name='small'")
        #expect(bytes <= 30_000 && bytes > 20_000)
        #expect(try await home.summary(1, project: "small") == nil)
        #expect(try await home.summary(20, project: "small") != nil)
        #expect(try await home.summary(1, project: "large") != nil)
        await home.store.close()
    }

    @Test func `the oldest traces go when the database is larger than its limit`() async throws {
        let limit: Int64 = 8 << 20
        let home = try RetentionStore(RetentionLimits(maxBytes: limit))
        for trace in 1...300 as ClosedRange<UInt64> {
            try await home.write([SampleSpan(trace: trace, id: 1).with(("noise", .text(noise(60_000))))])
        }
        await home.store.settle()
        #expect(try home.number("SELECT (SELECT * FROM pragma_page_count) * 16384") <= limit)
        #expect(try await home.summary(1) == nil)
        #expect(try await home.summary(300) != nil)
        let rest = try home.number("SELECT count(*) FROM traces")
        let gone = try home.number("SELECT min(trace_no) - 1 FROM traces")
        #expect(rest > 50 && rest == 300 - gone)
        await home.store.close()
    }

    @Test func `what is kept for ranges of traces goes with the last of them`() async throws {
        let home = try RetentionStore(RetentionLimits(days: 1), cacheBytes: 0, bucket: 4)
        for trace in 1...20 as ClosedRange<UInt64> { try await home.write([SampleSpan(trace: trace, id: 1)]) }
        try home.execute("CREATE TABLE text_0(x); CREATE TABLE text_x(x)")
        #expect(try home.number("SELECT count(*) FROM trace_index") > 12)
        home.pass(days: 2)
        try await home.write([SampleSpan(trace: 21, id: 1)])
        await home.store.settle()
        #expect(try home.number("SELECT count(*) FROM trace_index WHERE bucket < 5") == 0)
        #expect(try home.number("SELECT count(*) FROM sqlite_schema WHERE name='text_0'") == 1)
        #expect(try await home.summary(21) != nil)
        #expect(try await home.summary(3) == nil)
        await home.store.close()
    }

    private func noise(_ count: Int) -> String {
        var random = SystemRandomNumberGenerator()
        var text = ""
        while text.utf8.count < count { text += String(random.next(), radix: 36) }
        return text
    }
}
