// RowTableTests.swift - rows of queries in columns.

import Testing
import TraceModel

@testable import TerminalText

struct RowTableTests {
    private func text(_ width: Int?, _ columns: [String], _ rows: [[SQLValue]]) -> String {
        var table = RowTable(TextPlace(width: width))
        var bytes = table.begin(columns)
        for row in rows { bytes += table.row(row) }
        bytes += table.end()
        return String(decoding: bytes, as: UTF8.self)
    }

    private func words(_ text: String) -> SQLValue { .text(Array(text.utf8)) }

    @Test func `rows are in columns, numbers at the right`() {
        let rows: [[SQLValue]] = [
            [words("gpt-4"), .integer(12_345), .real(0.25)], [words("日本"), .null, .real(10)],
            [.null, .integer(-1), .blob([0, 0xAB])],
        ]
        #expect(
            text(nil, ["model", "calls", "usd"], rows) == """
                model  calls  usd
                gpt-4  12345  0.25
                日本       -  10.0
                -         -1  00ab

                """
        )
        #expect(text(nil, ["model"], []) == "model\n")
    }

    @Test func `text of strangers does not steer the terminal`() {
        let hostile = words("\u{1B}[2J\r\n\u{202E}a\0")
        let shown = text(80, ["a\u{1B}b"], [[hostile]])
        #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E })
        #expect(shown.contains(#"\u{1B}[2J\r\n\u{202E}a\u{0}"#))
        // Cut in the midst of a character, and bytes that are no text.
        #expect(text(80, ["x"], [[.text([0xFF, 0x1B, 0xC3])]]).contains(#"\u{1B}"#))
    }

    @Test(arguments: [30, 80, 200])
    func `in a terminal a row fits its width, however long a value`(_ width: Int) {
        let rows = (0..<400).map { row -> [SQLValue] in
            [
                .integer(Int64(row)), words(String(repeating: "日a", count: row * 50)),
                .blob(Array(repeating: 1, count: row)),
            ]
        }
        for line in text(width, ["number", "text", "bytes"], rows).split(separator: "\n") {
            #expect(line.columns <= width)
        }
    }

    @Test func `in a file nothing is cut, and a long value does not widen the others`() {
        let long = String(repeating: "x", count: 5_000)
        let shown = text(nil, ["a", "b"], [[words(long), .integer(1)], [words("short"), .integer(2)]])
        let lines = shown.split(separator: "\n")
        #expect(lines[1] == long + "  1")
        #expect(lines[2].count < 100)
    }

    @Test func `rows are written while they come`() {
        var table = RowTable(TextPlace(width: 40))
        _ = table.begin(["n"])
        var written = 0
        for number in 0..<1_000 {
            let bytes = table.row([.integer(Int64(number))])
            if number >= 256 { #expect(!bytes.isEmpty) }
            written += bytes.count
        }
        #expect(written > 1_000 && table.end().isEmpty)
        var other = RowTable(TextPlace(width: 40))
        _ = other.begin(["text"])
        let large = SQLValue.text(Array(repeating: 0x61, count: 3 << 20))
        // One that is cut takes no room; whole ones are not kept waiting.
        #expect(other.row([large]).isEmpty)
        var file = RowTable(TextPlace(width: nil))
        _ = file.begin(["text"])
        #expect(!file.row([large]).isEmpty)
    }

    @Test func `a second result stands apart`() {
        var table = RowTable(TextPlace(width: nil))
        var bytes: [UInt8] = []
        for name in ["a", "b"] {
            bytes += table.begin([name])
            bytes += table.row([.integer(1)]) + table.end()
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "a\n1\n\nb\n1\n")
    }
}
