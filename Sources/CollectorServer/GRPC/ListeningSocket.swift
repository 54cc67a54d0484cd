// ListeningSocket.swift - a socket that is bound before the services start, so that a taken port is known at once.

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A socket that accepts TCP connections.
struct ListeningSocket: Sendable {
    /// Whoever serves it closes it.
    let descriptor: CInt
    /// With the real port.
    let address: ListenAddress

    private static let backlog: CInt = 1024

    /// Binds and listens.
    ///
    /// - Throws: `ServerStartError` when the address cannot be used.
    init(_ wanted: ListenAddress, flag: String) throws(ServerStartError) {
        let place: SocketAddress
        do {
            place = try SocketAddress.makeAddressResolvingHost(wanted.host, port: wanted.port)
        } catch {
            throw ServerStartError(unknownHost: wanted, error: error, flag: flag)
        }
        #if canImport(Darwin)
        let kind = SOCK_STREAM
        #else
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #endif
        let descriptor = socket(CInt(place.protocol.rawValue), kind, 0)
        guard descriptor >= 0 else { throw Self.failure(wanted, flag) }
        var isReused: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<CInt>.size))
        guard place.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0, listen(descriptor, Self.backlog) == 0
        else {
            let error = Self.failure(wanted, flag)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        address = ListenAddress(host: wanted.host, port: Self.port(of: descriptor) ?? wanted.port)
    }

    private static func failure(_ wanted: ListenAddress, _ flag: String) -> ServerStartError {
        ServerStartError(address: wanted, error: IOError(errnoCode: errno, reason: "listen"), flag: flag)
    }

    private static func port(of descriptor: CInt) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        // At the same place in both kinds of address, in network order.
        return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }
}
