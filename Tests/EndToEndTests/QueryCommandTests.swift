// QueryCommandTests.swift - skein traces, trace, calls and tail, as a shell runs them.

import CollectorServer
import Foundation
import Synchronization
import TestSupport
import Testing
import TraceModel
import TraceStore

@Suite(.timeLimit(.minutes(3)))
struct QueryCommandTests {
    private static let agent = [
        SampleSpan(trace: 1, id: 1, name: "agent\u{1B}[2J", lasting: 2_000_000_000),
        SampleSpan(trace: 1, id: 2, parent: 1, name: "chat", at: 1_000_000, lasting: 500_000_000).with(
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.usage.input_tokens", 150),
            ("gen_ai.usage.output_tokens", 20)
        ),
    ]

    private static func post(
        _ server: LiveServer,
        _ spans: [SampleSpan],
        headers: [(String, String)] = []
    ) async throws {
        let answer = try await server.send(
            .POST,
            "/v1/traces",
            headers: [("Content-Type", "application/x-protobuf")] + headers,
            body: Data(SampleSpan.request(spans))
        )
        #expect(answer.status == 200)
    }

    @Test func `commands ask the server at an address, or that of the data folder, or the folder itself`() async throws
    {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            try await Self.post(server, Self.agent)
            try await Self.check(["--url", server.url])
            try await Self.check(["--data-dir", server.folder])
            let json = try await SkeinProgram.run(["traces", "--json", "--url", server.url, "--limit", "20"])
            let answer = try await server.send(.GET, "/v1/traces?limit=20")
            #expect(json.output == answer.text + "\n")
        }
        try await Self.check(["--data-dir", folder])
        let tail = try await SkeinProgram.run(["tail", "--data-dir", folder])
        #expect(tail.status == 1)
        #expect(tail.errors.contains("no server uses this data folder"))
    }

    private static func check(_ place: [String]) async throws {
        let traces = try await SkeinProgram.run(["traces"] + place)
        #expect(traces.status == 0, "\(traces.errors)")
        #expect(traces.output.contains("agent\\u{1B}[2J"))
        #expect(!traces.output.contains("\u{1B}"))
        let id = agent[0].trace.hex
        let tree = try await SkeinProgram.run(["trace", String(id.prefix(10))] + place)
        #expect(tree.status == 0, "\(tree.errors)")
        #expect(tree.output.contains("└─ chat (gpt-4o)"))
        #expect(tree.output.contains("150 → 20"))
        let calls = try await SkeinProgram.run(["calls"] + place)
        #expect(calls.output.contains("t_\(id)"), "\(calls.errors)")
        let none = try await SkeinProgram.run(["traces", "--service", "nobody", "--filter", "min_cost=1"] + place)
        #expect(none.output == "no traces\n", "\(none.errors)")
    }

    @Test func `what goes wrong is said in one line, with status 1`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            for (arguments, message) in [
                (["traces", "--sort", "nonsense"], "'sort' is one of"),
                (["traces", "--json", "--filter", "nonsense=1"], "nonsense"),
                (["trace", "0123456789abcdef0123456789abcdef"], "trace"), (["trace", "abc"], "begins with abc"),
                (["trace", "../keys"], "no id"),
            ] {
                let result = try await SkeinProgram.run(arguments + ["--url", server.url])
                #expect(result.status == 1, "\(arguments)")
                #expect(result.errors.hasPrefix("skein: ") && result.errors.contains(message), "\(result.errors)")
                #expect(result.errors.count { $0 == "\n" } == 1)
                #expect(result.output == "")
            }
            let nobody = try await SkeinProgram.run(["traces"], environment: ["SKEIN_URL": "http://127.0.0.1:1"])
            #expect(nobody.status == 1)
            #expect(nobody.errors.hasPrefix("skein: nobody answers at http://127.0.0.1:1: "), "\(nobody.errors)")
            #expect(nobody.errors.contains("--url"))
        }
    }

    @Test(arguments: [
        ["traces"], ["trace", "abc"], ["calls"], ["stats"], ["tail"], ["export"], ["sql", "SELECT 1"],
        ["keys", "list"], ["delete", "--all", "--yes"], ["reindex"], ["reprice"],
    ])
    func `a command on stored spans tells of a folder without one and makes none`(_ command: [String]) async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for isThere in [false, true] {
            if isThere { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
            let result = try await SkeinProgram.run(command + ["--data-dir", folder])
            #expect(result.status == 1)
            #expect(result.output == "")
            #expect(result.errors.hasPrefix("skein: there is no "), "\(result.errors)")
            #expect(result.errors.contains(folder) && result.errors.contains("--data-dir"), "\(result.errors)")
            #expect(FileManager.default.fileExists(atPath: folder) == isThere)
            if isThere { #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty) }
        }
    }

    @Test(arguments: [
        (["stats", "--since", "2"], "'2' is no time for --since"),
        (["stats", "--since", "yesterday"], "'yesterday' is no time for --since"),
        (["traces", "--since", "1x"], "'1x' is no time for --since"),
        (["calls", "--until", "2026-02-30"], "'2026-02-30' is no time for --until"),
    ])
    func `a wrong time is told by the option that has it`(_ command: [String], _ message: String) async throws {
        let result = try await SkeinProgram.run(command + ["--data-dir", LiveServer.temporaryFolder()])
        #expect(result.status == 64)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.contains("90s, 15m, 1h, 7d or 4w") && result.errors.contains("2026-01-15T10:30:00Z"))
    }

    @Test func `a key is taken from the environment`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let key = APIKey()
            let keys = try await OwnedKeys.open(directory: server.folder)
            try await keys.addKey(try key.record(name: "", project: "shop", scopes: [.ingest, .read]))
            try await Self.post(server, Self.agent, headers: [("x-api-key", key.text)])
            let refused = try await SkeinProgram.run(["traces", "--url", server.url])
            #expect(refused.status == 1)
            let environment = ["SKEIN_URL": server.url, "SKEIN_KEY": key.text]
            let taken = try await SkeinProgram.run(["traces"], environment: environment)
            #expect(taken.output.contains("agent"), "\(taken.errors)")
        }
    }

    @Test func `tail shows what arrives, and goes on when the server was away`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let before = PostingServer(folder: folder, name: "before")
        let first = Task { try await before.run() }
        await before.waitUntilUp()
        try await SkeinProgram.follow(["tail", "--json", "--data-dir", folder]) { lines in
            let line = try #require(await lines.next())
            #expect(line.hasPrefix("{\"event\":\"trace\",\"data\":{\"change\":\"new\",\"trace\":{"))
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
            before.stop()
            try await first.value
            let after = PostingServer(folder: folder, name: "after")
            let second = Task { try await after.run() }
            while let line = await lines.next(), !line.contains("\"after\"") {}
            after.stop()
            try await second.value
        }
    }

    @Test func `tail at an address prints a line for each trace`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            // It may not be connected yet: until it is, traces come and go unseen.
            let sender = Task {
                var trace: UInt64 = 0
                while !Task.isCancelled {
                    trace += 1
                    try await Self.post(server, [SampleSpan(trace: trace, id: 1, name: "root")])
                }
            }
            defer { sender.cancel() }
            try await SkeinProgram.follow(["tail", "--url", server.url]) { lines in
                let line = try #require(await lines.next())
                #expect(line.contains("root") && line.contains("1 span "), "\(line)")
            }
        }
    }

    @Test func `a reader that goes away ends the command quietly`() async throws {
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let spans = (1...5_000 as ClosedRange<UInt64>).map {
                SampleSpan(trace: 1, id: $0, parent: $0 == 1 ? 0 : 1, name: "span \($0)")
            }
            try await Self.post(server, spans)
            let id = spans[0].trace.hex
            let whole = try await SkeinProgram.run(["trace", id, "--all", "--url", server.url])
            #expect(whole.output.split(separator: "\n").count { $0.contains("span ") } >= 5_000)
            let script = "'\(SkeinProgram.path)' trace \(id) --json --url \(server.url) | head -c 100 > /dev/null"
            let cut = try await SkeinProgram.shell(script)
            #expect(cut.status == 0)
            #expect(cut.errors == "")
        }
    }
}

/// A server to which traces are sent again and again, until it is stopped.
private final class PostingServer: Sendable {
    private let folder: String
    private let name: String
    private let isStopped = Atomic(false)
    private let (ups, up) = AsyncStream.makeStream(of: Void.self)

    init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    func run() async throws {
        try await LiveServer.run(folder: folder) { [self] (server: LiveServer) async throws -> Void in
            up.finish()
            var trace: UInt64 = name == "before" ? 0 : 1 << 32
            while !isStopped.load(ordering: .relaxed) {
                trace += 1
                let body = SampleSpan.request([SampleSpan(trace: trace, id: 1, name: name)])
                let headers = [("Content-Type", "application/x-protobuf")]
                #expect(try await server.send(.POST, "/v1/traces", headers: headers, body: Data(body)).status == 200)
            }
        }
    }

    func waitUntilUp() async {
        for await _ in ups {}
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
    }
}
