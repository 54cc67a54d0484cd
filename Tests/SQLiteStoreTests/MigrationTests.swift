// MigrationTests.swift - a file of an older version is taken to this one's schema.

import Foundation
@testable import SQLiteStore
import TestSupport
import Testing
import TraceModel
import TraceStore

struct MigrationTests {
    /// A folder with a database of schema 1.
    private static func oldFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let schema = try String(contentsOf: Fixtures.folder.appendingPathComponent("schema-1.sql"), encoding: .utf8)
        let connection = try SQLiteConnection(path: folder + "/skein.db")
        try connection.execute("PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;")
        try connection.execute(schema + "INSERT INTO projects(name) VALUES('shop'); PRAGMA user_version=1;")
        return folder
    }

    /// The schema without comments and white space, which do not change what it means.
    private static func schema(_ path: String) throws -> [String] {
        let connection = try DatabaseSetup.open(path: path)
        let rows = try SQLiteStatement(connection, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        var found: [String] = []
        while try rows.step() {
            let lines = rows.text(0).split(separator: "\n").map { $0.prefix { $0 != "-" } }
            found.append(lines.joined().filter { !$0.isWhitespace })
        }
        return found
    }

    @Test func `an older schema becomes the same as a new one, and keeps its rows`() async throws {
        let old = try Self.oldFolder()
        let new = old + "-new"
        defer { for folder in [old, new] { try? FileManager.default.removeItem(atPath: folder) } }
        try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
        #expect(try Self.schema(old + "/skein.db") == Self.schema(new + "/skein.db"))
        let connection = try SQLiteConnection(path: old + "/skein.db")
        #expect(try connection.integer("PRAGMA user_version") == DatabaseSetup.schemaVersion)
        #expect(try connection.integer("SELECT count(*) FROM projects WHERE name='shop'") == 1)
        let keys = try SQLiteKeyFile(directory: old)
        let key = AccessKey(id: "a", name: "", project: "shop", scopes: [.read], hash: [1], createdAt: 1)
        try await keys.addKey(key)
        #expect(try await keys.keys() == [key])
        #expect(try connection.integer("SELECT count(*) FROM projects") == 1)
    }

    @Test func `the keys of a file that a server has open are not touched beside it`() throws {
        let folder = try Self.oldFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lock = try DirectoryLock(directory: folder)
        let error = #expect(throws: StoreError.self) { try SQLiteKeyFile(directory: folder) }
        #expect(error?.code == .unavailable)
        lock.release()
        #expect(throws: Never.self) { try SQLiteKeyFile(directory: folder) }
    }
}
