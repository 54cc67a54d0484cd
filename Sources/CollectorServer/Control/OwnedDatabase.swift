// OwnedDatabase.swift - SQL on the data of a directory, for the commands of its owner.

import Foundation
import QueryAPI
import SQLiteStore
public import TraceModel
import TraceStore

/// Runs SQL on the database of a data directory, also while a collector runs on it.
public enum OwnedDatabase {
    /// Rows as JSON, one object a line.
    public static var jsonLines: any SQLRowFormat { RowLines() }

    /// Rows as a table with commas (RFC 4180).
    public static var csv: any SQLRowFormat { RowCSV() }

    /// Runs statements one after the other, with the table `spans` beside those of the file.
    ///
    /// The file is only read.
    ///
    /// - Parameters:
    ///   - sql: Statements with semicolons between.
    ///   - file: The database; nil for the one in the data directory.
    ///   - config: The data directory, and the settings that spans are read with.
    ///   - format: How rows are written down.
    ///   - write: Takes what is to be written.
    /// - Throws: `StoreError` when there is no such database, or with what SQLite says of a statement; `PriceError` when
    ///   the price table is damaged; what `write` throws.
    public static func run(
        _ sql: String,
        file: String?,
        config: CollectorConfig,
        as format: any SQLRowFormat,
        _ write: ([UInt8]) throws -> Void
    ) throws {
        let path = file ?? SQLiteQueryFile.path(in: config.dataDirectory)
        try SQLiteQueryFile(path: path, extraction: try config.extraction()).run(sql, as: format, write)
    }

    /// Makes sure that a data directory has a database, for what works on stored spans and so makes none.
    ///
    /// - Throws: `StoreError` with code `notFound` when there is none; not when nobody can tell.
    static func require(in directory: String) throws(StoreError) {
        // A file that may not be looked at is for the store to explain.
        guard access(SQLiteQueryFile.path(in: directory), F_OK) != 0, [ENOENT, ENOTDIR].contains(errno) else { return }
        throw StoreError(
            code: .notFound,
            message: """
                there is no Skein database in \(directory): name the folder that has one with --data-dir \
                (SKEIN_DATA_DIR), or start 'skein serve' first
                """
        )
    }
}
