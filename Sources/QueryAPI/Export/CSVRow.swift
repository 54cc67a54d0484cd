// CSVRow.swift - a row of a table (RFC 4180).

import OTLPCodec
import TraceModel

/// A row of a table, written cell by cell (RFC 4180).
///
/// Text that comes from outside and that a spreadsheet would run as a formula gets an apostrophe before it.
struct CSVRow {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// A row of names of our own, with its end.
    static func head(_ names: [String]) -> [UInt8] {
        Array((names.joined(separator: ",") + "\r\n").utf8)
    }

    /// Adds text from outside; an empty cell for nil.
    mutating func add(_ text: String?) {
        separate()
        guard let text, let first = text.utf8.first else { return }
        let isFormula = Self.formulaBytes.contains(first)
        guard isFormula || text.utf8.contains(where: { Self.quotedBytes.contains($0) }) else {
            return bytes.append(contentsOf: text.utf8)
        }
        bytes.append(Self.quote)
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in text.utf8 {
            bytes.append(byte)
            if byte == Self.quote { bytes.append(byte) }
        }
        bytes.append(Self.quote)
    }

    /// Adds texts from outside in one cell, separated by semicolons.
    mutating func add(_ texts: [String]) {
        add(texts.joined(separator: ";"))
    }

    /// Adds a number, a time or another value of ours, as it stands in JSON; an empty cell for null.
    mutating func add(json append: (inout [UInt8]) -> Void) {
        separate()
        let start = bytes.count
        append(&bytes)
        if bytes[start...].elementsEqual("null".utf8) { return bytes.removeSubrange(start...) }
        // A time is a string in JSON; it has no quotes within.
        if bytes[start...].first == Self.quote {
            bytes.remove(at: start)
            bytes.removeLast()
        }
    }

    /// Adds a number; an empty cell for nil.
    mutating func add(_ number: (some FixedWidthInteger)?) {
        add { $0.appendJSON(number) }
    }

    /// Adds an amount of USD; an empty cell for nil.
    mutating func add(_ amount: PicoUSD?) {
        separate()
        if let amount { bytes.append(contentsOf: amount.decimal.utf8) }
    }

    /// Ends the row.
    mutating func end() {
        bytes.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
        isFirst = true
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private static let quote = UInt8(ascii: "\"")
    private static let quotedBytes = Array("\",\r\n".utf8)
    /// What begins a formula in a spreadsheet, maybe behind white space that it drops.
    private static let formulaBytes = Array("=+-@\t\r\n".utf8)
}
