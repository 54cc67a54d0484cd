// GRPCFuzz.swift - the frames of a call, through the guard of its stream.

import GRPCCore
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2

@testable import OTLPReceiver

/// Plays a call on a stream with the guard and nothing behind it.
///
/// Each step is one byte that says what happens, then what it happens with.
enum GRPCFuzz {
    private static let limitBytes = 4096

    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        let limits = GRPCStreamLimits(maxMessageBytes: 1000, limitBytes: limitBytes)
        do {
            var call = try Call(limits)
            var input = FuzzInput(input)
            while !input.rest.isEmpty { try call.play(input.byte(), &input) }
            try call.finish()
        } catch let error as FuzzFinding {
            throw error
        } catch {
            throw FuzzFinding("the stream fails with \(type(of: error))")
        }
        do throws(RPCError) {
            // Held bytes that nobody has make the limit the only way.
            try limits.reserve(limitBytes, holding: -1)
        } catch {
            throw FuzzFinding("a stream that is over still holds room")
        }
    }

    private struct Call {
        private let channel = EmbeddedChannel()
        private var sent: [UInt8] = []
        private var seen: [UInt8] = []
        private var isGzip = false
        private var isOver = false

        init(_ limits: GRPCStreamLimits) throws {
            try limits.guardStream(channel).wait()
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        mutating func play(_ step: UInt8, _ input: inout FuzzInput) throws {
            guard channel.isActive else { return }
            switch step & 15 {
            case 0: try receive(headers: ["content-type": "application/grpc", "grpc-encoding": "gzip"])
            case 1: try receive(headers: ["content-type": "application/grpc"])
            case 2:
                let name = String(decoding: input.line(), as: UTF8.self)
                try receive(headers: [name: String(decoding: input.line(), as: UTF8.self)])
            case 3: try answer(endingStream: false)
            case 4: try answer(endingStream: true)
            case 5: try channel.writeInbound(HTTP2Frame.FramePayload.rstStream(.cancel))
            case 6:
                channel.pipeline.fireErrorCaught(RPCError(code: .internalError, message: "\u{E9}%\n"))
                // The embedded channel would throw it at the next step.
                try? channel.throwIfErrorCaught()
            case 7: channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(input.byte())))
            case 8: channel.close(promise: nil)
            case 9: try receive([0, 0, 0, 0, input.byte()])
            default: try receive(input.bytes(Int(input.byte())))
            }
            try look()
        }

        /// The stream ends, if it has not yet.
        mutating func finish() throws {
            if channel.isActive { channel.close(promise: nil) }
            channel.embeddedEventLoop.run()
            try look()
        }

        private mutating func receive(headers fields: HPACKHeaders) throws {
            if fields.first(name: "grpc-encoding") == "gzip" { isGzip = true }
            try channel.writeInbound(HTTP2Frame.FramePayload.headers(.init(headers: fields)))
        }

        private mutating func receive(_ bytes: [UInt8]) throws {
            sent += bytes
            try channel.writeInbound(HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer(bytes: bytes)))))
        }

        private func answer(endingStream: Bool) throws {
            let headers = HTTP2Frame.FramePayload.Headers(headers: [":status": "200"], endStream: endingStream)
            // Refused when the guard has answered already.
            channel.writeAndFlush(HTTP2Frame.FramePayload.headers(headers), promise: nil)
        }

        /// What passed on is what was sent; behind an end there is nothing.
        private mutating func look() throws {
            while let frame = try channel.readInbound(as: HTTP2Frame.FramePayload.self) {
                guard case .data(let frame) = frame, case .byteBuffer(let buffer) = frame.data else { continue }
                seen += buffer.readableBytesView
            }
            try FuzzFinding.unless(
                seen.count <= sent.count && (isGzip || sent.starts(with: seen)),
                "a stream is passed on changed"
            )
            while let frame = try channel.readOutbound(as: HTTP2Frame.FramePayload.self) {
                if case .rstStream = frame { continue }
                try FuzzFinding.unless(!isOver, "a stream that is over goes on")
                if case .headers(let headers) = frame, headers.endStream { isOver = true }
            }
        }
    }
}
