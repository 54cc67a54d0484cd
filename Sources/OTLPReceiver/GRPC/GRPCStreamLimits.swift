// GRPCStreamLimits.swift - what the streams of all gRPC connections may hold before a handler sees a message.

import GRPCCore
import NIOConcurrencyHelpers
public import NIOCore
import TraceModel

/// Bounds messages while they arrive.
///
/// The library collects a message before it asks anybody. So a guard in front of it reads the length that each message
/// declares, and answers at once where that is over the limit or there is no room; and where the library gives up on a
/// stream, the guard tells the client why.
///
/// OTLP 1.x, OTLP/gRPC Request: a limit on messages must exist; too large is `RESOURCE_EXHAUSTED` without `RetryInfo`.
public struct GRPCStreamLimits: Sendable {
    private let maxMessageBytes: Int
    private let limitBytes: Int
    private let arriving = NIOLockedValueBox(0)

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - maxMessageBytes: The largest message, as sent and after decompression.
    ///   - limitBytes: What messages that are arriving may come to together; one message always has room.
    public init(maxMessageBytes: Int, limitBytes: Int) {
        self.maxMessageBytes = maxMessageBytes
        self.limitBytes = limitBytes
    }

    /// Puts the guard around the handlers of a stream.
    ///
    /// - Parameter channel: A stream of an HTTP/2 connection, with the library's handlers in place.
    /// - Returns: When that is done.
    public func guardStream(_ channel: any Channel) -> EventLoopFuture<Void> {
        let limits = self
        return channel.eventLoop.makeCompletedFuture {
            let failure = StreamFailure()
            try channel.pipeline.syncOperations.addHandler(GRPCStreamGuard(limits, failure), position: .first)
            try channel.pipeline.syncOperations.addHandler(StreamFailureNote(failure), position: .last)
        }
    }

    /// Makes room for a message of so many bytes.
    ///
    /// - Throws: The status for the client.
    func reserve(_ bytes: Int) throws(RPCError) {
        guard bytes <= maxMessageBytes else {
            throw OTLPGRPCErrors.status(of: ReceiverError.bodyTooLarge("\(bytes) bytes", limit: maxMessageBytes))
        }
        let hasRoom = arriving.withLockedValue { used in
            guard used == 0 || used + bytes <= limitBytes else { return false }
            used += bytes
            return true
        }
        guard hasRoom else {
            let message =
                "no room for a message of \(bytes) bytes: messages that are arriving hold \(limitBytes) bytes already "
                + "(receivers.memory_budget_bytes); send again later"
            throw OTLPGRPCErrors.status(of: ReceiverError(code: .overloaded, message: message))
        }
    }

    func giveBack(_ bytes: Int) {
        arriving.withLockedValue { $0 -= bytes }
    }
}

/// Why the library gave up on a stream.
///
/// Belongs to the stream's event loop.
final class StreamFailure {
    var error: RPCError?
}

/// Takes note of errors behind the library's handler.
final class StreamFailureNote: ChannelInboundHandler {
    typealias InboundIn = NIOAny
    private let failure: StreamFailure

    init(_ failure: StreamFailure) {
        self.failure = failure
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? RPCError { failure.error = error }
        context.fireErrorCaught(error)
    }
}
