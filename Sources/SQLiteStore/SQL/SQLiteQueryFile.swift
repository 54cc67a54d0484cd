// SQLiteQueryFile.swift - SQL of a person on the file of a store.

import Foundation
import GRDBSQLite
public import TraceModel
public import TraceStore

/// A database that is only read, with the table `spans` beside its own tables.
///
/// A collector may write to the file meanwhile. Not `Sendable`: it belongs to the thread that works with it.
public final class SQLiteQueryFile {
    private let connection: SQLiteConnection

    /// The path of the database in a data directory.
    public static func path(in directory: String) -> String {
        directory + "/" + DatabaseSetup.fileName
    }

    /// Opens the file; it is neither made nor changed.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - extraction: Reads spans that are stored already, as they were read on arrival.
    /// - Throws: `StoreError`: `notFound` when there is no file, `unsupported` when it is no database of Skein or one of
    ///   another version, `unavailable` when it cannot be opened.
    public convenience init(path: String, extraction: any SpanExtraction) throws(StoreError) {
        try self.init(path: path, extraction: extraction, bucketSize: SQLiteStoreConfig(directory: "").tracesPerBucket)
    }

    init(path: String, extraction: any SpanExtraction, bucketSize: Int64) throws(StoreError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(
                code: .notFound,
                message: "there is no database \(path): name its folder with --data-dir, or start 'skein serve' first"
            )
        }
        connection = try SQLiteConnection(reading: path)
        try Self.checkVersion(connection, path)
        try connection.execute("PRAGMA query_only=ON")
        let source = try SpanSource(connection, extraction: extraction, bucketSize: bucketSize)
        try SpanTable.add(to: connection, source)
    }

    private static func checkVersion(_ connection: SQLiteConnection, _ path: String) throws(StoreError) {
        guard sqlite3_exec(connection.handle, "SELECT count(*) FROM sqlite_schema", nil, nil, nil) == SQLITE_OK else {
            throw failureToRead(connection, path)
        }
        let version = try connection.integer("PRAGMA user_version") ?? 0
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name IN ('traces', 'parts')")
        let wanted = DatabaseSetup.schemaVersion
        guard version > 0, tables == 2 else {
            throw StoreError(code: .unsupported, message: "\(path) is no database of Skein")
        }
        guard version >= wanted else {
            throw StoreError(
                code: .unsupported,
                message: """
                    the database \(path) has schema \(version), this program reads \(wanted): start 'skein serve' of \
                    this version on it once, which brings it up to date
                    """
            )
        }
        guard version == wanted else {
            throw StoreError(
                code: .unsupported,
                message: """
                    the database \(path) has schema \(version), this program reads \(wanted): use the newer version of \
                    skein that wrote it
                    """
            )
        }
    }

    /// Why the first look at a file failed.
    private static func failureToRead(_ connection: SQLiteConnection, _ path: String) -> StoreError {
        switch sqlite3_extended_errcode(connection.handle) & 0xFF {
        case SQLITE_NOTADB:
            StoreError(code: .unsupported, message: "\(path) is no database of Skein")
        case SQLITE_CANTOPEN, SQLITE_READONLY:
            StoreError(
                code: .unavailable,
                message: """
                    the database \(path) cannot be read: SQLite makes files beside it, and this user may not write in its \
                    folder; run this as the owner of the folder, or on a copy elsewhere
                    """
            )
        default:
            connection.failure()
        }
    }

    /// Runs the statements of a text one after the other, row by row.
    ///
    /// - Parameters:
    ///   - sql: Statements with semicolons between.
    ///   - format: How their rows are written down.
    ///   - write: Takes what is to be written.
    /// - Throws: `StoreError`: `invalid` with what SQLite says of a statement; else `unavailable`. What `write` throws.
    public func run(_ sql: String, as format: any SQLRowFormat, _ write: ([UInt8]) throws -> Void) throws {
        var format = format
        try sql.utf8CString.withUnsafeBufferPointer { text in
            var next = text.baseAddress
            while let start = next, start.pointee != 0 {
                var statement: OpaquePointer?
                let code = sqlite3_prepare_v3(connection.handle, start, -1, 0, &statement, &next)
                defer { sqlite3_finalize(statement) }
                guard code == SQLITE_OK else { throw refusal() }
                // Nothing but white space or a comment.
                guard let statement else { continue }
                guard sqlite3_stmt_readonly(statement) != 0 else { throw Self.writes }
                try run(statement, &format, write)
            }
        }
    }

    private func run(
        _ statement: OpaquePointer,
        _ format: inout any SQLRowFormat,
        _ write: ([UInt8]) throws -> Void
    ) throws {
        let columns = (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
        }
        if !columns.isEmpty { try write(format.begin(columns)) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                try write(format.row(columns.indices.map { SQLValue(statement, column: Int32($0)) }))
            case SQLITE_DONE:
                if !columns.isEmpty { try write(format.end()) }
                return
            default:
                let failure = refusal()
                if !columns.isEmpty { try write(format.end()) }
                throw failure
            }
        }
    }

    private static let writes = StoreError(
        code: .invalid,
        message: "a statement would change something; here the database is only read"
    )

    /// What SQLite says of the last statement.
    private func refusal() -> StoreError {
        let isOfFile = [
            SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_NOMEM, SQLITE_BUSY,
        ].contains(sqlite3_extended_errcode(connection.handle) & 0xFF)
        if isOfFile { return connection.failure() }
        return StoreError(code: .invalid, message: "SQL: " + String(cString: sqlite3_errmsg(connection.handle)))
    }
}
