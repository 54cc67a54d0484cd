// ParameterTests.swift - what is refused, and how the answer says so.

import Foundation
import HTTPTypes
@testable import QueryAPI
import Testing
import TraceModel
import TraceStore

@Suite struct `parameters that are refused` {
    @Test(arguments: [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=-1", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=5.0", "limit"), ("limit=", "limit"), ("limit", "limit"), ("limit=5&limit=5", "limit"),
        ("start_time=yesterday", "start_time"), ("end_time=2024-02-30", "end_time"),
        ("start_time=2024-13-01", "start_time"),
        ("min_latency_ms=1.5", "min_latency_ms"), ("min_latency_ms=-1", "min_latency_ms"),
        ("max_latency_ms=99999999999999999999", "max_latency_ms"), ("min_cost=-0.1", "min_cost"),
        ("min_cost=free", "min_cost"),
        ("max_cost=nan", "max_cost"), ("status=success", "status"), ("status=OK", "status"), ("sort=name", "sort"),
        ("order=up", "order"), ("view=tree", "view"), ("model=", "model"),
        ("model=%FF", "model"),
        ("model=%4", "model"), ("nonsense=1", "nonsense"), ("Limit=5", "Limit"), ("endpoint=x", "endpoint"),
        ("http_status=500", "http_status"), ("chain_id=1", "chain_id"), ("run_id=1", "run_id"),
        ("endpoint=a", "endpoint"),
        ("q=*", "q"), ("attr.=a", "attr."), ("max_tokens=-1", "max_tokens"),
        ("model_id=gpt-4&model=a", "model"), ("offset=-1", "offset"), ("start_date=today", "start_date"),
        ("view=traces&offset=1", "offset"), ("view=calls&cursor=a", "cursor"), ("fields=summary", "fields"),
        ("count=1", "count"),
        ("has_warning=1", "has_warning"),
        ("warning=odd", "warning"), ("warning=cost_differs&has_warning=true", "warning"),
    ])
    func `answer 400 and are named`(_ query: String, _ parameter: String) async throws {
        let reader = InMemoryTraceReader()
        let answer = try await ask(reader, "/v1/traces?\(query)")
        #expect(answer.status == .badRequest)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(try answer.string("error.code") == "invalid_request")
        #expect(try answer.string("error.details.parameter") == parameter)
        #expect(await reader.queries.isEmpty)
        #expect(await reader.callQueries.isEmpty)
    }

    @Test func `every parameter of the view of calls reaches the store`() async throws {
        let reader = InMemoryTraceReader()
        let uri =
            "/v1/traces?model_id=gpt-4o-mini&limit=1000&offset=7&start_date=2024-01-15&end_date=2024-01-16&source=web+app"
            + "&status=timeout&counted=all&project=p"
        #expect(try await ask(reader, uri).status == .ok)
        var expected = CallQuery()
        expected.scope = .only("p")
        expected.limit = 1000
        expected.offset = 7
        expected.startsFrom = 1_705_276_800_000_000_000
        expected.startsBefore = 1_705_363_200_000_000_000
        expected.source = "web app"
        expected.exactModel = "gpt-4o-mini"
        expected.status = .timeout
        expected.includesUncounted = true
        #expect(await reader.callQueries == [expected])
    }

    @Test func `a cursor goes on with the calls that a parameter of theirs chose`() async throws {
        let reader = InMemoryTraceReader()
        var query = CallQuery()
        query.exactModel = "gpt-4"
        let position = CallPosition(value: 7, traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
        let cursor = query.cursor(for: position)
        #expect(try await ask(reader, "/v1/traces?model_id=gpt-4&limit=1&cursor=\(cursor)").status == .ok)
        #expect(await reader.callQueries.map(\.after) == [position])
        let other = try await ask(reader, "/v1/traces?model_id=gpt-5&limit=1&cursor=\(cursor)")
        #expect(other.status == .badRequest)
        #expect(try other.string("error.details.parameter") == "cursor")
    }

    @Test func `filters to come are told from mistakes`() async throws {
        let reader = InMemoryTraceReader()
        let planned = try await ask(reader, "/v1/traces?endpoint=a")
        #expect(try planned.string("error.message") == "this version does not filter by 'endpoint'")
        let calls = try await ask(reader, "/v1/traces?view=traces&model_id=a")
        #expect(try #require(try calls.string("error.message")).contains("the view of calls"))
    }

    @Test func `a name that is no UTF-8, and empty parts`() async throws {
        let reader = InMemoryTraceReader()
        #expect(try await ask(reader, "/v1/traces?%FF=1").status == .badRequest)
        #expect(try await ask(reader, "/v1/traces?&&limit=5&").status == .ok)
        #expect(try await ask(reader, "/v1/traces?limit=1&limit=2").status == .badRequest)
    }

    @Test(arguments: [
        ("2024-01-15", 1_705_276_800_000_000_000), ("2024-01-15T10:30:00Z", SampleTrace.morning),
        ("2024-01-15T10:30:00", SampleTrace.morning), ("2024-01-15t10:30z", SampleTrace.morning),
        ("2024-01-15 10:30:00", SampleTrace.morning), ("2024-01-15T10:30:00.000000001Z", SampleTrace.morning + 1),
        ("2024-01-15T10:30:00.25", SampleTrace.morning + 250_000_000),
        ("2024-01-15T12:30:00 02:00", SampleTrace.morning),
        ("2024-01-15T12:30:00+0200", SampleTrace.morning), ("2024-01-15T05:00:00-05:30", SampleTrace.morning),
        ("2024-02-29", 1_709_164_800_000_000_000), ("1969-12-31T23:59:59.5Z", -500_000_000), ("9999-12-31", Int64.max),
        ("0001-01-01", Int64.min), ("1970-01-01", 0),
    ])
    func `times are read`(_ text: String, _ nanoseconds: Int64) {
        #expect(ISO8601Time.nanoseconds(text) == nanoseconds)
    }

    @Test(arguments: [
        "", "2024", "2024-1-15", "2024-02-30", "2023-02-29", "1900-02-29", "2024-00-10", "2024-01-00", "0000-01-01",
        "2024-01-15T", "2024-01-15T10", "2024-01-15T24:00", "2024-01-15T10:60", "2024-01-15T10:30:60",
        "2024-01-15T10:30:00.", "2024-01-15T10:30:00.1234567890", "2024-01-15T10:30:00ZZ", "2024-01-15T10:30:00+1",
        "2024-01-15T10:30:00+24:00", "2024-01-15Z", "20240115", "2024-01-15T10:30:00+01:00 ", "1705314600",
        "２０２４-01-15",
    ])
    func `other texts are no times`(_ text: String) {
        #expect(ISO8601Time.nanoseconds(text) == nil)
    }
}

@Suite struct `projects of a request` {
    private static let header = HTTPField.Name("X-Skein-Project")

    private func scope(_ query: String, _ names: [String]) async throws -> (Answer, ProjectScope?) {
        var headers = HTTPFields()
        for name in names { headers.append(HTTPField(name: try #require(Self.header), value: name)) }
        let reader = InMemoryTraceReader()
        let answer = try await ask(reader, "/v1/traces?\(query)", headers: headers)
        return (answer, await reader.queries.first?.scope)
    }

    @Test func `header and parameter name a project, none means all`() async throws {
        #expect(try await scope("", []).1 == .all)
        #expect(try await scope("", ["a"]).1 == .only("a"))
        #expect(try await scope("project=b", []).1 == .only("b"))
        #expect(try await scope("project=caf%C3%A9", ["café"]).1 == .only("café"))
    }

    @Test func `two different names are refused`() async throws {
        for (query, names) in [
            ("project=b", ["a"]), ("", ["a", "b"]), ("project=\(String(repeating: "x", count: 129))", []),
        ] {
            let answer = try await scope(query, names).0
            #expect(answer.status == .badRequest)
            #expect(try answer.string("error.details.parameter") == "project")
        }
    }
}
