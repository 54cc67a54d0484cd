// TransferTests.swift - what is exported comes back by an import, the same to the last answer.

import CollectorServer
import Foundation
import TestSupport
import Testing
import TraceModel

@Suite(.timeLimit(.minutes(10)))
struct TransferTests {
    /// A way from a command to a server.
    enum Way: String, CaseIterable {
        case url, socket, store
    }

    @Test func `an export imported into an empty server gives the same answers`() async throws {
        let files = TransferFolder()
        try await LiveServer.run { (source: LiveServer) async throws -> Void in
            for name in Fixtures.captures {
                try await Capture(name).post(to: source)
                if LogCapture.names.contains(name) {
                    for body in try LogCapture(name).bodies { try await source.post("/v1/logs", body, project: name) }
                }
            }
            try await Self.postOddities(to: source)
            let expected = try await Self.answers(of: source, projects: Self.projects)
            #expect(expected.keys.count { $0.hasPrefix("/v1/traces/") } > 60)
            let bytes = try await source.withAPI { try await Exporter($0).write([], to: files.path("all.jsonl")) }
            #expect(bytes > 100_000)
            for way in Way.allCases {
                try await Self.withImported([files.path("all.jsonl")], by: way) { target, report in
                    #expect(report.rejected == 0 && report.duplicates == 0 && report.skipped == 0)
                    #expect(report.records > 0)
                    let answers = try await Self.answers(of: target, projects: Self.projects)
                    for (path, text) in expected.sorted(by: { $0.key < $1.key }) where answers[path] != text {
                        Issue.record("\(path) differs:\n\(answers[path]?.prefix(2000) ?? "-")\n\(text.prefix(2000))")
                    }
                    // Once more: nothing changes.
                    let again = try await target.withAPI { access in
                        var importer = try Importer(access)
                        try await importer.add(files.path("all.jsonl"))
                        return importer.report
                    }
                    #expect(again.stored == 0 && again.duplicates == report.stored)
                    #expect(try await Self.answers(of: target, projects: Self.projects) == answers)
                }
            }
        }
    }

    @Test func `only what matches a filter is exported, in every form`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for trace in 1...250 as ClosedRange<UInt64> {
                var span = SampleSpan(trace: trace, id: 1, at: trace * 1000)
                if trace % 5 == 0 { span.status = 2 }
                try await server.post("/v1/traces", Data(SampleSpan.request([span])), project: "p\(trace % 2)")
            }
            for (form, header) in [("otlp", 0), ("jsonl", 0), ("csv", 1)] {
                let all = try await server.lines("/v1/export?format=\(form)")
                #expect(all.count == 250 + header)
                #expect(try await server.lines("/v1/export?format=\(form)&status=error").count == 50 + header)
                let some = try await server.lines("/v1/export?format=\(form)&status=error&project=p0")
                #expect(some.count == 25 + header)
                // The oldest first, unless the other order is asked for.
                let turned = try await server.lines("/v1/export?format=\(form)&order=desc")
                #expect(turned.dropFirst(header) == all.dropFirst(header).reversed()[...])
                #expect(try await server.lines("/v1/export?format=\(form)&service=none").count == header)
            }
            let ids = try await server.lines("/v1/export?format=jsonl").map {
                try #require(Self.object($0)["trace_id"])
            }
            let expected = (1...250).map { TraceID(high: 0xABCD, low: UInt64($0)).hex }
            #expect(ids as? [String] == expected)
        }
    }

    @Test func `a wrong question is an error with a status, and never half an export`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for query in [
                "format=xml", "view=spans", "limit=5", "cursor=x", "count=true", "offset=3", "colour=red",
                "status=maybe",
                "view=calls&format=otlp", "format=jsonl&format=csv", "view=calls&min_cost=",
            ] {
                let answer = try await server.send(.GET, "/v1/export?\(query)")
                #expect(answer.status == 400, "\(query)")
            }
            #expect(try await server.send(.POST, "/v1/export").status == 405)
            #expect(try await server.send(.GET, "/v1/export").text.isEmpty)
        }
    }

    @Test func `calls are exported as they are listed, over many pages and with equal starts`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            // 2,600 calls, of which 1,500 start together.
            for trace in 0..<26 as Range<UInt64> {
                let spans = (1...100 as ClosedRange<UInt64>).map { id in
                    SampleSpan(trace: trace + 1, id: id, at: trace < 15 ? 0 : (trace * 100 + id) * 1000).with(
                        ("gen_ai.operation.name", "chat"),
                        ("gen_ai.request.model", "=cmd(\"x\"),1"),
                        ("gen_ai.usage.input_tokens", 5)
                    )
                }
                try await server.post("/v1/traces", Data(SampleSpan.request(spans)))
            }
            var listed: [String] = []
            for offset in stride(from: 0, to: 2600, by: 1000) {
                let rows = try await server.send(.GET, "/v1/calls?limit=1000&offset=\(offset)").object()["traces"]
                listed += try #require(rows as? [[String: Any]]).compactMap { $0["request_id"] as? String }
            }
            let lines = try await server.lines("/v1/export?view=calls")
            #expect(lines.compactMap { Self.object($0)["request_id"] as? String } == listed)
            let table = CSVTable(try await server.send(.GET, "/v1/export?view=calls&format=csv").text)
            #expect(table.column("request_id") == listed)
            #expect(Set(table.column("model")) == ["'=cmd(\"x\"),1"])
            #expect(Set(table.column("tokens_in")) == ["5"])
            let early = try await server.lines("/v1/export?view=calls&end_date=2023-11-14T22:13:20.001Z")
            #expect(early.count == 1500)
        }
    }

    @Test func `hostile texts stay in their cells and are no formulas`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let names = [
                "=1+1", "+x", "-x", "@x", "\tx", "\rx", "a,b", "a\"b\"", "two\r\nlines", "\u{202E}\u{1}\u{7F}", "'=1",
                "{\"a\":1}\n", "😀, \"x\"",
            ]
            for (place, name) in names.enumerated() {
                let span = SampleSpan(trace: UInt64(place + 1), id: 1, name: name, at: UInt64(place) * 1_000_000)
                try await server.post("/v1/traces", Data(SampleSpan.request([span], service: name)))
            }
            let table = CSVTable(try await server.send(.GET, "/v1/export?format=csv").text)
            #expect(table.rows.allSatisfy { $0.count == table.head.count })
            let expected = names.map { ["=", "+", "-", "@", "\t", "\r"].contains($0.prefix(1)) ? "'" + $0 : $0 }
            #expect(table.column("name") == expected)
            #expect(table.column("service") == expected)
            for line in try await server.lines("/v1/export?format=jsonl") { #expect(!Self.object(line).isEmpty) }
            let shown = try await server.lines("/v1/export?format=jsonl").map { line in
                (Self.object(line)["root_span"] as? [String: Any])?["name"] as? String
            }
            #expect(shown == names)
        }
    }

    @Test func `a large trace is exported over several lines of bounded length, and comes back whole`() async throws {
        let files = TransferFolder()
        try await LiveServer.run { (source: LiveServer) async throws -> Void in
            let text = String(repeating: "prompt ", count: 1500)
            for part in 0..<6 as Range<UInt64> {
                let spans = (1...100 as ClosedRange<UInt64>).map {
                    SampleSpan(trace: 1, id: part * 100 + $0, at: $0).with(("input", .text(text)))
                }
                try await source.post("/v1/traces", Data(SampleSpan.request(spans)))
            }
            let huge = SampleSpan(trace: 2, id: 1).with(("input", .text(String(repeating: "x", count: 20 << 20))))
            try await source.post("/v1/traces", Data(SampleSpan.request([huge])))
            let path = files.path("large.jsonl")
            _ = try await source.withAPI { try await Exporter($0).write([("format", "otlp")], to: path) }
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.count > 4)
            #expect(lines.count { $0.utf8.count > 2 << 20 } == 1)
            try await Self.withImported([path], by: .url) { target, report in
                #expect(report.stored == 601)
                for trace in [1, 2] as [UInt64] {
                    let path = "/v1/traces/\(TraceID(high: 0xABCD, low: trace).hex)"
                    let expected = try await source.send(.GET, path).body
                    #expect(try await target.send(.GET, path).body == expected)
                }
            }
        }
    }
}
