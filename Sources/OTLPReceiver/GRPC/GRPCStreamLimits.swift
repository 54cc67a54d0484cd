// GRPCStreamLimits.swift - what the streams of all gRPC connections may hold before a handler sees a message.

import GRPCCore
import NIOConcurrencyHelpers
public import NIOCore
import TraceModel

/// Bounds messages while they arrive.
///
/// The library collects a message before it asks anybody. So a guard in front of it reads the length that each message
/// declares, and answers at once where that is over the limit; counts what arrives, and answers where there is no room or
/// nothing arrives any more; and where the library gives up on a stream, the guard tells the client why.
///
/// OTLP 1.x, OTLP/gRPC Request: a limit on messages must exist; too large is `RESOURCE_EXHAUSTED` without `RetryInfo`.
public struct GRPCStreamLimits: Sendable {
    private let maxMessageBytes: Int
    private let limitBytes: Int
    /// How long a message may stand still before it is complete.
    let stallTimeout: TimeAmount
    private let arriving = NIOLockedValueBox(0)

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - maxMessageBytes: The largest message, as sent and after decompression.
    ///   - limitBytes: What messages that are arriving may come to together; one stream alone always has room.
    ///   - stallTimeout: How long a message may stand still before it is complete.
    public init(maxMessageBytes: Int, limitBytes: Int, stallTimeout: TimeAmount = .seconds(75)) {
        self.maxMessageBytes = maxMessageBytes
        self.limitBytes = limitBytes
        self.stallTimeout = stallTimeout
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

    /// Checks the length that a message declares.
    ///
    /// - Throws: The status for the client.
    func check(_ length: Int) throws(RPCError) {
        guard length > maxMessageBytes else { return }
        throw OTLPGRPCErrors.status(of: ReceiverError.bodyTooLarge("\(length) bytes", limit: maxMessageBytes))
    }

    /// Makes room for bytes that have arrived, on a stream that holds so many already.
    ///
    /// - Throws: The status for the client.
    func reserve(_ bytes: Int, holding held: Int) throws(RPCError) {
        let hasRoom = arriving.withLockedValue { used in
            guard used == held || used + bytes <= limitBytes else { return false }
            used += bytes
            return true
        }
        guard hasRoom else {
            let message =
                "no room for \(bytes) more bytes: messages that are arriving hold \(limitBytes) bytes "
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
