// SQLValue+SQLite.swift - values from SQLite and to it.

import GRDBSQLite
import TraceModel

extension SQLValue {
    /// A value that SQLite hands to a table.
    init(argument value: OpaquePointer?) {
        guard let value else {
            self = .null
            return
        }
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: self = .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: self = .real(sqlite3_value_double(value))
        case SQLITE_TEXT:
            let text = sqlite3_value_text(value)
            self = .text(Self.bytes(text, sqlite3_value_bytes(value)))
        case SQLITE_BLOB:
            let blob = sqlite3_value_blob(value)
            self = .blob(Self.bytes(blob, sqlite3_value_bytes(value)))
        default: self = .null
        }
    }

    /// The value of a column of the row that a statement is on.
    init(_ statement: OpaquePointer, column: Int32) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(statement, column)
            self = .text(Self.bytes(text, sqlite3_column_bytes(statement, column)))
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(statement, column)
            self = .blob(Self.bytes(blob, sqlite3_column_bytes(statement, column)))
        default: self = .null
        }
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int32) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
    }

    private static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int32) -> [UInt8] {
        bytes(UnsafeRawPointer(start), count)
    }

    /// Gives the value to SQLite as that of a column; it copies what it is lent.
    func give(to context: OpaquePointer?) {
        switch self {
        case .null: sqlite3_result_null(context)
        case .integer(let number): sqlite3_result_int64(context, number)
        case .real(let number): sqlite3_result_double(context, number)
        case .text(let text):
            text.withUnsafeBytes { bytes in
                // An empty array may have no address, which would be null.
                let start = bytes.baseAddress ?? UnsafeRawPointer(Self.nothing)
                let count = UInt64(bytes.count)
                let text = start.assumingMemoryBound(to: CChar.self)
                sqlite3_result_text64(context, text, count, SQLiteStatement.transient, UInt8(SQLITE_UTF8))
            }
        case .blob(let blob):
            blob.withUnsafeBytes { bytes in
                let start = bytes.baseAddress ?? UnsafeRawPointer(Self.nothing)
                sqlite3_result_blob64(context, start, UInt64(bytes.count), SQLiteStatement.transient)
            }
        }
    }

    /// An address for what is empty.
    private static var nothing: UnsafePointer<UInt8> {
        ("" as StaticString).utf8Start
    }
}
