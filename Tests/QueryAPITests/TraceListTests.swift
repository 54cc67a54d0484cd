// TraceListTests.swift - GET /v1/traces.

import Foundation
import HTTPTypes
@testable import QueryAPI
import Testing
import TraceModel
import TraceStore

@Suite struct `a list of traces` {
    private func reader(_ count: Int) async -> InMemoryTraceReader {
        let reader = InMemoryTraceReader()
        for number in 1...Int64(max(1, count)) where count > 0 {
            let id = String(repeating: "0", count: 28) + String(1000 + number)
            await reader.add(SampleTrace(number: number, id: id, start: SampleTrace.morning + number / 2 * 1_000_000))
        }
        return reader
    }

    @Test func `an empty store answers an empty page`() async throws {
        let answer = try await ask(reader(0), "/v1/traces")
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer.text == #"{"data":[],"pagination":{"limit":50,"has_more":false,"next_cursor":null}}"#)
    }

    @Test func `the worked example comes out exactly`() async throws {
        let reader = InMemoryTraceReader()
        await reader.add(Self.workedExample)
        let answer = try await ask(reader, "/v1/traces")
        let row = try #require(try answer.list("data").first)
        #expect(row["trace_id"] as? String == SampleTrace.id)
        #expect(row["start_time"] as? String == "2024-01-15T10:30:00.000Z")
        #expect(row["end_time"] as? String == "2024-01-15T10:30:01.234Z")
        #expect(row["duration_ms"] as? Int == 1234)
        #expect(row["span_count"] as? Int == 3)
        #expect(row["status"] as? String == "ok")
        #expect(try answer.string("data.0.root_span.name") == "user-query")
        #expect(try answer.string("data.0.root_span.attributes.user_id") == "user-123")
        #expect(try answer.string("data.0.llm_summary.model") == "gpt-4")
        #expect(answer.text.contains(#""tokens_input":150,"tokens_output":200,"cost":0.0135,"#))
        #expect(answer.text.contains(#""duration_ms":1234,"#))
        #expect(!answer.text.contains("provisional"))
        #expect(row["warnings"] == nil)
    }

    static var workedExample: SampleTrace {
        var trace = SampleTrace(number: 1)
        trace.summary.root.name = "user-query"
        trace.summary.root.attributes = Array(#"{"user_id":"user-123"}"#.utf8)
        trace.summary.spanCount = 3
        var llm = LLMSummary()
        llm.model = "gpt-4"
        llm.tokensInput = 150
        llm.tokensOutput = 200
        llm.cost = PicoUSD(decimal: "0.0135")
        llm.costReported = llm.cost
        llm.calls = 1
        llm.callsWithCost = 1
        llm.providers = ["openai"]
        llm.models = [ModelUse(model: "gpt-4", calls: 1, tokensInput: 150, tokensOutput: 200, cost: llm.cost)]
        trace.summary.llm = llm
        return trace
    }

    @Test func `every member of the summary has its name`() async throws {
        let reader = InMemoryTraceReader()
        await reader.add(Self.workedExample)
        let summary = try #require(try await ask(reader, "/v1/traces").value("data.0.llm_summary") as? NSDictionary)
        let names = [
            "model", "models", "providers", "tokens_input", "tokens_output", "cost", "tokens_cache_read",
            "tokens_cache_write", "tokens_reasoning", "tokens_embedding", "cost_reported", "cost_computed",
            "cost_complete", "calls", "errors", "time_to_first_token_ms",
        ]
        #expect(Set(summary.allKeys as? [String] ?? []) == Set(names))
        #expect(summary["cost_complete"] as? Bool == true)
        #expect(summary["cost_computed"] is NSNull)
        #expect(summary["tokens_cache_read"] is NSNull)
        #expect(
            summary["models"] as? NSArray == [
                ["model": "gpt-4", "calls": 1, "tokens_input": 150, "tokens_output": 200, "cost": 0.0135]
                    as NSDictionary
            ]
        )
    }

    @Test func `a trace without root, calls and certainty says so`() async throws {
        let reader = InMemoryTraceReader()
        var trace = SampleTrace(number: 1)
        trace.summary.root.isProvisional = true
        trace.summary.root.truncated = ["prompt"]
        trace.summary.isComplete = false
        trace.summary.missingParents = 2
        trace.summary.marks = [.timeClamped]
        trace.summary.status = .error
        await reader.add(trace)
        let answer = try await ask(reader, "/v1/traces")
        #expect(try answer.value("data.0.llm_summary") is NSNull)
        #expect(try answer.value("data.0.service") is NSNull)
        #expect(try answer.value("data.0.root_span.provisional") as? Bool == true)
        #expect(try answer.value("data.0.root_span.truncated") as? [String] == ["prompt"])
        #expect(try answer.value("data.0.complete") as? Bool == false)
        #expect(try answer.value("data.0.warnings") as? [String] == ["time_clamped", "parent_missing"])
        #expect(try answer.string("data.0.status") == "error")
    }

    @Test func `cursors lead through all rows, once each`() async throws {
        let reader = await reader(7)
        var seen: [String] = []
        var uri = "/v1/traces?limit=3"
        for _ in 0..<3 {
            let answer = try await ask(reader, uri)
            seen += try answer.list("data").compactMap { $0["trace_id"] as? String }
            guard let next = try answer.string("pagination.next_cursor") else { break }
            #expect(try answer.value("pagination.has_more") as? Bool == true)
            // The limit may change on the way.
            uri = "/v1/traces?limit=2&cursor=\(next)"
        }
        #expect(seen.count == 7)
        #expect(Set(seen).count == 7)
        #expect(seen == seen.sorted(by: >))
    }

    @Test(arguments: ["&model=gpt-4", "&order=asc", "&sort=cost", "&project=other", "&min_cost=0"])
    func `a cursor is refused with other filters`(_ change: String) async throws {
        let reader = await reader(3)
        let cursor = try #require(try await ask(reader, "/v1/traces?limit=1").string("pagination.next_cursor"))
        let same = try await ask(reader, "/v1/traces?view=traces&order=desc&sort=start_time&cursor=\(cursor)")
        #expect(same.status == .ok)
        let answer = try await ask(reader, "/v1/traces?limit=1&cursor=\(cursor)\(change)")
        #expect(answer.status == .badRequest)
        #expect(try answer.string("error.details.parameter") == "cursor")
    }

    @Test(arguments: ["x", "AAAA", String(repeating: "A", count: 36), String(repeating: "%2B", count: 36)])
    func `a malformed cursor is refused`(_ cursor: String) async throws {
        let answer = try await ask(reader(1), "/v1/traces?cursor=\(cursor)")
        #expect(answer.status == .badRequest)
        #expect(try answer.string("error.code") == "invalid_request")
        #expect(try answer.string("error.details.parameter") == "cursor")
    }

    @Test func `a cursor with any bit changed is refused`() async throws {
        let cursor = PageCursor(kind: .traces, value: -1, number: 77, filters: PageCursor.hash([nil, "a"])).text
        #expect(try PageCursor(cursor, kind: .traces).value == -1)
        #expect(try PageCursor(cursor, kind: .traces).number == 77)
        #expect(throws: APIError.self) { try PageCursor(cursor, kind: .spans) }
        #expect(throws: APIError.self) { try PageCursor(cursor + "A", kind: .traces) }
        #expect(PageCursor.hash([nil, "a"]) != PageCursor.hash(["", "a"]))
        #expect(PageCursor.hash(["a", nil]) != PageCursor.hash([nil, "a"]))
        #expect(PageCursor.hash(["ab", "c"]) != PageCursor.hash(["a", "bc"]))
    }

    @Test func `every parameter reaches the store`() async throws {
        let reader = await reader(1)
        let uri =
            "/v1/traces?limit=20&model=GPT-4*&min_latency_ms=1000&max_latency_ms=2000&min_cost=0.05&max_cost=1e1"
            + "&status=error&session_id=s+1&user_id=u%201&service=api&provider=openai&sort=duration_ms&order=asc"
            + "&start_time=2024-01-15T10:30:00.5+01:00&end_time=2024-01-16&project=p&view=traces&count=true&warning=cost_differs"
        #expect(try await ask(reader, uri).status == .ok)
        var expected = TraceQuery()
        expected.scope = .only("p")
        expected.limit = 20
        expected.sort = .duration
        expected.ascending = true
        expected.model = "GPT-4*"
        expected.minDuration = 1_000_000_000
        expected.maxDuration = 2_000_000_000
        expected.minCost = PicoUSD(50_000_000_000)
        expected.maxCost = PicoUSD(10_000_000_000_000)
        expected.status = .error
        expected.session = "s 1"
        expected.user = "u 1"
        expected.service = "api"
        expected.provider = "openai"
        expected.isCounted = true
        expected.warning = WarningFilter(marks: .costDiffers, includesMissingParents: false)
        expected.startsFrom = SampleTrace.morning - 3_600_000_000_000 + 500_000_000
        expected.endsBefore = 1_705_363_200_000_000_000
        #expect(await reader.queries == [expected])
    }

    @Test func `HEAD answers the same without a body`() async throws {
        let reader = await reader(2)
        let get = try await ask(reader, "/v1/traces")
        let head = try await ask(reader, "/v1/traces", method: .head)
        #expect(head.status == .ok)
        #expect(head.text.isEmpty)
        #expect(head.headers[.contentLength] == get.headers[.contentLength])
        #expect(try await ask(reader, "/v1/traces?limit=0", method: .head).status == .badRequest)
    }
}
