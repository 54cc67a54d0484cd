// ConnectionCap.swift - no more than so many connections at once.

import NIOConcurrencyHelpers
import NIOCore

/// Counts connections and closes those beyond a limit as soon as they are accepted.
struct ConnectionCap: Sendable {
    private let limit: Int
    private let open = NIOLockedValueBox(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Connections that are open.
    var value: Int { open.withLockedValue { $0 } }

    /// Takes in a connection that was accepted, or closes it.
    func admit(_ channel: any Channel) -> EventLoopFuture<Void> {
        let isAdmitted = open.withLockedValue { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return channel.close() }
        let open = open
        channel.closeFuture.whenComplete { _ in open.withLockedValue { $0 -= 1 } }
        return channel.eventLoop.makeSucceededVoidFuture()
    }
}
