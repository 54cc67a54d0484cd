// ListTextTests.swift - tables of traces, calls and statistics.

import Testing
import TraceModel

@testable import TerminalText

struct ListTextTests {
    private static func answer(_ text: String) throws -> JSONValue {
        try #require(APIJSON.read(Array(text.utf8)))
    }

    private static func traces() throws -> JSONValue {
        try answer(
            """
            {"data":[
            {"trace_id":"af1d91ee87d39a206c40aa84d9b1204f","start_time":"2026-11-21T05:28:20.000Z","duration_ms":1234,
            "status":"ok","span_count":3,"complete":true,"root_span":{"name":"user-query"},
            "llm_summary":{"model":"gpt-4","tokens_input":150,"tokens_output":200,"cost":0.0135}},
            {"trace_id":"af1d91ee97d39a206c40aa84d9b1204f","start_time":"2026-11-21T05:28:19.000Z","duration_ms":20,
            "status":"error","span_count":12000,"complete":false,"root_span":{"name":"日本語\\u001b[2J"},"llm_summary":null},
            {"trace_id":"bb1d91ee97d39a206c40aa84d9b1204f","start_time":"2026-11-21T05:28:18.000Z","duration_ms":0,
            "status":"ok","span_count":1,"complete":false,"root_span":{"name":""},
            "llm_summary":{"model":null,"tokens_input":null,"tokens_output":0,"cost":null}}
            ],"pagination":{"has_more":true}}
            """
        )
    }

    @Test func `traces are a table`() throws {
        let text = ListText.traces(try Self.traces(), TextPlace(width: 120))
        #expect(
            text == """
                TIME                 NAME             MODEL   IN  OUT     COST  DURATION  STATUS   SPANS  ID
                2026-11-21 05:28:20  user-query       gpt-4  150  200  $0.0135     1.23s  ok           3  af1d91ee8
                2026-11-21 05:28:19  日本語\\u{1B}[2J  -        -    -        -      20ms  error   12,000  af1d91ee9
                2026-11-21 05:28:18                   -        -    0        -       0ms  ok …         1  bb1d91ee9

                """
        )
    }

    @Test func `a narrow terminal gets shorter names, then fewer columns`() throws {
        for width in [40, 60, 80, 100] {
            let lines = ListText.traces(try Self.traces(), TextPlace(width: width)).split(separator: "\n")
            #expect(lines.allSatisfy { $0.columns <= max(width, 56) }, "\(lines)")
            #expect(lines.first?.contains("COST") == true)
        }
    }

    @Test func `that there are more is said beside the list`() throws {
        #expect(ListText.remark(try Self.traces()) == "there are more: --limit N shows more of them")
        let calls = try Self.answer("{\"traces\":[],\"total\":8212,\"has_more\":true}")
        #expect(ListText.remark(calls) == "there are more: --limit N shows more of them, 8,212 in all")
        #expect(ListText.remark(try Self.answer("{\"traces\":[],\"total\":8,\"has_more\":false}")) == nil)
    }

    @Test func `a pipe gets whole ids`() throws {
        let text = ListText.traces(try Self.traces(), TextPlace(width: nil))
        #expect(text.contains("  af1d91ee87d39a206c40aa84d9b1204f\n"))
    }

    @Test func `nothing is said to be nothing`() throws {
        #expect(ListText.traces(try Self.answer("{\"data\":[]}"), TextPlace(width: nil)) == "no traces\n")
        #expect(ListText.calls(try Self.answer("{\"traces\":[]}"), TextPlace(width: nil)) == "no calls\n")
    }

    @Test func `calls are a table`() throws {
        let answer = try Self.answer(
            """
            {"traces":[{"request_id":"t_af1d91ee87d39a206c40aa84d9b1204fac0afcf2f70ffffb","model":"gpt-4",
            "provider":"openai","tokens_in":150,"tokens_out":200,"cost_usd":0.0000123,"latency_ms":1010,
            "status":"timeout","created_at":"2026-11-21T05:28:20Z"}],"total":1,"has_more":false}
            """
        )
        #expect(
            ListText.calls(answer, TextPlace(width: 120)) == """
                TIME                 MODEL  PROVIDER   IN  OUT       COST  LATENCY  STATUS   TRACE
                2026-11-21 05:28:20  gpt-4  openai    150  200  $0.000012    1.01s  timeout  af1d91ee

                """
        )
    }

    @Test func `statistics never show unknown as zero`() throws {
        let answer = try Self.answer(
            """
            {"data":[{"start_time":"2026-11-21T00:00:00.000Z","end_time":"2026-11-22T00:00:00.000Z",
            "group":{"model":"gpt-4"},"calls":12,"traces":3,"errors":0,"tokens_input":1200000,"tokens_output":null,
            "tokens_cache_read":600000,"tokens_cache_write":null,"tokens_reasoning":null,"tokens_embedding":null,
            "cost":0.00000001,"cache_hit_share":0.5,"latency_ms":{"p50":812,"p90":900,"p95":1000,"p99":2000},
            "time_to_first_token_ms":null}],"interval":"day","group_by":["model"]}
            """
        )
        let lines = StatsText.stats(answer, TextPlace(width: nil)).split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        }
        #expect(
            lines == [
                [
                    "FROM", "MODEL", "CALLS", "TRACES", "ERRORS", "IN", "OUT", "EMBEDDED", "REASONING", "CACHED",
                    "COST",
                    "P50", "P95", "P99", "TTFT", "P50",
                ],
                [
                    "2026-11-21", "gpt-4", "12", "3", "0", "1.20M", "-", "-", "-", "50%", "$0.00000001", "812ms",
                    "1.00s",
                    "2.00s", "-",
                ],
            ]
        )
    }
}
