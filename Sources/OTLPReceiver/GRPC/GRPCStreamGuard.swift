// GRPCStreamGuard.swift - reads the lengths that messages declare, and ends a stream with a status.

import GRPCCore
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands between an HTTP/2 stream and the library's handler.
///
/// gRPC over HTTP/2, Length-Prefixed-Message: one byte says whether it is compressed, four bytes its length.
///
/// Compressed messages pass the library as they are, marked as plain: they are inflated where bodies of HTTP are, under
/// the same limits, at less than half the price.
final class GRPCStreamGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let limits: GRPCStreamLimits
    private let failure: StreamFailure
    private var prefix: [UInt8] = []
    private var isGzip = false
    /// Bytes of the message that are still to come.
    private var missing = 0
    private var reserved = 0
    private var stall: Scheduled<Void>?
    private var lastRead = NIODeadline.now()
    private var isAnswering = false
    private var isEnded = false

    init(_ limits: GRPCStreamLimits, _ failure: StreamFailure) {
        self.limits = limits
        self.failure = failure
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        var payload = unwrapInboundIn(data)
        switch payload {
        case .headers(var headers):
            noteEncoding(&headers.headers)
            payload = .headers(headers)
        case .data(var frame):
            guard case .byteBuffer(var buffer) = frame.data else { break }
            do throws(RPCError) {
                try count(&buffer)
            } catch {
                return end(context, with: error)
            }
            frame.data = .byteBuffer(buffer)
            payload = .data(frame)
            expectMore(context)
        case .rstStream: isEnded = true
        default: break
        }
        context.fireChannelRead(wrapInboundOut(payload))
    }

    /// Tells the handler of the call what the library is not to see.
    private func noteEncoding(_ headers: inout HPACKHeaders) {
        headers.remove(name: RawMessage.encodingKey)
        guard headers.first(name: "grpc-encoding") == "gzip" else { return }
        isGzip = true
        headers.remove(name: "grpc-encoding")
        headers.add(name: RawMessage.encodingKey, value: "gzip")
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isEnded {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .headers(let headers):
            isAnswering = true
            if headers.endStream { isEnded = true }
        case .rstStream: isEnded = true
        default: break
        }
        context.write(data, promise: promise)
    }

    /// The library closes a stream that it cannot read; the client is told why first.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if !isEnded, mode == .all, let error = failure.error { writeStatus(context, error) }
        context.close(mode: mode, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        limits.giveBack(reserved)
        reserved = 0
    }

    /// Walks over the messages in a piece of the stream.
    private func count(_ buffer: inout ByteBuffer) throws(RPCError) {
        var place = buffer.readerIndex
        while place < buffer.writerIndex {
            if missing > 0 {
                let taken = min(missing, buffer.writerIndex - place)
                try limits.reserve(taken, holding: reserved)
                reserved += taken
                missing -= taken
                place += taken
                continue
            }
            while prefix.count < 5, let byte: UInt8 = buffer.getInteger(at: place), place < buffer.writerIndex {
                if prefix.isEmpty, byte == 1, isGzip { buffer.setInteger(UInt8(0), at: place) }
                prefix.append(byte)
                place += 1
            }
            guard prefix.count == 5 else { return }
            let length = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
            prefix.removeAll(keepingCapacity: true)
            try limits.check(length)
            missing = length
        }
    }

    /// A message that stands still for too long ends its stream, so that it does not hold its room for ever.
    private func expectMore(_ context: ChannelHandlerContext) {
        lastRead = context.eventLoop.now
        if stall == nil, missing > 0 || !prefix.isEmpty { look(at: lastRead + limits.stallTimeout, context) }
    }

    private func look(at time: NIODeadline, _ context: ChannelHandlerContext) {
        stall = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) {
            self.stall = nil
            guard !self.isEnded, self.missing > 0 || !self.prefix.isEmpty else { return }
            let due = self.lastRead + self.limits.stallTimeout
            if due > context.eventLoop.now { return self.look(at: due, context) }
            self.end(context, with: OTLPGRPCErrors.stalled)
        }
    }

    private func end(_ context: ChannelHandlerContext, with error: RPCError) {
        writeStatus(context, error)
        context.close(promise: nil)
    }

    private func writeStatus(_ context: ChannelHandlerContext, _ error: RPCError) {
        isEnded = true
        var trailers = HPACKHeaders()
        if !isAnswering {
            trailers.add(name: ":status", value: "200")
            trailers.add(name: "content-type", value: "application/grpc")
        }
        trailers.add(name: "grpc-status", value: String(Status.Code(error.code).rawValue))
        trailers.add(name: "grpc-message", value: Self.percentEncoded(error.message))
        for (key, value) in error.metadata {
            trailers.add(name: key, value: value.encoded())
        }
        let payload = HTTP2Frame.FramePayload.headers(.init(headers: trailers, endStream: true))
        context.write(wrapOutboundOut(payload), promise: nil)
        // HTTP/2, Response: a server that has answered asks the client to stop sending with NO_ERROR. With any other code
        // clients take the call for cancelled.
        context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil)
    }

    /// gRPC over HTTP/2, Status-Message: bytes outside of printable ASCII, and the percent sign, are percent-encoded.
    static func percentEncoded(_ message: String) -> String {
        var result = ""
        for byte in message.utf8 {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
