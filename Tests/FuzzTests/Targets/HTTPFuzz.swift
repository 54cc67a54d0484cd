// HTTPFuzz.swift - a connection to the HTTP port of a whole collector.

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Sends bytes to a collector in this process, as they are, and reads what it answers.
///
/// Everything is real but the store: sockets, the HTTP decoder, handlers, routes. Blocks its thread, so do not call it on
/// one of the concurrency pool.
enum HTTPFuzz {
    /// Asked behind every input, so that a whole one ends with an answer and a closed connection.
    private static let goodbye = Array("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    /// How long the client waits for more answers before it hangs up.
    private static let patience: Int32 = 2
    /// How long the server may take to notice that; its own deadlines for heads and bodies are longer.
    private static let slowest: Int32 = 30_000

    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        var answer = [UInt8](repeating: 0, count: 65_536)
        let length = try converse(Array(input) + goodbye, &answer)
        guard length > 0 else { return }
        let text = answer[..<length]
        try FuzzFinding.unless(text.starts(with: Array("HTTP/1.1 ".utf8)), "an answer that is no HTTP")
        try FuzzFinding.unless(!text.contains(Array("HTTP/1.1 500".utf8)), "an internal error")
    }

    /// Sends the bytes, reads until the server is done or the patience is over; gives how much of the answers fits.
    private static func converse(_ request: [UInt8], _ answer: inout [UInt8]) throws(FuzzFinding) -> Int {
        let connection = try connected()
        defer { close(connection) }
        var sent = 0
        while sent < request.count {
            let written = request.withUnsafeBytes { bytes in
                write(connection, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            // The server may have closed in the middle of it; its library has switched SIGPIPE off.
            guard written > 0 else { break }
            sent += written
        }
        var length = 0
        while true {
            var event = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            if poll(&event, 1, patience) == 0 {
                shutdown(connection, Int32(SHUT_WR))
                guard poll(&event, 1, slowest) > 0 else { throw FuzzFinding("a connection is not closed") }
            }
            // Behind what is looked at, the last bytes are read over and over.
            let place = min(length, answer.count - 4096)
            let count = answer.withUnsafeMutableBytes { recv(connection, $0.baseAddress.map { $0 + place }, 4096, 0) }
            guard count > 0 else { return min(length, answer.count - 4096) }
            length += count
        }
    }

    private static func connected() throws(FuzzFinding) -> Int32 {
        let port = try FuzzCollector.port()
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let address = try? SocketAddress(ipAddress: "127.0.0.1", port: port)
        let result = address?.withSockAddr { connect(connection, $0, socklen_t($1)) }
        guard connection >= 0, result == 0 else {
            if connection >= 0 { close(connection) }
            throw FuzzFinding("the collector takes no connection: errno \(errno)")
        }
        return connection
    }
}
