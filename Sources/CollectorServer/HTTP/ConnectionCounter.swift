// ConnectionCounter.swift - how many HTTP connections are open.

import NIOCore

/// Counts its connection while that is open.
final class ConnectionCounter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    private let connections: ConnectionCap

    init(_ connections: ConnectionCap) {
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        _ = connections.admit(context.channel)
    }
}
