// GuardedStream.swift - a stream with the guard, without a connection.

import GRPCCore
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2

@testable import OTLPReceiver

/// A stream of an HTTP/2 connection with the guard, and nothing behind it.
struct GuardedStream {
    /// What the client was told, and how the stream ended.
    struct Ending {
        var trailers: HPACKHeaders
        var endsStream: Bool
        var resetCode: HTTP2ErrorCode?
    }

    private let channel: EmbeddedChannel

    init(_ limits: GRPCStreamLimits) throws {
        channel = EmbeddedChannel()
        try limits.guardStream(channel).wait()
        // An embedded channel is open when it is connected.
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// A limit for messages, and one for all that arrive.
    static func limits(message: Int = 100, all: Int = 1000) -> GRPCStreamLimits {
        GRPCStreamLimits(maxMessageBytes: message, limitBytes: all)
    }

    /// A message with its prefix.
    static func message(_ content: [UInt8], compressed: Bool = false) -> [UInt8] {
        prefix(content.count, compressed: compressed) + content
    }

    /// A message of so many bytes with its prefix.
    static func full(_ length: Int) -> [UInt8] {
        prefix(length) + [UInt8](repeating: 7, count: length)
    }

    /// Time goes by.
    func pass(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }

    /// What stands before a message of so many bytes.
    static func prefix(_ length: Int, compressed: Bool = false) -> [UInt8] {
        [compressed ? 1 : 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }

    /// Receives the header fields of a call, and gives what the library sees of them.
    func receive(headers fields: [(String, String)]) throws -> HPACKHeaders? {
        let headers = HTTP2Frame.FramePayload.Headers(headers: HPACKHeaders(fields))
        try channel.writeInbound(HTTP2Frame.FramePayload.headers(headers))
        guard case .headers(let seen)? = try channel.readInbound(as: HTTP2Frame.FramePayload.self) else { return nil }
        return seen.headers
    }

    /// Receives a piece of the stream, and gives what the library sees of it.
    @discardableResult
    func receive(_ bytes: [UInt8]) throws -> [UInt8]? {
        let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer(bytes: bytes)))
        try channel.writeInbound(HTTP2Frame.FramePayload.data(data))
        guard case .data(let seen)? = try channel.readInbound(as: HTTP2Frame.FramePayload.self),
            case .byteBuffer(let buffer) = seen.data
        else { return nil }
        return Array(buffer.readableBytesView)
    }

    /// The client takes the call back.
    func receiveReset() throws {
        try channel.writeInbound(HTTP2Frame.FramePayload.rstStream(.cancel))
    }

    /// The library answers with its first header fields.
    func answer(endingStream: Bool = false) throws {
        let headers = HTTP2Frame.FramePayload.Headers(headers: [":status": "200"], endStream: endingStream)
        try channel.writeOutbound(HTTP2Frame.FramePayload.headers(headers))
        _ = try channel.readOutbound(as: HTTP2Frame.FramePayload.self)
    }

    /// The library gives up on the stream: it reports an error, if there is one, and closes.
    func giveUp(_ error: RPCError?) {
        if let error { channel.pipeline.fireErrorCaught(error) }
        close()
    }

    /// The stream is over.
    func close() {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }

    var isOpen: Bool { channel.isActive }

    /// What went out; nil when that was nothing.
    func ending() throws -> Ending? {
        let first = try channel.readOutbound(as: HTTP2Frame.FramePayload.self)
        guard case .headers(let headers)? = first else { return nil }
        var ending = Ending(trailers: headers.headers, endsStream: headers.endStream)
        if case .rstStream(let code)? = try channel.readOutbound(as: HTTP2Frame.FramePayload.self) {
            ending.resetCode = code
        }
        return ending
    }
}
