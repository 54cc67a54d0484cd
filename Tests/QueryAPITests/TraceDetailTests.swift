// TraceDetailTests.swift - one trace, its spans, one of them.

import Foundation
import HTTPTypes
@testable import QueryAPI
import Testing
import TraceModel
import TraceStore

@Suite struct `one trace` {
    private let path = "/v1/traces/\(SampleTrace.id)"

    private func reader(spans count: UInt64 = 3, attribute: String = "") async -> InMemoryTraceReader {
        var trace = SampleTrace(number: 1)
        for id in 1...count { trace.add(id, under: id == 1 ? 0 : 1, attribute: attribute) }
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        return reader
    }

    @Test(arguments: [
        SampleTrace.id, SampleTrace.id.uppercased(), "0AF76519-16cd-43dd-8448-eb211c80319c",
    ])
    func `is found under every form of its id`(_ id: String) async throws {
        let answer = try await ask(reader(), "/v1/traces/\(id)")
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(try answer.string("data.trace_id") == SampleTrace.id)
        #expect(try answer.value("data.duration_ms") as? Int == 1234)
        #expect(try answer.value("data.warnings") as? [String] == [])
        #expect(try answer.value("data.missing_parents") as? Int == 0)
        #expect(try answer.value("data.also_in_projects") == nil)
        #expect(try answer.value("pagination") == nil)
        let spans = try answer.list("data.spans")
        #expect(spans.map { $0["name"] as? String } == ["span-1", "span-2", "span-3"])
        #expect(spans[0]["parent_span_id"] is NSNull)
        #expect(spans[1]["parent_span_id"] as? String == "0000000000000001")
        #expect(try answer.string("data.spans.0.resource.attributes.service.name") == nil)
        #expect(
            (try answer.value("data.spans.0.resource.attributes") as? NSDictionary)?["service.name"] as? String == "api"
        )
        #expect(try answer.string("data.spans.0.scope.name") == "lib")
    }

    @Test(arguments: [
        ("0af7651916cd43dd8448eb211c80319d", "not_found"), ("00000000000000000000000000000000", "not_found"),
        ("abc", "not_found"), ("0af7651916cd43dd8448eb211c80319x", "not_found"), ("t_af91", "trace_not_found"),
    ])
    func `that is not there is 404`(_ id: String, _ code: String) async throws {
        for tail in ["", "/spans", "/spans/0000000000000001"] {
            let answer = try await ask(reader(), "/v1/traces/\(id)\(tail)")
            #expect(answer.status == .notFound)
            #expect(try answer.string("error.code") == code)
        }
    }

    @Test func `in several projects answers the newest and names the others`() async throws {
        let reader = InMemoryTraceReader()
        for (number, project) in [(1, "a"), (2, "b")] {
            var trace = SampleTrace(number: Int64(number), project: project)
            for id in 1...3 { trace.add(UInt64(id + number * 10)) }
            await reader.add(trace)
        }
        let answer = try await ask(reader, path)
        #expect(try answer.string("data.project") == "b")
        #expect(try answer.value("data.also_in_projects") as? [String] == ["a"])
        #expect(try await ask(reader, path + "?project=a").string("data.project") == "a")
        #expect(try await ask(reader, path + "?project=c").status == .notFound)
        #expect(try await ask(reader, path + "/spans/000000000000000b").string("data.name") == "span-11")
        // A page goes on in the project where it began.
        let first = try await ask(reader, path + "?limit=1&project=a")
        let cursor = try #require(try first.string("pagination.next_cursor"))
        let second = try await ask(reader, path + "?limit=1&cursor=\(cursor)")
        #expect(try second.string("data.spans.0.name") == "span-12")
        #expect(try second.value("data.also_in_projects") as? [String] == ["b"])
    }

    @Test func `of more than 10,000 spans is paged`() async throws {
        let reader = await reader(spans: 10_001)
        let first = try await ask(reader, path)
        #expect(try first.list("data.spans").count == 10_000)
        #expect(try first.value("pagination.limit") as? Int == 10_000)
        let cursor = try #require(try first.string("pagination.next_cursor"))
        let second = try await ask(reader, path + "?cursor=\(cursor)")
        #expect(try second.list("data.spans").map { $0["name"] as? String } == ["span-10001"])
        #expect(try second.value("pagination.has_more") as? Bool == false)
        #expect(await reader.slices.allSatisfy { $0.spans <= SpanSlices.mostSpans })
    }

    @Test func `is read in slices of bounded size, a larger span alone`() async throws {
        var trace = SampleTrace(number: 1)
        for (id, length) in [450_000, 450_000, 450_000, 1_500_000, 10].enumerated() {
            trace.add(UInt64(id + 1), attribute: String(repeating: "x", count: length))
        }
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let answer = try await ask(reader, path)
        #expect(try answer.list("data.spans").count == 5)
        #expect(await reader.slices.map(\.spans) == [2, 1, 1, 1])
    }

    @Test(arguments: ["", "?view=tree", "?fields=summary", "?view=otlp", "/spans?limit=5", "/spans/0000000000000007"])
    func `a small trace is read once, and says the same`(_ form: String) async throws {
        let reader = await reader(spans: 40)
        let sliced = try await ask(reader, path + form).text
        let reads = await reader.slices.count
        #expect(reads > 0)
        await reader.keepSpans()
        #expect(try await ask(reader, path + form).text == sliced)
        #expect(await reader.slices.count == reads)
    }

    @Test func `spans are paged by 1,000 and hold on when one goes`() async throws {
        let reader = await reader(spans: 1500)
        let first = try await ask(reader, path + "/spans")
        #expect(try first.list("data").count == 1000)
        #expect(try first.value("pagination.limit") as? Int == 1000)
        let cursor = try #require(try first.string("pagination.next_cursor"))
        await reader.lose(SpanID(1200), of: 1)
        let second = try await ask(reader, path + "/spans?limit=10000&cursor=\(cursor)")
        let names = try second.list("data").compactMap { $0["name"] as? String }
        #expect(names.count == 499)
        #expect(names.first == "span-1001")
        #expect(try second.value("pagination.next_cursor") is NSNull)
        let page = SpanPage(
            of: SampleTrace(number: 1).summary,
            outlines: try await reader.outlines(of: 1),
            limit: 5,
            after: PageCursor(kind: .spans, value: SampleTrace.morning + 7_000_000, number: 999_999, filters: 0)
        )
        #expect(page.outlines.first?.spanID == SpanID(9))
    }

    @Test func `one span is shown in full`() async throws {
        let long = String(repeating: "y", count: 1000)
        let answer = try await ask(reader(attribute: long), path + "/spans/0000000000000002")
        #expect(answer.status == .ok)
        #expect(try answer.string("data.span_id") == "0000000000000002")
        #expect(try answer.string("data.attributes.note") == long)
        for id in ["0000000000000009", "2", "0000000000000000"] {
            let missing = try await ask(reader(), path + "/spans/\(id)")
            #expect(missing.status == .notFound)
            #expect(try missing.string("error.code") == "not_found")
        }
    }

    @Test func `in summary leaves out big values`() async throws {
        let long = String(repeating: "y", count: 1000)
        for uri in ["?fields=summary", "?fields=summary&view=tree"] {
            let answer = try await ask(reader(attribute: long), path + uri)
            #expect(try answer.string("data.spans.0.attributes.note")?.utf8.count == 256)
            #expect(try answer.value("data.spans.0.truncated") as? [String] == ["note"])
        }
        let spans = try await ask(reader(attribute: long), path + "/spans?fields=summary")
        #expect(try spans.value("data.0.event_count") as? Int == 0)
    }

    @Test(arguments: [
        ("?view=graph", "view"), ("?view=calls", "view"), ("?fields=some", "fields"),
        ("?view=otlp&fields=summary", "fields"),
        ("?view=tree&cursor=x", "cursor"), ("?cursor=x", "cursor"), ("?limit=10001", "limit"),
        ("/spans?limit=0", "limit"),
        ("/spans?view=tree", "view"), ("/spans/0000000000000001?fields=summary", "fields"), ("?model=x", "model"),
    ])
    func `refuses what it does not know`(_ uri: String, _ parameter: String) async throws {
        let answer = try await ask(reader(), path + uri)
        #expect(answer.status == .badRequest)
        #expect(try answer.string("error.details.parameter") == parameter)
    }

    @Test func `a cursor of another trace is refused`() async throws {
        let reader = await reader()
        let other = "000000000000000000000000000000aa"
        var trace = SampleTrace(number: 2, id: other)
        trace.add(1)
        await reader.add(trace)
        let cursor = try #require(try await ask(reader, path + "/spans?limit=1").string("pagination.next_cursor"))
        let answer = try await ask(reader, "/v1/traces/\(other)/spans?cursor=\(cursor)")
        #expect(answer.status == .badRequest)
        #expect(try answer.string("error.details.parameter") == "cursor")
    }

    @Test func `HEAD has the status and no body`() async throws {
        for tail in ["", "?view=otlp", "/spans", "/spans/0000000000000001"] {
            let answer = try await ask(reader(), path + tail, method: .head)
            #expect(answer.status == .ok)
            #expect(answer.text.isEmpty)
        }
        #expect(try await ask(reader(), "/v1/traces/abc", method: .head).status == .notFound)
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func `other methods are 405 with Allow`(_ method: HTTPRequest.Method) async throws {
        for tail in ["", "/spans", "/spans/0000000000000001"] {
            // Deleting a trace is served by routes of its own.
            if tail.isEmpty, method == .delete { continue }
            let answer = try await ask(reader(), path + tail, method: method)
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headers[.allow] == (tail.isEmpty ? "GET, HEAD, DELETE" : "GET, HEAD"))
            #expect(try answer.string("error.code") == "method_not_allowed")
        }
    }

    @Test func `bytes that cannot be decoded are shown as unreadable`() async throws {
        var trace = SampleTrace(number: 1)
        trace.add(1)
        trace.add(2)
        trace.add(3)
        trace.spans[0].storage = BatchStorage(copying: [UInt8](repeating: 0xFF, count: trace.spans[0].range.count))
        trace.spans[1].scope.bytes = [0x0A, 0x7F]
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let spans = try await ask(reader, path).list("data.spans")
        #expect(spans.map { $0["warnings"] as? [String] } == [["unreadable"], ["unreadable"], nil])
    }
}
