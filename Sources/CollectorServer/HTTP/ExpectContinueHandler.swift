// ExpectContinueHandler.swift - Expect: 100-continue, and bodies that nobody wants.

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue`, and bounds what is read of a body after its answer.
///
/// RFC 9110, section 10.1.1. Without the word to go on some clients wait a second or more before they send a body. No
/// such word is given for a body that is declared larger than the limit: its sender gets the refusal instead.
/// Stands between the HTTP codec and the server's own handlers. Also sets how the socket reads (`ReceiveBuffers`).
final class ExpectContinueHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let maxBodyBytes: Int
    private let gate: AcceptGate
    private var progress: RequestProgress

    /// Makes the handler of one connection.
    ///
    /// - Parameters:
    ///   - maxBodyBytes: The limit on bodies. Twice as much is read after a refusal, so that a client which sends
    ///     before it listens can still see the answer.
    ///   - gate: Once closed, a connection ends before it begins.
    init(maxBodyBytes: Int, gate: AcceptGate) {
        self.maxBodyBytes = maxBodyBytes
        self.gate = gate
        progress = RequestProgress(drainLimitBytes: maxBodyBytes * 2)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // A channel without these options (in tests) works as well.
        try? context.channel.syncOptions?.setOption(.recvAllocator, value: ReceiveBuffers())
        try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
    }

    func channelActive(context: ChannelHandlerContext) {
        if gate.isClosed {
            // The handlers behind must not hear of it: they would hand the connection to a server that is gone.
            context.close(promise: nil)
        } else {
            context.fireChannelActive()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            progress.readHead(expectation(of: head))
        case .body(let bytes):
            if progress.readBody(bytes: bytes.readableBytes) == .close {
                context.close(promise: nil)
                return
            }
        case .end:
            progress.readEnd()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        perform(progress.readComplete(), context)
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        let action = progress.wroteEnd()
        context.write(data, promise: promise)
        perform(action, context)
    }

    private func perform(_ action: RequestProgress.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .nothing: break
        case .sendContinue:
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        case .close:
            context.flush()
            context.close(promise: nil)
        }
    }

    private func expectation(of head: HTTPRequest) -> RequestProgress.Expectation {
        guard let expect = head.headerFields[.expect], expect.lowercased() == "100-continue" else { return .none }
        guard let length = head.headerFields[.contentLength] else { return .leave }
        // What does not fit an Int is too large as well.
        return Int(length).map { $0 <= maxBodyBytes } ?? false ? .leave : .leaveForTooMuch
    }
}
