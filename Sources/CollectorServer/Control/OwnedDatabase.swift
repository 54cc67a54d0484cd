// OwnedDatabase.swift - SQL on the data of a directory, for the commands of its owner.

import QueryAPI
import SQLiteStore
public import TraceModel

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
}
