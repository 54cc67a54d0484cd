// ConnectionCounter.swift - how many HTTP connections are open.

import NIOCore
import Synchronization

/// Counts open connections.
final class OpenConnections: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func opened() { count.wrappingAdd(1, ordering: .relaxed) }
    func closed() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// Counts one connection from its first handler to its last.
final class ConnectionCounter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    private let open: OpenConnections

    init(_ open: OpenConnections) {
        self.open = open
    }

    func handlerAdded(context: ChannelHandlerContext) { open.opened() }
    func handlerRemoved(context: ChannelHandlerContext) { open.closed() }
}
