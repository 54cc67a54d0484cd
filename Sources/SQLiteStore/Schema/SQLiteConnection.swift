// SQLiteConnection.swift - one SQLite connection through the C API, for the path where every microsecond counts.

import CSQLiteSetup
import GRDBSQLite
import Glibc
import TraceModel
import TraceStore

/// One connection to a database.
///
/// Not `Sendable`: it belongs to the thread that works with it.
final class SQLiteConnection {
    let handle: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens or creates a database, for writing in WAL mode with `synchronous=FULL`.
    ///
    /// - Throws: `StoreError` with code `unavailable` when the file cannot be opened.
    init(path: String) throws(StoreError) {
        skein_sqlite_setup()
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, SKEIN_JOINING_VFS)
        guard code == SQLITE_OK, let opened else {
            let reason = opened.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw StoreError(code: .unavailable, message: "cannot open the database \(path): \(reason)")
        }
        // SQLite takes a file that it may not write for reading alone, and would never try again.
        guard sqlite3_db_readonly(opened, "main") != 1 else {
            sqlite3_close_v2(opened)
            throw StoreError(
                code: .unavailable,
                message: "the database \(path) is read-only: make its file and folder writable for this user"
            )
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, 5_000)
    }

    /// Opens a database that is there, for reading alone.
    ///
    /// - Throws: `StoreError` with code `unavailable` when the file cannot be opened.
    init(reading path: String) throws(StoreError) {
        skein_sqlite_setup()
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let reason = opened.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw StoreError(code: .unavailable, message: "cannot open the database \(path): \(reason)")
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, 5_000)
    }

    deinit {
        statements.removeAll()
        sqlite3_wal_hook(handle, nil, nil)
        sqlite3_close_v2(handle)
    }

    /// Runs SQL text that returns no rows that matter.
    func execute(_ sql: String) throws(StoreError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    /// The first column of the first row, as an integer.
    func integer(_ sql: String) throws(StoreError) -> Int64? {
        let statement = try SQLiteStatement(self, sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// A statement that is compiled once and kept.
    ///
    /// For what runs often `KeptStatement` saves the look-up.
    func statement(_ sql: String) throws(StoreError) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        let made = try SQLiteStatement(self, sql)
        statements[sql] = made
        return made
    }

    /// Pages in the write-ahead log, as of the last commit of this connection.
    private(set) var logPages: Int32 = 0

    /// Keeps `logPages` up to date, in place of SQLite's own automatic checkpoints.
    ///
    /// The hook borrows this connection: it is taken off again in `deinit`, before the handle closes.
    func countLogPages() {
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().logPages = pages
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Rows that the last statement inserted, changed or deleted.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Lets go of the kept statements, which refer to this connection as it refers to them.
    func forgetStatements() {
        statements.removeAll()
    }

    /// The last error as a `StoreError`.
    func failure() -> StoreError {
        let code = sqlite3_extended_errcode(handle)
        let reason = String(cString: sqlite3_errmsg(handle))
        let family = code & 0xFF
        let system = family == SQLITE_IOERR ? sqlite3_system_errno(handle) : 0
        if family == SQLITE_FULL || [ENOSPC, EDQUOT].contains(system) {
            return StoreError(code: .unavailable, message: "the disk is full: free space where the database lies")
        }
        if family == SQLITE_READONLY || [EROFS, EPERM, EACCES].contains(system) {
            return StoreError(
                code: .unavailable,
                message: "the database is read-only: make its file and folder writable"
            )
        }
        let isDamaged = [SQLITE_CORRUPT, SQLITE_NOTADB].contains(family)
        let what = isDamaged ? "is damaged" : "failed"
        return StoreError(code: .unavailable, message: "the database \(what): \(reason) (SQLite code \(code))")
    }
}

/// One compiled statement.
///
/// Parameters are numbered from 1, columns from 0.
///
/// Bound bytes are not copied: they must stay valid until `step` has returned.
final class SQLiteStatement {
    private let connection: SQLiteConnection
    private let handle: OpaquePointer

    init(_ connection: SQLiteConnection, _ sql: String) throws(StoreError) {
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw connection.failure() }
        handle = made
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(handle)
    }

    func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(handle, index, value)
    }

    func bind(_ index: Int32, _ value: Int) {
        sqlite3_bind_int64(handle, index, Int64(value))
    }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value {
            sqlite3_bind_int64(handle, index, value)
        } else {
            sqlite3_bind_null(handle, index)
        }
    }

    /// Binds text; copied by SQLite.
    func bind(_ index: Int32, _ value: String?) {
        guard var value else {
            sqlite3_bind_null(handle, index)
            return
        }
        value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                _ = sqlite3_bind_text(handle, index, text.baseAddress, Int32(text.count), Self.transient)
            }
        }
    }

    /// Binds text given as UTF-8; copied by SQLite.
    func bind(_ index: Int32, text: [UInt8]) {
        text.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            _ = sqlite3_bind_text(handle, index, start, Int32(bytes.count), Self.transient)
        }
    }

    /// Binds bytes; copied by SQLite.
    func bind(_ index: Int32, blob: some Collection<UInt8>) {
        let done: Void? = blob.withContiguousStorageIfAvailable { bytes in
            bind(index, copying: UnsafeRawBufferPointer(bytes))
        }
        if done == nil {
            Array(blob).withUnsafeBytes { bind(index, copying: $0) }
        }
    }

    /// Binds the 16 bytes of a trace id.
    func bind(_ index: Int32, id: TraceID) {
        withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { bind(index, copying: $0) }
    }

    /// Binds the eight bytes of a span id.
    func bind(_ index: Int32, id: SpanID) {
        withUnsafeBytes(of: id.value.bigEndian) { bind(index, copying: $0) }
    }

    /// Binds a large value without a copy, and runs the statement.
    func run(_ index: Int32, borrowing blob: [UInt8]) throws(StoreError) {
        let code = blob.withUnsafeBytes { bytes in
            sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), nil)
            return sqlite3_step(handle)
        }
        defer {
            sqlite3_reset(handle)
            sqlite3_bind_null(handle, index)
        }
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw connection.failure() }
    }

    private func bind(_ index: Int32, copying bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty {
            sqlite3_bind_zeroblob(handle, index, 0)
        } else {
            sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), Self.transient)
        }
    }

    func bindNull(_ index: Int32) {
        sqlite3_bind_null(handle, index)
    }

    /// Moves to the next row; false at the end.
    ///
    /// Resets on failure.
    func step() throws(StoreError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            return false
        default:
            let failure = connection.failure()
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Runs a statement without rows and makes it ready for the next use.
    func run() throws(StoreError) {
        _ = try step()
        sqlite3_reset(handle)
    }

    /// Makes the statement ready for the next use.
    func reset() {
        sqlite3_reset(handle)
    }

    func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    func text(_ column: Int32) -> String {
        sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
    }

    /// The bytes of a column; valid until the next `step` or `reset`.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        let count = Int(sqlite3_column_bytes(handle, column))
        return UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, column), count: count)
    }

    /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
    static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

/// A statement that is compiled at its first use and kept by whoever runs it often.
struct KeptStatement {
    private let sql: String
    private var made: SQLiteStatement?

    init(_ sql: String) {
        self.sql = sql
    }

    mutating func on(_ connection: SQLiteConnection) throws(StoreError) -> SQLiteStatement {
        if let made { return made }
        let fresh = try SQLiteStatement(connection, sql)
        made = fresh
        return fresh
    }
}
