// DatabaseQueriesTests.swift - the queries of docs/database.md, in the shell of SQLite and skein sql, while the server runs.

import CollectorServer
import Foundation
import TestSupport
import Testing

struct DatabaseQueriesTests {
    /// The SQL blocks of the document.
    private static func queries() throws -> [String] {
        let file = Fixtures.folder.appendingPathComponent("../../docs/database.md")
        return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n```sql\n").dropFirst().map {
            text in
            text.components(separatedBy: "\n```")[0]
        }
    }

    @Test func `the document has at least ten queries on the views`() throws {
        #expect(try Self.queries().count { $0.contains("v_traces") || $0.contains("v_calls") } >= 10)
    }

    @Test func `the document has queries on spans`() throws {
        #expect(try Self.queries().count { $0.contains(/(FROM|JOIN) spans/) } >= 3)
    }

    @Test func `every query of the document runs in the shell and gives rows`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for name in Fixtures.captures { try await Capture(name).post(to: server) }
            try await Self.sendRecentCall(to: server)
            try await Self.waitUntilLookedThrough(server)
            for query in try Self.queries() {
                let rows = try await Self.run(query, on: server)
                #expect(!rows.isEmpty, "no rows: \(query)")
            }
        }
    }

    @Test func `v_calls counts each call once, as statistics do`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for name in Fixtures.captures { try await Capture(name).post(to: server) }
            let stats = try await server.rows("/v1/stats")
            let row = try #require(stats.first)
            let sums = "SELECT count(*), sum(status <> 'success') FROM v_calls WHERE counts = 1"
            let counted = try #require(try await Self.run(sums, on: server).first?.split(separator: "|"))
            #expect(counted.map { Int($0) } == [row["calls"] as? Int, row["errors"] as? Int])
        }
    }

    /// The rows that `sqlite3` prints; `skein sql`, where the table of spans is asked.
    private static func run(_ query: String, on server: LiveServer) async throws -> [String] {
        if query.contains(/(FROM|JOIN) spans/) {
            let result = try await SkeinProgram.run(["sql", "--json", "--data-dir", server.folder, query])
            #expect(result.status == 0 && result.errors == "", "\(query): \(result.errors)")
            return result.output.split(separator: "\n").map(String.init)
        }
        let folder = LiveServer.temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(query.utf8).write(to: URL(fileURLWithPath: folder + "/query.sql"))
        let result = try await SkeinProgram.shell(
            "sqlite3 -bail -readonly '\(server.folder)/skein.db' < '\(folder)/query.sql' > '\(folder)/rows'"
        )
        #expect(result.status == 0, "\(query): \(result.errors)")
        #expect(result.errors == "", "\(query)")
        return try String(contentsOfFile: folder + "/rows", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// A failed call, and one of today whose cost is not what the price table says.
    private static func sendRecentCall(to server: LiveServer) async throws {
        let now = UInt64(Date().timeIntervalSince1970) * 1_000_000_000
        let body = #"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[
             {"traceId":"af1d91ee87d39a206c40aa84d9b1204f","spanId":"ac0afcf2f70ffffb","name":"call","startTimeUnixNano":"\#(now)",
              "endTimeUnixNano":"\#(now + 1_000_000)","attributes":[
              {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
              {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
              {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4"}},
              {"key":"gen_ai.usage.input_tokens","value":{"intValue":"150"}},
              {"key":"gen_ai.usage.output_tokens","value":{"intValue":"200"}},
              {"key":"gen_ai.usage.cost","value":{"doubleValue":0.1}},
              {"key":"user.id","value":{"stringValue":"u-1"}}]},
             {"traceId":"af1d91ee87d39a206c40aa84d9b1204f","spanId":"ac0afcf2f70ffffc","name":"call","startTimeUnixNano":"\#(now)",
              "endTimeUnixNano":"\#(now + 1_000_000)","status":{"code":2},"attributes":[
              {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
              {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4"}},
              {"key":"error.type","value":{"stringValue":"RateLimitError"}}]}]}]}]}
            """#
        let type = [("Content-Type", "application/json")]
        let answer = try await server.send(.POST, "/v1/traces", headers: type, body: Data(body.utf8))
        #expect(answer.status == 200)
    }

    /// Runs of tools are found behind the writer.
    private static func waitUntilLookedThrough(_ server: LiveServer) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await run("SELECT count(*) FROM pending", on: server) != ["0"] {
            try #require(ContinuousClock.now < deadline, "parts are still pending")
        }
    }
}
