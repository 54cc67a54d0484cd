// DiskUse.swift - how large the database is, and how much of it has to go.

import Glibc
import TraceStore

/// How large the database is.
struct DiskUse: Equatable {
    static let pageBytes: Int64 = 16_384

    /// Bytes of pages that hold something.
    var used: Int64
    /// Pages that are free to be used again, or to be given back.
    var freePages: Int64
    /// Bytes of the database file, as it is or will be.
    var file: Int64
    /// Bytes of its log.
    var log: Int64
}

extension DiskUse {
    /// Looks at a database.
    init(_ connection: SQLiteConnection, path: String) throws(StoreError) {
        let pages = try Self.number("PRAGMA page_count", connection)
        freePages = try Self.number("PRAGMA freelist_count", connection)
        used = (pages - freePages) * Self.pageBytes
        file = max(pages * Self.pageBytes, Self.size(of: path))
        log = Self.size(of: path + "-wal")
    }

    private static func number(_ sql: String, _ connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let search = try connection.statement(sql)
        defer { search.reset() }
        return try search.step() ? search.integer(0) : 0
    }

    private static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}

/// A limit for the database with its log.
struct SizeLimit {
    let bytes: Int64
    /// Whether traces are being deleted until there is some room again.
    private(set) var isReducing = false
    /// How far the pages in use are above what they should be, in parts of the limit.
    private(set) var excess = 0.0
    /// Bytes that are to go until there is some room again.
    private(set) var surplus: Int64 = 0
    /// Whether the files together are above the limit, so that free pages have to be given back.
    private(set) var isFileTooLarge = false
    /// Whether the log is to be moved into the file and cut.
    private(set) var isLogTooLarge = false

    init(bytes: Int64) {
        self.bytes = bytes
    }

    /// Pages of the log that start a checkpoint, so that the log is a small part of the whole.
    var logPages: Int32 {
        Int32(clamping: min(Int64(Checkpointer.threshold), max(bytes / 32 / DiskUse.pageBytes, 64)))
    }

    /// What the pages in use may come to: the rest is for the log, and for what arrives while the oldest traces go.
    ///
    /// A log that has grown beyond that is cut instead of deleting more.
    func goal(_ use: DiskUse) -> Int64 {
        let most = bytes * 3 / 10
        let log = max(min(use.log, most), min(bytes / 5, 128 << 20))
        return max(bytes - log - bytes / 50, bytes / 4)
    }

    mutating func note(_ use: DiskUse) {
        let goal = goal(use)
        excess = Double(use.used - goal) / Double(bytes)
        surplus = use.used - goal + bytes / 100
        isReducing = use.used > (isReducing ? goal - bytes / 100 : goal)
        isLogTooLarge = use.log > max(bytes / 5, 4 << 20)
        isFileTooLarge = use.file + use.log > bytes && use.freePages > 0
    }

    /// Nothing is left that could be deleted.
    mutating func giveUp() {
        isReducing = false
    }

    /// How much time deletion gets for each moment that ingest takes.
    var share: Double {
        guard isReducing else { return isFileTooLarge ? 0.25 : 0 }
        return excess < 0.01 ? 0.3 : excess < 0.03 ? 1 : 3
    }
}
