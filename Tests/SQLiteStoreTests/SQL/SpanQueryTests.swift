// SpanQueryTests.swift - conditions narrow down and never leave out; what senders and people do to it does no harm.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct SpanQueryTests {
    private static func filled() async throws -> RetentionStore {
        let home = try RetentionStore(bucket: 4)
        for trace in 1...12 as ClosedRange<UInt64> {
            let day = (trace * 7 % 12) * 86_400_000_000_000
            var spans = (1...3).map { SampleSpan(trace: trace, id: trace * 10 + $0, at: day + $0 * 3_600_000_000_000) }
            // Without a start, and with an end before it.
            if trace % 5 == 0 { spans[1].start = 0 }
            if trace % 4 == 0 { spans[2].end = 5 }
            if trace == 11 { spans[2].end = .max }
            try await home.write(spans, project: trace % 3 == 0 ? "shop" : "bank")
        }
        return home
    }

    private static let conditions = [
        "trace_no = 3", "trace_no > 4", "trace_no >= 4 AND trace_no < 6", "trace_no = '7'", "trace_no = 2.0",
        "trace_no IN (1, 2, 99)", "trace_no > 2.5", "trace_no = NULL", "trace_no > 9223372036854775807",
        "project = 'shop'", "project = 'none'", "project IN ('shop', 'none')", "project = 5", "project = NULL",
        "start_time >= '2023-11-20'", "start_time < '2023-11-20'", "start_time <= '2023-11-20T01:13:20.000Z'",
        "start_time > '2023-11-20T01:13:20.000Z' AND start_time < '2023-11-23'", "start_time > ''",
        "start_time < '1980'", "start_time > 5", "start_time < x'00'", "start_ns > 1700500000000000000",
        "start_ns < 1700500000000000000", "start_ns <= 0", "start_ns > 1.7005e18",
        "start_ns < '1700500000000000000'",
        "trace_id = '0000000000000ABCD0000000000000003'", "trace_id = '000000000000ABCD0000000000000003'",
        "trace_id = '000000000000abcd0000000000000003'", "trace_id = '000000000000abcd-0000000000000003'",
        "trace_id = '000000000000abcd0000000000000003' AND project = 'bank'",
        "trace_id = '000000000000abcd0000000000000003' AND project = 'shop' AND trace_no > 1",
        "trace_id = x'000000000000abcd0000000000000003'", "trace_id = 7", "span_id = '000000000000001f'",
        "span_id = '000000000000001F'", "span_id = '1f'", "span_id = 31",
        "trace_no = 3 AND span_id = '000000000000001f'",
        "trace_no = 3 OR span_id = '000000000000001f' OR trace_no < 2 OR project = 'shop'",
        "trace_id = '000000000000abcd0000000000000003' OR trace_id = '000000000000abcd0000000000000004' OR trace_no = 3",
    ]

    @Test func `a condition that leads to traces gives the rows that it gives without`() async throws {
        let home = try await Self.filled()
        let file = try home.queries()
        let columns = "trace_no, span_id, start_ns"
        // A copy of the table has nothing that leads anywhere.
        let all = "SELECT trace_no, span_id, project, start_time, start_ns, trace_id FROM spans LIMIT -1 OFFSET 0"
        for condition in Self.conditions {
            let plain = try file.rows("SELECT \(columns) FROM (\(all)) WHERE \(condition) ORDER BY 1, 2")
            let led = try file.rows("SELECT \(columns) FROM spans WHERE \(condition) ORDER BY trace_no, span_id")
            #expect(led == plain, "\(condition)")
        }
        await home.store.close()
    }

    @Test func `traces come in the order that is asked for`() async throws {
        let home = try await Self.filled()
        let file = try home.queries()
        let numbers = try file.texts("SELECT DISTINCT trace_no FROM spans ORDER BY trace_no").compactMap { Int($0) }
        #expect(numbers == numbers.sorted() && numbers.count == 12)
        #expect(
            try file.texts("SELECT trace_no FROM spans ORDER BY trace_no DESC LIMIT 4") == ["12", "12", "12", "11"]
        )
        await home.store.close()
    }

    @Test func `spans join with calls, traces and themselves`() async throws {
        let home = try RetentionStore()
        let call = SampleSpan(trace: 1, id: 2, parent: 1, name: "chat").with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "m"),
            ("gen_ai.usage.input_tokens", 10)
        )
        try await home.write([SampleSpan(trace: 1, id: 1, name: "root"), call, SampleSpan(trace: 2, id: 3)])
        let file = try home.queries()
        let joins = [
            "SELECT s.name FROM v_calls c JOIN spans s USING (trace_no, span_id)",
            "SELECT s.name FROM v_calls c JOIN spans s USING (trace_id, span_id)",
            "SELECT s.name FROM spans s JOIN spans p ON p.trace_no = s.trace_no AND p.span_id = s.parent_span_id",
            "SELECT s.name FROM spans s, v_traces t WHERE t.trace_id = s.trace_id AND s.parent_span_id IS NOT NULL",
        ]
        for join in joins { #expect(try file.texts(join) == ["chat"], "\(join)") }
        await home.store.close()
    }

    @Test func `a statement sees the file as of one moment`() async throws {
        let home = try RetentionStore()
        for trace in 1...3 as ClosedRange<UInt64> { try await home.write([SampleSpan(trace: trace, id: 1)]) }
        let file = try home.queries()
        let rows = try file.rows("SELECT span_id FROM spans") {
            try home.execute("UPDATE traces SET span_count = 0 WHERE trace_no = 3")
        }
        #expect(rows.count == 3)
        #expect(try file.rows("SELECT span_id FROM spans").count == 2)
        await home.store.close()
    }

    @Test func `text with NUL, bytes that are no text, and a prompt of 20 MB are values like others`() async throws {
        let home = try RetentionStore()
        let prompt = String(repeating: "Tell me \"all\".\n", count: (20 << 20) / 15)
        let bytes = WireWriter { value in
            value.string(1, "raw")
            value.message(2) { $0.sized(7, [0xFF, 0x00, 0xC3]) }
        }
        let span = WireWriter { span in
            span.raw(SampleSpan(trace: 1, id: 1, name: "a\0b").with(("nul", "x\0y"), ("prompt", .text(prompt))).bytes)
            span.sized(9, bytes.bytes)
        }
        let request = WireWriter { $0.message(1) { $0.message(2) { $0.sized(2, span.bytes) } } }
        try await home.write(request: request.bytes)
        let file = try home.queries()
        let row = try file.rows(
            """
            SELECT name, attributes ->> '$.raw', length(attributes ->> '$.prompt'), hex(attributes ->> '$.nul'),
                length(attributes) > 20000000, service FROM spans
            """
        )
        let nul: [SQLValue] = [.text(Array("78".utf8)), .text(Array("780079".utf8))]
        #expect(
            row.first.map { Array($0.prefix(3)) } == [
                .text(Array("a\0b".utf8)), .text(Array("/wDD".utf8)), .integer(Int64(prompt.utf8.count)),
            ]
        )
        // SQLite 3.40 ends text from JSON at a NUL.
        #expect(row.first.map { nul.contains($0[3]) } == true)
        #expect(row.first.map { Array($0.suffix(2)) } == [.integer(1), .null])
        await home.store.close()
    }

    @Test func `the file is only read`() async throws {
        let home = try RetentionStore()
        try await home.write([SampleSpan(trace: 1, id: 1)])
        let file = try home.queries()
        for sql in [
            "DELETE FROM traces", "CREATE TEMP TABLE t(x)", "INSERT INTO spans(name) VALUES('x')", "DROP TABLE parts",
            "PRAGMA journal_mode=DELETE", "VACUUM INTO '\(home.folder)/copy.db'",
            "PRAGMA query_only=0; DELETE FROM traces",
            "BEGIN IMMEDIATE", "ATTACH '\(home.folder)/new.db' AS n", "SELECT 1; DROP TABLE spans",
            "UPDATE spans SET name = 'x'", "PRAGMA user_version=9",
        ] {
            #expect(throws: StoreError.self, "\(sql)") { try file.rows(sql) }
        }
        #expect(try home.number("SELECT count(*) FROM traces") == 1)
        let there = try FileManager.default.contentsOfDirectory(atPath: home.folder)
        #expect(!there.contains("copy.db") && !there.contains("new.db"))
        await home.store.close()
    }

    @Test func `statements run one after the other until one fails`() throws {
        let file = try RetentionStore().queries()
        let collector = RowCollector()
        let script = "-- a comment\nSELECT 1 AS a;; SELECT 2 AS b, 3 AS c ; /* nothing */ SELECT missing; SELECT 4"
        let error = #expect(throws: StoreError.self) { try file.run(script, as: collector) { _ in } }
        #expect(error?.message == "SQL: no such column: missing")
        #expect(collector.columns == [["a"], ["b", "c"]])
        #expect(collector.rows == [[.integer(1)], [.integer(2), .integer(3)]])
        #expect(try file.rows(" ; -- nothing").isEmpty)
    }

    @Test func `a file that cannot be read says what to do`() async throws {
        let home = try RetentionStore()
        func message(_ path: String) -> String {
            do {
                _ = try SQLiteQueryFile(path: path, extraction: NoExtraction())
                return ""
            } catch {
                return error.message
            }
        }
        #expect(message(home.folder + "/none.db").contains("skein serve"))
        #expect(!FileManager.default.fileExists(atPath: home.folder + "/none.db"))
        try Data("no database at all, but long enough to be looked at".utf8)
            .write(to: URL(fileURLWithPath: home.folder + "/text.db"))
        #expect(message(home.folder + "/text.db").contains("no database of Skein"))
        let other = home.folder + "/other.db"
        try SQLiteConnection(path: other).execute("CREATE TABLE t(x); PRAGMA user_version=4")
        #expect(message(other).contains("no database of Skein"))
        await home.store.close()
        try home.execute("PRAGMA user_version=3")
        #expect(message(home.store.path).contains("brings it up to date"))
        try home.execute("PRAGMA user_version=99")
        #expect(message(home.store.path).contains("newer version"))
    }
}

/// For files of which nothing is read.
private struct NoExtraction: SpanExtraction {
    func extract(_ batch: SpanBatch) throws -> SpanBatch { batch }
}
