// CommandErrorTests.swift - what commands say of what they cannot use.

import Foundation
import NIOCore
import NIOPosix
import Testing
import TraceModel
import TraceStore

@testable import CollectorServer

struct CommandErrorTests {
    private static let advice =
        "start 'skein serve' there, or name the address of a running server with --url (SKEIN_URL)"

    @Test func `a server that refuses connections is said not to be there`() async throws {
        let refusal = IOError(errnoCode: ECONNREFUSED, reason: "connect")
        let error = StoreError(noAnswerBy: .server("http://127.0.0.1:1"), refusal)
        #expect(error.code == .unavailable)
        #expect(error.message == "nobody answers at http://127.0.0.1:1: \(Self.advice)")
        // A name has an error for each of its addresses.
        let failure = await #expect(throws: NIOConnectionError.self) {
            _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "localhost", port: 1).get()
        }
        let named = StoreError(noAnswerBy: .server("http://localhost:1"), try #require(failure))
        #expect(named.message == "nobody answers at http://localhost:1: \(Self.advice)")
    }

    @Test func `other failures are told as they are`() {
        let failure = IOError(errnoCode: ECONNRESET, reason: "read")
        let server = StoreError(noAnswerBy: .server("http://127.0.0.1:1"), failure)
        #expect(server.message.hasPrefix("http://127.0.0.1:1 does not answer: "))
        let socket = StoreError(noAnswerBy: .socket, failure)
        #expect(socket.message.hasPrefix("the collector that runs on the data directory does not answer: "))
    }

    @Test(arguments: [
        ("90s", "1969-12-31T23:58:30.000Z"), ("15m", "1969-12-31T23:45:00.000Z"), ("1.5h", "1969-12-31T22:30:00.000Z"),
        ("0d", "1970-01-01T00:00:00.000Z"), ("1w", "1969-12-25T00:00:00.000Z"), ("2026-01-15", "2026-01-15"),
        ("2026-01-15T10:30:00+01:00", "2026-01-15T10:30:00+01:00"),
    ])
    func `a time is how long ago, or a time of the API`(_ text: String, _ expected: String) {
        #expect(TimeOption.time(text, now: Date(timeIntervalSince1970: 0)) == expected)
    }

    @Test(arguments: ["", "2", "yesterday", "1x", "-1h", "h", "nans", "infd", "2026-02-30", "1h ago"])
    func `other texts are no times`(_ text: String) {
        #expect(TimeOption.time(text) == nil)
    }

    @Test func `a folder without a database is named`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)").path
        let error = try #require(throws: StoreError.self) { try OwnedDatabase.require(in: folder) }
        #expect(error.code == .notFound)
        #expect(error.message.hasPrefix("there is no Skein database in \(folder): "))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: StoreError.self) { try OwnedDatabase.require(in: folder) }
        try Data().write(to: URL(fileURLWithPath: folder + "/skein.db"))
        try OwnedDatabase.require(in: folder)
    }
}
