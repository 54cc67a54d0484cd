// SQLCommandTests.swift - skein sql, as a shell runs it.

import CollectorServer
import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@Suite(.timeLimit(.minutes(5)))
struct SQLCommandTests {
    private static let spans = [
        SampleSpan(trace: 1, id: 1, name: "agent\u{1B}[2J", lasting: 2_000_000),
        SampleSpan(trace: 1, id: 2, parent: 1, name: "=chat, \"x\"").with(("n", .whole(9_007_199_254_740_993))),
    ]

    private static func withServer(
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            try await server.post("/v1/traces", Data(SampleSpan.request(spans)))
            try await body(server)
        }
    }

    private static func sql(_ server: LiveServer, _ arguments: String...) async throws -> SkeinProgram.Result {
        try await SkeinProgram.run(["sql", "--data-dir", server.folder] + arguments)
    }

    @Test func `rows are a table, JSON lines or CSV`() async throws {
        try await Self.withServer { server in
            let query = "SELECT name, attributes ->> '$.n' AS n, start_ns FROM spans ORDER BY span_id"
            let table = try await Self.sql(server, query)
            #expect(
                table.output == """
                    name                           n             start_ns
                    agent\\u{1B}[2J                 -  1700000000000000000
                    =chat, "x"      9007199254740993  1700000000000000000

                    """,
                "\(table.errors)"
            )
            let json = try await Self.sql(server, "--json", query)
            #expect(
                json.output.split(separator: "\n").last
                    == #"{"name":"=chat, \"x\"","n":9007199254740993,"start_ns":1700000000000000000}"#
            )
            let csv = try await Self.sql(server, "--csv", query)
            #expect(
                csv.output == "name,n,start_ns\r\nagent\u{1B}[2J,,1700000000000000000\r\n"
                    + "\"'=chat, \"\"x\"\"\",9007199254740993,1700000000000000000\r\n"
            )
            for result in [table, json, csv] { #expect(result.status == 0 && result.errors == "") }
        }
    }

    @Test func `statements come from standard input too, and the file may be any`() async throws {
        let files = TransferFolder()
        let (query, output, copy) = (files.path("query.sql"), files.path("rows"), files.path("copy.db"))
        try Data("SELECT count(*) AS n FROM spans;\n-- done\nSELECT 'b' AS x;\n".utf8)
            .write(to: URL(fileURLWithPath: query))
        try await Self.withServer { server in
            let program = SkeinProgram.path
            let script = "'\(program)' sql --json --data-dir '\(server.folder)' < '\(query)' > '\(output)'"
            let result = try await SkeinProgram.shell(script)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try String(contentsOfFile: output, encoding: .utf8) == "{\"n\":2}\n{\"x\":\"b\"}\n")
            _ = try OwnedBackup.copy(directory: server.folder, to: copy, replacing: false)
        }
        let result = try await SkeinProgram.run(["sql", "--db", copy, "--csv", "SELECT count(*) FROM spans"])
        #expect(result.output == "count(*)\r\n2\r\n", "\(result.errors)")
    }

    @Test func `what goes wrong is said in one line, with status 1`() async throws {
        try await Self.withServer { server in
            for (sql, message) in [
                ("SELECT missing", "no such column: missing"), ("SELEC 1", "syntax error"),
                ("DELETE FROM traces", "only read"), ("SELECT 1; SELECT json('x')", "malformed JSON"),
            ] {
                let result = try await Self.sql(server, "--json", sql)
                #expect(result.status == 1)
                #expect(result.errors.hasPrefix("skein: ") && result.errors.contains(message), "\(result.errors)")
                #expect(result.errors.count { $0 == "\n" } == 1)
                #expect(result.output == (sql.hasPrefix("SELECT 1;") ? "{\"1\":1}\n" : ""))
            }
            let nowhere = try await SkeinProgram.run(["sql", "--data-dir", server.folder + "/none", "SELECT 1"])
            #expect(nowhere.status == 1 && nowhere.errors.contains("there is no database"))
            #expect(!FileManager.default.fileExists(atPath: server.folder + "/none"))
            let both = try await Self.sql(server, "--json", "--csv", "SELECT 1")
            #expect(both.status == 64)
        }
    }

    @Test func `a reader that goes away ends it quietly, however many rows there are`() async throws {
        try await Self.withServer { server in
            let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n, 'x' FROM c"
            for form in ["", "--json", "--csv"] {
                let result = try await SkeinProgram.shell(
                    "'\(SkeinProgram.path)' sql \(form) --data-dir '\(server.folder)' \"\(endless)\" | head -n 500 > /dev/null"
                )
                #expect(result.status == 0 && result.errors == "", "\(result.errors)")
            }
        }
    }

    @Test func `the table of spans shows what the API shows`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            var wanted: [String: [String: Any]] = [:]
            for name in Fixtures.captures {
                let capture = try Capture(name)
                try await capture.post(to: server)
                for id in capture.traces.keys {
                    let path = "/v1/traces/\(id)?project=\(name)"
                    let trace = try #require(try await server.data(path) as? [String: Any])
                    for span in try #require(trace["spans"] as? [[String: Any]]) {
                        wanted["\(name) \(id) \(span["span_id"] ?? "")"] = span
                    }
                }
            }
            let result = try await Self.sql(server, "--json", "SELECT * FROM spans")
            #expect(result.status == 0, "\(result.errors)")
            var count = 0
            for line in result.output.split(separator: "\n") {
                let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let key = "\(row["project"] ?? "") \(row["trace_id"] ?? "") \(row["span_id"] ?? "")"
                try Self.compare(row, try #require(wanted[key], "\(key)"))
                count += 1
            }
            #expect(count == wanted.count && count > 100)
        }
    }

    private static func compare(_ row: [String: Any], _ span: [String: Any]) throws {
        for name in ["parent_span_id", "name", "kind", "start_time", "end_time"] {
            #expect(row[name] as? NSObject == span[name] as? NSObject, "\(name)")
        }
        #expect(row["duration_ms"] as? Double == (span["duration_ms"] as? NSNumber)?.doubleValue)
        #expect((row["start_ns"] as? NSNumber)?.stringValue == span["start_time_unix_nano"] as? String)
        #expect((row["end_ns"] as? NSNumber)?.stringValue == span["end_time_unix_nano"] as? String)
        let status = span["status"] as? [String: Any]
        #expect(row["status"] as? String == status?["code"] as? String)
        #expect(row["status_message"] as? String == status?["message"] as? String)
        #expect(row["trace_state"] as? String == span["trace_state"] as? String)
        for name in ["attributes", "events", "links", "resource", "scope"] {
            let text = try #require(row[name] as? String)
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            #expect(value as? NSObject == span[name] as? NSObject, "\(name)")
        }
        let resource = (span["resource"] as? [String: Any])?["attributes"] as? [String: Any]
        #expect(row["service"] as? String == resource?["service.name"] as? String)
    }
}
