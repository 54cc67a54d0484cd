// ConnectionCapTests.swift - no more than so many connections at once.

import NIOCore
import NIOEmbedded
import Testing

@testable import CollectorServer

struct ConnectionCapTests {
    @Test func `a connection beyond the limit is closed`() throws {
        let cap = ConnectionCap(limit: 2)
        let connections = try (0..<4).map { _ in try Self.admitted(by: cap) }
        #expect(connections.map(\.isActive) == [true, true, false, false])
    }

    @Test func `a connection that closes makes room for one`() throws {
        let cap = ConnectionCap(limit: 1)
        let first = try Self.admitted(by: cap)
        #expect(try !Self.admitted(by: cap).isActive)
        // The one that was refused made no room.
        #expect(try !Self.admitted(by: cap).isActive)
        try first.close().wait()
        first.embeddedEventLoop.run()
        #expect(try Self.admitted(by: cap).isActive)
        #expect(try !Self.admitted(by: cap).isActive)
    }

    private static func admitted(by cap: ConnectionCap) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try cap.admit(channel).wait()
        channel.embeddedEventLoop.run()
        return channel
    }
}
