// ReindexTests.swift - the index made again.

import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct ReindexTests {
    private typealias Fixture = IndexFixture

    private func reindex(_ store: SQLiteTraceStore) async throws -> Int {
        var parts = 0
        var after: Int64?
        repeat {
            let step = try await store.reindex(after: after)
            parts += step.parts
            after = step.next
        } while after != nil
        return parts
    }

    @Test func `what came while the index was off is found after a reindex`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed(indexesText: false) { store in
                try await Fixture.write(store, Fixture.call(2, asking: "silence"))
            }
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                #expect(try await reindex(store) == 1)
            }
            #expect(try fixture.hits("silence") == [TextKey.call(1 << 24)])
        }
    }

    @Test func `everything is found again, once, and the former index is gone`() async throws {
        try await Fixture.run { fixture in
            let long = "zebra " + String(repeating: "conversation so far ", count: 10)
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                for trace in 1...30 as ClosedRange<UInt64> {
                    try await Fixture.write(store, Fixture.call(2, trace: trace, asking: "\(long) word\(trace)"))
                }
                try await Fixture.wait(store)
                #expect(try await reindex(store) == 30)
                try await Fixture.wait(store)
                // Once more, while the first one may still be at work.
                #expect(try await reindex(store) == 30)
            }
            #expect(try fixture.hits("zebra").count == 30)
            #expect(try fixture.hits("word30").count == 1)
            #expect(try fixture.column("SELECT count(*) FROM attributes") == [30])
            #expect(try fixture.column("SELECT count(*) FROM prompts") == [30])
            try await fixture.indexed()
            // Former tables are removed in slices when nothing else is to be done, and at the latest with what comes.
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                let deadline = ContinuousClock.now + .seconds(60)
                while try fixture.column("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'retired_*'") != [0] {
                    try #require(ContinuousClock.now < deadline)
                    await Task.yield()
                }
            }
            #expect(try fixture.hits("zebra").count == 30)
            #expect(try fixture.column("PRAGMA quick_check").isEmpty == false)
        }
    }

    @Test func `a reindex that is cut off goes on after the next start`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { try await Fixture.write($0, Fixture.call(2, asking: "again")) }
            let store = try fixture.open(analysis: nil)
            _ = try await store.reindex(after: nil)
            await store.close()
            #expect(try fixture.hits("again") == [])
            try await fixture.indexed()
            #expect(try fixture.hits("again") == [TextKey.call(1 << 24)])
        }
    }

    @Test func `rows of what is no longer found go with a reindex`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { store in
                try await Fixture.write(store, Fixture.call(2, asking: "one"))
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: "two"))
            }
            let connection = try SQLiteConnection(path: fixture.folder + "/skein.db")
            try connection.execute(
                """
                INSERT INTO prompts VALUES(1 << 24 | 9, 5), (2 << 24 | 9, 5), (3 << 24, 5);
                INSERT INTO tool_runs VALUES(1, x'01', 1, 1, 0, 0, 0), (2, x'01', 1, 1, 0, 0, 0), (3, x'01', 1, 1, 0, 0, 0);
                """
            )
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                #expect(try await reindex(store) == 2)
            }
            // Those of a trace that has no parts are not in the way.
            #expect(try fixture.column("SELECT call_id >> 24 FROM prompts WHERE hash = 5") == [3])
            #expect(try fixture.column("SELECT trace_no FROM tool_runs") == [3])
        }
    }
}
