// RowFormTests.swift - rows of queries for programs.

import Testing
import TraceModel

@testable import QueryAPI

struct RowFormTests {
    private let rows: [[SQLValue]] = [
        [.integer(.max), .real(0.1), .text(Array("a\"\n\0é".utf8)), .blob([0, 255]), .null],
        [.integer(.min), .real(.infinity), .text([0xFF, 0x61]), .blob([]), .text([])],
    ]

    private func text(_ format: some SQLRowFormat, _ columns: [String]) -> String {
        var format = format
        var bytes = format.begin(columns)
        for row in rows { bytes += format.row(row) }
        bytes += format.end()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `each row is an object on a line of its own, with exact numbers`() {
        #expect(
            text(RowLines(), ["n", "r", "t", "b", "nothing"]) == """
                {"n":9223372036854775807,"r":0.1,"t":"a\\"\\n\\u0000é","b":"00ff","nothing":null}
                {"n":-9223372036854775808,"r":"Infinity","t":"\u{FFFD}a","b":"","nothing":""}

                """
        )
    }

    @Test func `columns of one name are told apart`() {
        let line = text(RowLines(), ["id", "id", "id:1", "id", "a\"b"]).split(separator: "\n")[0]
        for name in [#"{"id":"#, #","id:2":"#, #","id:1":"#, #","id:3":"#, #","a\"b":"#] {
            #expect(line.contains(name))
        }
    }

    @Test func `a table with commas follows RFC 4180`() {
        #expect(
            text(RowCSV(), ["n", "a,b", "t", "b", "=1"])
                == "n,\"a,b\",t,b,\"'=1\"\r\n9223372036854775807,0.1,\"a\"\"\n\0é\",00ff,\r\n"
                + "-9223372036854775808,Infinity,\u{FFFD}a,,\r\n"
        )
    }
}
