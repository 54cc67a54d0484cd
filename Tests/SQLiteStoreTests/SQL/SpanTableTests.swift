// SpanTableTests.swift - the table of spans: which spans, which values, and what is not read for them.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct SpanTableTests {
    private func hex(_ trace: UInt64) -> String { RetentionStore.id(trace).hex }

    @Test func `a file without traces has no spans`() throws {
        let home = try RetentionStore()
        let file = try home.queries()
        #expect(try file.texts("SELECT count(*) FROM spans") == ["0"])
        #expect(try file.rows("SELECT * FROM spans WHERE trace_id = '\(hex(1))'").isEmpty)
        #expect(try file.rows("SELECT * FROM spans WHERE trace_id = 'nonsense' OR project = 'none'").isEmpty)
    }

    @Test func `a row has what its span says`() async throws {
        let home = try RetentionStore()
        var span = SampleSpan(trace: 1, id: 2, parent: 1, name: "chat", lasting: 1_500_000).with(
            ("gen_ai.request.model", "gpt-4"),
            ("n", .whole(.max))
        )
        span.status = 2
        try await home.write([SampleSpan(trace: 1, id: 1, at: 123_456_789), span], project: "shop")
        let file = try home.queries()
        let row = try #require(
            try file.rows(
                """
                SELECT trace_id, span_id, parent_span_id, project, service, name, kind, start_time, end_time, duration_ms,
                    status, status_message, scope_name, scope_version, trace_state, attributes, events, links, resource,
                    scope, start_ns, end_ns, trace_no FROM spans WHERE name = 'chat'
                """
            ).first
        )
        let start: Int64 = 1_700_000_000_000_000_000
        let texts = [
            hex(1), "0000000000000002", "0000000000000001", "shop", "test", "chat", "unspecified",
            "2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.001Z",
        ]
        #expect(row.prefix(9) == texts.map { .text(Array($0.utf8)) }[...])
        #expect(row[9] == .real(1.5))
        #expect(row[10] == .text(Array("ERROR".utf8)) && row[11] == .null)
        #expect(row[12] == .text(Array("tests".utf8)) && row[13] == .null && row[14] == .null)
        let json = [
            #"{"gen_ai.request.model":"gpt-4","n":9223372036854775807}"#, "[]", "[]",
            #"{"attributes":{"service.name":"test"}}"#, #"{"name":"tests","version":"","attributes":{}}"#,
        ]
        #expect(row[15..<20] == json.map { .text(Array($0.utf8)) }[...])
        #expect(Array(row[20...]) == [.integer(start), .integer(start + 1_500_000), .integer(1)])
        #expect(try file.texts("SELECT parent_span_id FROM spans WHERE name = 'step'") == ["null"])
        let model = #"SELECT json_extract(attributes, '$."gen_ai.request.model"') FROM spans WHERE span_id LIKE '%2'"#
        #expect(try file.texts(model) == ["gpt-4"])
        #expect(try file.texts("SELECT name FROM pragma_table_info('spans')") == SpanColumn.allCases.map(\.name))
        await home.store.close()
    }

    @Test(arguments: [131_072, 3] as [Int64])
    func `a trace is found by its id through an index, also one that came after the first question`(
        _ bucket: Int64
    ) async throws {
        let home = try RetentionStore(bucket: bucket)
        for trace in 1...20 as ClosedRange<UInt64> {
            try await home.write([SampleSpan(trace: trace, id: trace)])
            if trace == 10 { try await home.write([SampleSpan(trace: 4, id: 99)], project: "other") }
        }
        let file = try home.queries()
        func ids(_ trace: UInt64) throws -> [String] {
            try file.texts("SELECT span_id FROM spans WHERE trace_id = '\(hex(trace))' ORDER BY span_id")
        }
        for trace in 1...20 as ClosedRange<UInt64> where trace != 4 { #expect(try ids(trace) == [SpanID(trace).hex]) }
        #expect(try ids(4) == [SpanID(4).hex, SpanID(99).hex])
        for trace in 21...40 as ClosedRange<UInt64> { try await home.write([SampleSpan(trace: trace, id: trace)]) }
        for trace in 1...40 as ClosedRange<UInt64> where trace != 4 { #expect(try ids(trace) == [SpanID(trace).hex]) }
        #expect(try await home.store.removeTraces(of: RetentionStore.id(5), in: .all, isDryRun: false) == 1)
        #expect(try ids(5) == [])
        let some = "SELECT count(*) FROM spans WHERE trace_id IN ('\(hex(1))', '\(hex(30))', '\(hex(5))', 'x', NULL)"
        #expect(try file.texts(some) == ["2"])
        await home.store.close()
    }

    @Test func `a plan shows which conditions lead to traces, and joins go by them`() throws {
        let home = try RetentionStore()
        let file = try home.queries()
        func plan(_ sql: String) throws -> [String] {
            try file.rows("EXPLAIN QUERY PLAN " + sql).map { row in
                guard case .text(let text) = row[3] else { return "" }
                return String(decoding: text, as: UTF8.self)
            }
        }
        #expect(try plan("SELECT * FROM spans WHERE trace_id = 'x'")[0].hasSuffix(":trace_id="))
        #expect(try plan("SELECT * FROM spans WHERE trace_id COLLATE NOCASE = 'x'")[0].hasSuffix(":"))
        #expect(
            try plan("SELECT * FROM spans WHERE project = 'p' AND start_time > '2026' ORDER BY trace_no DESC")
                .map { $0.split(separator: ":").last } == ["project= start_time> newest first"]
        )
        for join in [
            "SELECT s.attributes FROM v_calls c JOIN spans s ON s.trace_id = c.trace_id AND s.span_id = c.span_id",
            "SELECT s.attributes FROM spans s JOIN v_calls c USING (trace_id, span_id) WHERE c.cost_usd > 1",
        ] {
            let steps = try plan(join)
            #expect(steps.contains { $0.hasSuffix(":trace_id= span_id=") }, "\(steps)")
        }
        for join in [
            "SELECT s.name FROM v_traces t JOIN spans s USING (trace_no) WHERE t.status = 'error'",
            "SELECT s.name FROM traces t, spans s WHERE s.trace_no = t.trace_no AND t.cost > 5",
        ] {
            let steps = try plan(join)
            #expect(steps.contains { $0.hasSuffix(":trace_no=") }, "\(steps)")
        }
    }

    @Test func `of several versions of a span the one that counts is shown, once`() async throws {
        let home = try RetentionStore(cacheBytes: 0)
        var pending = SampleSpan(trace: 1, id: 2, name: "pending", lasting: 9_000_000)
        pending.attributes = [("logfire.span_type", "pending_span")]
        let first = SampleSpan(trace: 1, id: 2, name: "first", lasting: 10)
        let last = SampleSpan(trace: 1, id: 2, name: "last", lasting: 20)
        // Equal in all but their bytes, the greater ones in the middle.
        let equal = ["b", "c", "a"].map { SampleSpan(trace: 1, id: 3, name: $0) }
        try await home.write([SampleSpan(trace: 1, id: 1, name: "only"), first, equal[0], first])
        try await home.write([last, equal[1]])
        try await home.write([SampleSpan(trace: 1, id: 4, name: "other"), pending, equal[2], first])
        let file = try home.queries()
        #expect(try file.texts("SELECT name FROM spans ORDER BY span_id") == ["only", "last", "c", "other"])
        #expect(try file.texts("SELECT count(*) FROM spans") == ["4"])
        #expect(
            try file.texts("SELECT name FROM spans WHERE trace_no = 1 AND span_id = '\(SpanID(2).hex)'") == ["last"]
        )
        let shown = try await home.store.outlines(of: 1)
        #expect(try file.texts("SELECT end_ns FROM spans ORDER BY span_id") == shown.map { "\($0.end)" })
        await home.store.close()
    }

    @Test func `only what is asked for is decoded`() async throws {
        let home = try RetentionStore()
        for id in 1...3 as ClosedRange<UInt64> {
            try await home.write([SampleSpan(trace: 1, id: id, name: "in part \(id)")])
        }
        try home.execute("UPDATE parts SET payload = x'' WHERE part_id & 16777215 > 0")
        let file = try home.queries()
        #expect(try file.texts("SELECT name FROM spans LIMIT 1") == ["in part 1"])
        #expect(try file.texts("SELECT span_id FROM spans") == (1...3).map { SpanID($0).hex })
        #expect(try file.texts("SELECT count(*) FROM spans WHERE project = 'default'") == ["3"])
        let error = #expect(throws: StoreError.self) { try file.rows("SELECT name FROM spans") }
        #expect(error?.message.contains("damaged") == true)
        await home.store.close()
    }

    @Test func `traces that are leaving, and those with nothing but log records, are not there`() async throws {
        let home = try RetentionStore()
        try await home.write([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 2, id: 2)])
        try await home.write([SampleRecord("gen_ai.choice", trace: 2, span: 2).saying(("content", "a"))])
        try await home.write([SampleRecord("gen_ai.choice", trace: 3, span: 3).saying(("content", "a"))])
        try home.execute("UPDATE traces SET trace_id = x'' WHERE trace_no = 1; DELETE FROM roots WHERE trace_no = 1")
        let file = try home.queries()
        #expect(try file.texts("SELECT span_id FROM spans") == [SpanID(2).hex])
        #expect(try file.rows("SELECT * FROM spans WHERE trace_id = '\(hex(1))'").isEmpty)
        await home.store.close()
    }
}
