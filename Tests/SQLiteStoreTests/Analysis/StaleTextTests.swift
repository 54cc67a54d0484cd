// StaleTextTests.swift - words of what is gone leave the index.

import Foundation
import NIOConcurrencyHelpers
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct StaleTextTests {
    private typealias Fixture = IndexFixture

    /// Waits until a query gives a number.
    private func wait(_ fixture: IndexFixture, until sql: String, gives number: Int64) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try fixture.column(sql) != [number] {
            try #require(ContinuousClock.now < deadline, "\(sql)")
            await Task.yield()
        }
    }

    private func remove(_ trace: UInt64, _ store: SQLiteTraceStore) async throws {
        #expect(try await store.removeTraces(of: RetentionStore.id(trace), in: .all, isDryRun: false) == 1)
    }

    @Test func `words of a deleted trace are gone from the files after a day, and others are still found`() async throws
    {
        try await Fixture.run { fixture in
            let long = "a conversation that is longer than what is told apart by its hash, about "
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                try await Fixture.write(store, Fixture.call(2, trace: 1, asking: long + "unforgettablesecret"))
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: long + "keepsake"))
                try await Fixture.wait(store)
                try await remove(1, store)
                await store.settle()
                #expect(try fixture.hits("unforgettablesecret").count == 1)
                #expect(try fixture.column("SELECT count(*) FROM meta WHERE key='stale_text_0'") == [1])
                fixture.time.withLockedValue { $0 += StaleTexts.interval }
                await store.settle()
                try await Fixture.wait(store)
                try await wait(
                    fixture,
                    until: "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'retired_*'",
                    gives: 0
                )
                try await wait(fixture, until: "SELECT count(*) FROM meta WHERE key GLOB '*ing_text*'", gives: 0)
            }
            #expect(try fixture.hits("unforgettablesecret") == [])
            #expect(try fixture.hits("keepsake") == [TextKey.call(2 << 24)])
            #expect(try fixture.column("SELECT count(*) FROM meta WHERE key GLOB 'stale_text_*'") == [0])
            #expect(try fixture.column("SELECT count(*) FROM attributes") == [1])
            for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
            where name.hasPrefix("skein.db") {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.folder + "/" + name))
                #expect(bytes.range(of: Data("unforgettablesecret".utf8)) == nil, "\(name)")
            }
        }
    }

    @Test func `once the last trace is deleted the index is gone at once`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                try await Fixture.write(store, Fixture.call(2, trace: 1, asking: "gone"))
                try await Fixture.wait(store)
                try await remove(1, store)
                await store.settle()
                try await wait(fixture, until: "SELECT count(*) FROM sqlite_schema WHERE name GLOB '*text_*'", gives: 0)
                try await Fixture.write(store, Fixture.call(2, trace: 2, asking: "here"))
                try await Fixture.wait(store)
            }
            #expect(try fixture.hits("gone") == [])
            #expect(try fixture.hits("here").count == 1)
        }
    }

    @Test func `a renewal that a stop cut off is finished after the next start`() async throws {
        try await Fixture.run { fixture in
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                for trace in 1...3 as ClosedRange<UInt64> {
                    try await Fixture.write(store, Fixture.call(2, trace: trace, asking: "word\(trace)"))
                }
            }
            let connection = try SQLiteConnection(path: fixture.folder + "/skein.db")
            try TextTables.retire(0, in: connection)
            try connection.execute("INSERT INTO meta(key, value) VALUES('\(StaleTexts.openKey)', 0)")
            connection.forgetStatements()
            try await fixture.indexed { (store: SQLiteTraceStore) async throws -> Void in
                try await wait(fixture, until: "SELECT count(*) FROM meta WHERE key='\(StaleTexts.openKey)'", gives: 0)
                try await Fixture.wait(store)
            }
            for trace in 1...3 as ClosedRange<Int64> {
                #expect(try fixture.hits("word\(trace)") == [TextKey.call(trace << 24)])
            }
        }
    }
}
