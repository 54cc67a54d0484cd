// JoiningFileTests.swift - writes are joined on their way to the file, and nobody else sees a difference.

import Foundation
import GRDB
import Testing

@testable import SQLiteStore

/// A database written through `SQLiteConnection`, whose file system layer joins writes, and read through SQLite's own.
struct JoiningFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
    private var path: String { folder.path + "/test.db" }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func `what is committed is seen by other connections at once, however large the transaction`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try made(pages: 2000)
        let reader = try DatabaseQueue(path: path)
        // The transactions fit the kept bytes, just about fit them, and are far larger.
        for bytes in [100, 119 << 10, 121 << 10, 3 << 20] {
            try insert(writer, count: 7, bytes: bytes)
            let count = try reader.read { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM t WHERE length(body)=?", arguments: [bytes])
            }
            #expect(count == 7)
        }
        #expect(try reader.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test func `pages that leave a small cache before the commit are read back by their writer`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try made(pages: 10)
        try writer.execute("BEGIN")
        for number in 0..<200 { try writer.execute("INSERT INTO t(body) VALUES(randomblob(\(9_000 + number)))") }
        #expect(try writer.integer("SELECT count(*) FROM t WHERE length(body) BETWEEN 9000 AND 9199") == 200)
        try writer.execute("UPDATE t SET body = randomblob(9999) WHERE rowid % 2 = 0")
        try writer.execute("ROLLBACK")
        try insert(writer, count: 3, bytes: 50_000)
        let reader = try DatabaseQueue(path: path)
        #expect(try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 3)
        #expect(try reader.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test func `a checkpoint brings every page into the file`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try made(pages: 2000)
        try insert(writer, count: 300, bytes: 20_000)
        try writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        // The file alone, as a user would copy it.
        try FileManager.default.copyItem(atPath: path, toPath: path + "-copy")
        let copy = try DatabaseQueue(path: path + "-copy")
        #expect(try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 300)
        #expect(try copy.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    private func made(pages: Int) throws -> SQLiteStore.SQLiteConnection {
        let connection = try SQLiteStore.SQLiteConnection(path: path)
        try connection.execute(
            """
            PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;
            PRAGMA cache_size=\(pages); CREATE TABLE t(body BLOB NOT NULL);
            """
        )
        return connection
    }

    private func insert(_ connection: SQLiteStore.SQLiteConnection, count: Int, bytes: Int) throws {
        try connection.execute("BEGIN")
        for _ in 0..<count { try connection.execute("INSERT INTO t(body) VALUES(randomblob(\(bytes)))") }
        try connection.execute("COMMIT")
    }
}
