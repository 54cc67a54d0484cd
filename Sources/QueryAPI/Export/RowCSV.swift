// RowCSV.swift - rows of queries as a table (RFC 4180).

import OTLPCodec
public import TraceModel

/// Rows of SQL queries as a table (RFC 4180) with the names of its columns in the first line.
///
/// Null is an empty cell, bytes are lower-case hex. Text that a spreadsheet would run gets an apostrophe before it.
public struct RowCSV: SQLRowFormat {
    /// Makes the form.
    public init() {}

    /// See `SQLRowFormat`.
    public mutating func begin(_ columns: [String]) -> [UInt8] {
        var row = CSVRow()
        for column in columns { row.add(column) }
        row.end()
        return row.bytes
    }

    /// See `SQLRowFormat`.
    public mutating func row(_ values: [SQLValue]) -> [UInt8] {
        var row = CSVRow()
        for value in values {
            if case .text(let text) = value {
                row.add(String(decoding: text, as: UTF8.self))
            } else {
                row.add { $0.appendJSON(value) }
            }
        }
        row.end()
        return row.bytes
    }

    /// See `SQLRowFormat`.
    public mutating func end() -> [UInt8] { [] }
}
