// RowCollector.swift - the rows of a query on the file of a test's store.

import IngestPipeline
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

/// Keeps the rows of queries.
final class RowCollector: SQLRowFormat {
    private(set) var columns: [[String]] = []
    private(set) var rows: [[SQLValue]] = []

    func begin(_ columns: [String]) -> [UInt8] {
        self.columns.append(columns)
        return []
    }

    func row(_ values: [SQLValue]) -> [UInt8] {
        rows.append(values)
        return [1]
    }

    func end() -> [UInt8] { [] }
}

extension SQLiteQueryFile {
    /// The rows of all statements.
    func rows(_ sql: String, onRow: () throws -> Void = {}) throws -> [[SQLValue]] {
        let collector = RowCollector()
        try run(sql, as: collector) { if !$0.isEmpty { try onRow() } }
        return collector.rows
    }

    /// The first column as text.
    func texts(_ sql: String) throws -> [String] {
        try rows(sql).map { row in
            switch row[0] {
            case .text(let bytes): String(decoding: bytes, as: UTF8.self)
            case .integer(let number): "\(number)"
            case .real(let number): "\(number)"
            case .blob(let bytes): "\(bytes)"
            case .null: "null"
            }
        }
    }
}

extension RetentionStore {
    /// Opens the file for queries, beside the store.
    func queries() throws -> SQLiteQueryFile {
        try SQLiteQueryFile(path: store.path, extraction: SpanExtractor(), bucketSize: bucket)
    }
}
