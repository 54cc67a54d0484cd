// RequestDeadlines.swift - connections that never come to the point are closed.

import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request does not arrive in time, however often it sends a byte ("slow-loris").
///
/// Stands behind the HTTP codec, so that only whole heads and bodies count. There is at most one timer for each
/// connection; it is set again when it rings too early.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long each phase of a connection may take.
    struct Limits: Sendable {
        /// From the connection, or the end of an answer, to the end of the next head.
        var head: TimeAmount
        /// From the end of a head to the end of its body.
        var body: TimeAmount
        /// How long a client may take nothing of its answer.
        var stall: TimeAmount
    }

    private let limits: Limits
    private var deadline: NIODeadline?
    private var timer: Scheduled<Void>?
    private var unanswered = 0
    private var isReading = false

    init(_ limits: Limits) {
        self.limits = limits
    }

    func channelActive(context: ChannelHandlerContext) {
        expect(within: limits.head, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            isReading = true
            expect(within: limits.body, context)
        case .body: break
        case .end:
            isReading = false
            // What takes time now is ours.
            if unanswered > 0 { deadline = nil } else { expect(within: limits.head, context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            if unanswered == 0, !isReading { expect(within: limits.head, context) }
        }
        context.write(data, promise: promise)
    }

    /// An answer that nobody takes any more is not kept for ever.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !isReading, unanswered > 0 {
            if context.channel.isWritable { deadline = nil } else { expect(within: limits.stall, context) }
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    private func expect(within limit: TimeAmount, _ context: ChannelHandlerContext) {
        let deadline = context.eventLoop.now + limit
        self.deadline = deadline
        if timer == nil { ring(at: deadline, context) }
    }

    private func ring(at time: NIODeadline, _ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        guard let deadline else { return }
        if deadline <= context.eventLoop.now {
            context.close(promise: nil)
        } else {
            ring(at: deadline, context)
        }
    }
}
