// SQLRows.swift - what a SQL query gives, and who writes it down.

/// A value that a SQL query gives, as SQLite tells values apart.
public enum SQLValue: Sendable, Equatable {
    /// No value.
    case null
    /// A whole number of 64 bits.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Text in UTF-8; may hold NUL, and what a damaged file has.
    case text([UInt8])
    /// Bytes.
    case blob([UInt8])
}

/// A form in which the rows of queries are written down, row by row.
///
/// What it keeps between two rows is bounded. Several results follow each other: `begin`, rows, `end`, and again.
public protocol SQLRowFormat {
    /// Begins a result.
    ///
    /// - Parameter columns: The names of its columns; may be empty, and the same for several.
    /// - Returns: What is to be written now.
    mutating func begin(_ columns: [String]) -> [UInt8]

    /// Takes the next row.
    ///
    /// - Parameter values: One for each column.
    /// - Returns: What is to be written now.
    mutating func row(_ values: [SQLValue]) -> [UInt8]

    /// Ends the result.
    ///
    /// - Returns: What is still to be written.
    mutating func end() -> [UInt8]
}
