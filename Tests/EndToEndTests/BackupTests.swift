// BackupTests.swift - copies of the database, while it is written to and while it is not.

import CollectorServer
import Foundation
import TestSupport
import Testing
import TraceStore

@Suite(.timeLimit(.minutes(5)))
struct BackupTests {
    private let files = TransferFolder()

    @Test func `a copy made while writes go on has everything acknowledged before, and opens`() async throws {
        let copy = files.path("copy.db")
        let counts = try await withWriter { server, acknowledged in
            var before: [UInt64] = []
            for round in 0..<3 {
                try await acknowledged(UInt64(round + 1) * 40)
                before.append(UInt64(round + 1) * 40)
                _ = try OwnedBackup.copy(directory: server.folder, to: copy, replacing: round > 0)
            }
            return before
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder) == ["copy.db"])
        #expect(try Self.sqlite(copy, "PRAGMA integrity_check") == "ok\n")
        let folder = files.path("restored")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: copy, toPath: folder + "/skein.db")
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            let traces = try await server.lines("/v1/export?format=csv").count - 1
            #expect(traces >= Int(counts.last ?? .max))
            // It goes on as a store.
            try await server.post("/v1/traces", Data(SampleSpan.request([SampleSpan(trace: 1 << 40, id: 1)])))
            #expect(try await server.lines("/v1/export?format=csv").count == traces + 2)
        }
    }

    @Test func `a copy is refused where a file is, and where there is no database`() async throws {
        let source = files.path("source")
        #expect(throws: StoreError.self) {
            try OwnedBackup.copy(directory: source, to: files.path("none.db"), replacing: false)
        }
        try await LiveServer.withAPI(folder: source) { _ in }
        // No collector runs.
        let copy = files.path("copy.db")
        #expect(try OwnedBackup.copy(directory: source, to: copy, replacing: false) > 0)
        let first = try Data(contentsOf: URL(fileURLWithPath: copy))
        #expect(throws: StoreError.self) {
            try OwnedBackup.copy(directory: source, to: copy, replacing: false)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == first)
        for place in [source, source + "/skein.db", files.path("missing/copy.db")] {
            #expect(throws: StoreError.self) {
                try OwnedBackup.copy(directory: source, to: place, replacing: true)
            }
        }
        #expect(try OwnedBackup.copy(directory: source, to: copy, replacing: true) > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder).sorted() == ["copy.db", "source"])
    }

    /// Runs a server that is written to all the time; `body` can wait until so many traces are acknowledged.
    private func withWriter(
        _ body: @escaping @Sendable (LiveServer, (UInt64) async throws -> Void) async throws -> [UInt64]
    ) async throws -> [UInt64] {
        let (results, tell) = AsyncStream.makeStream(of: [UInt64].self)
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let (acknowledgements, acknowledge) = AsyncStream.makeStream(of: UInt64.self)
            let writer = Task {
                var trace: UInt64 = 0
                while !Task.isCancelled {
                    trace += 1
                    let span = SampleSpan(trace: trace, id: 1).with(("x", .text(String(repeating: "a", count: 5000))))
                    try await server.post("/v1/traces", Data(SampleSpan.request([span])))
                    acknowledge.yield(trace)
                }
            }
            let result = try await body(server) { wanted in
                for await trace in acknowledgements where trace >= wanted { return }
                throw CancellationError()
            }
            tell.yield(result)
            writer.cancel()
            // Cancelled in the midst of a request, maybe.
            _ = try? await writer.value
        }
        tell.finish()
        var iterator = results.makeAsyncIterator()
        return await iterator.next() ?? []
    }

    private static func sqlite(_ path: String, _ sql: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, sql]
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }
}
