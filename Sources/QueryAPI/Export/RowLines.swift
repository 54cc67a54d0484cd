// RowLines.swift - rows of queries as JSON lines.

import OTLPCodec
public import TraceModel

/// Rows of SQL queries as JSON, one object a line.
///
/// Whole numbers are exact, bytes are lower-case hex as ids are elsewhere, text is a string also where it is JSON. A name
/// that columns share gets a number.
public struct RowLines: SQLRowFormat {
    /// The names with what stands before each value.
    private var names: [[UInt8]] = []

    /// Makes the form.
    public init() {}

    /// See `SQLRowFormat`.
    public mutating func begin(_ columns: [String]) -> [UInt8] {
        var seen: [String: Int] = [:]
        var taken = Set(columns)
        names = columns.enumerated().map { index, column in
            var json = [UInt8(ascii: index > 0 ? "," : "{")]
            json.appendJSON(Self.own(column, &seen, &taken))
            json.append(UInt8(ascii: ":"))
            return json
        }
        return []
    }

    /// See `SQLRowFormat`.
    public mutating func row(_ values: [SQLValue]) -> [UInt8] {
        var json: [UInt8] = []
        for (name, value) in zip(names, values) {
            json.append(contentsOf: name)
            json.appendJSON(value)
        }
        json.append(raw: "}\n")
        return json
    }

    /// See `SQLRowFormat`.
    public mutating func end() -> [UInt8] { [] }

    /// A name that no column before has.
    private static func own(_ column: String, _ seen: inout [String: Int], _ taken: inout Set<String>) -> String {
        guard let count = seen[column] else {
            seen[column] = 1
            return column
        }
        var number = count
        while !taken.insert("\(column):\(number)").inserted { number += 1 }
        seen[column] = number + 1
        return "\(column):\(number)"
    }
}

extension [UInt8] {
    /// Appends a value of a row.
    mutating func appendJSON(_ value: SQLValue) {
        switch value {
        case .null: append(raw: "null")
        case .integer(let number): appendJSON(number)
        case .real(let number): appendJSON(number)
        case .text(let text): text.withUnsafeBytes { appendJSON(text: $0) }
        case .blob(let bytes): bytes.withUnsafeBytes { appendJSON(hex: $0) }
        }
    }
}
