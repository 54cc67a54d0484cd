// AcceptGate.swift - turns connections away before the server stops listening.

import NIOCore
import ServiceLifecycle
import Synchronization

/// Whether new connections are still taken up.
///
/// A connection that the system accepted while the server stops listening can be lost between the two, and the
/// library ends the process then (swift-nio issue 2637). So connections are turned away first; the server stops
/// listening when those accepted before have arrived.
final class AcceptGate: Sendable {
    private let closed = Atomic(false)

    var isClosed: Bool { closed.load(ordering: .acquiring) }

    func close() {
        closed.store(true, ordering: .releasing)
    }
}

/// Closes the gate when the collector is to stop; stopped before the server is.
struct AcceptGateService: Service {
    /// A connection on its way to the server crosses event loops less often than this.
    private static let rounds = 4

    let gate: AcceptGate
    let eventLoopGroup: any EventLoopGroup

    func run() async throws {
        // Cancelled means that another service failed; the gate is closed all the same.
        try? await gracefulShutdown()
        gate.close()
        for _ in 0..<Self.rounds {
            for loop in eventLoopGroup.makeIterator() {
                try await loop.submit {}.get()
            }
        }
    }
}
