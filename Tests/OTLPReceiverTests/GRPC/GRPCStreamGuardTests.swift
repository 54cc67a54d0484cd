// GRPCStreamGuardTests.swift - messages are bounded while they arrive, and a refusal is told.

import GRPCCore
import NIOCore
import NIOHPACK
import NIOHTTP2
import TestSupport
import Testing

@testable import OTLPReceiver

struct GRPCStreamGuardTests {
    @Test(arguments: [1, 2, 3, 7, 1000])
    func `messages pass as they are, however they are cut`(_ size: Int) throws {
        let stream = try GuardedStream(GuardedStream.limits())
        let sent =
            GuardedStream.message(Array(0..<100)) + GuardedStream.message([])
            + GuardedStream.message([1, 0, 0, 0, 200, 1], compressed: true)
        var seen: [UInt8] = []
        for start in stride(from: 0, to: sent.count, by: size) {
            seen += try #require(try stream.receive(Array(sent[start..<min(start + size, sent.count)])))
        }
        #expect(seen == sent)
        #expect(try stream.ending() == nil)
        #expect(stream.isOpen)
    }

    @Test(arguments: [[], [1, 2, 3]] as [[UInt8]])
    func `a length over the limit is answered before the message is there`(_ before: [UInt8]) throws {
        let stream = try GuardedStream(GuardedStream.limits(message: 100))
        let sent = before.isEmpty ? [] : GuardedStream.message(before)
        for byte in sent + GuardedStream.prefix(101).dropLast() {
            try stream.receive([byte])
            #expect(try stream.ending() == nil)
        }
        #expect(try stream.receive([101]) == nil)
        let ending = try #require(try stream.ending())
        #expect(ending.endsStream)
        #expect(ending.resetCode == .noError)
        #expect(ending.trailers.first(name: ":status") == "200")
        #expect(ending.trailers.first(name: "content-type") == "application/grpc")
        #expect(ending.trailers.first(name: "grpc-status") == "8")
        let message = ending.trailers.first(name: "grpc-message")
        #expect(message?.contains("101 bytes, limit is 100 bytes (receivers.otlp.max_body_bytes)") == true)
        // Without RetryInfo a client does not send it again.
        #expect(ending.trailers.first(name: "grpc-status-details-bin") == nil)
        #expect(!stream.isOpen)
    }

    @Test func `a length with the highest bit set is a large one`() throws {
        let stream = try GuardedStream(GuardedStream.limits())
        try stream.receive([0, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try stream.ending()?.trailers.first(name: "grpc-status") == "8")
    }

    @Test func `a message at the limit passes`() throws {
        let stream = try GuardedStream(GuardedStream.limits(message: 100))
        #expect(try stream.receive(GuardedStream.prefix(100)) == GuardedStream.prefix(100))
        #expect(try stream.ending() == nil)
    }

    @Test func `where there is no room the client is asked to send again, until a stream ends`() throws {
        let limits = GuardedStream.limits(message: 100, all: 150)
        let first = try GuardedStream(limits)
        try first.receive(GuardedStream.full(100))
        let second = try GuardedStream(limits)
        #expect(try second.receive(GuardedStream.full(51)) == nil)
        let ending = try #require(try second.ending())
        #expect(ending.trailers.first(name: "grpc-status") == "14")
        #expect(ending.trailers.first(name: "grpc-message")?.contains("receivers.memory_budget_bytes") == true)
        let details = try #require(ending.trailers.first(name: "grpc-status-details-bin"))
        #expect(details == Metadata.Value.binary(Self.retryLater(ending)).encoded())
        // What was refused took no room, and what fits has some.
        second.close()
        let third = try GuardedStream(limits)
        try third.receive(GuardedStream.full(50))
        #expect(try third.ending() == nil)
        first.close()
        let fourth = try GuardedStream(limits)
        try fourth.receive(GuardedStream.full(100))
        #expect(try fourth.ending() == nil)
    }

    @Test func `a length that is only declared takes no room`() throws {
        let limits = GuardedStream.limits(message: 100, all: 100)
        let first = try GuardedStream(limits)
        try first.receive(GuardedStream.prefix(100))
        let second = try GuardedStream(limits)
        #expect(try second.receive(GuardedStream.full(100)) != nil)
        #expect(try second.ending() == nil)
    }

    @Test func `a message that stands still ends its stream and gives its room back`() throws {
        let limits = GRPCStreamLimits(maxMessageBytes: 100, limitBytes: 100, stallTimeout: .seconds(10))
        let first = try GuardedStream(limits)
        try first.receive(GuardedStream.prefix(100) + [1, 2, 3])
        first.pass(.seconds(6))
        try first.receive([4])
        first.pass(.seconds(6))
        #expect(try first.ending() == nil)
        first.pass(.seconds(4))
        #expect(try first.ending()?.trailers.first(name: "grpc-status") == "4")
        let second = try GuardedStream(limits)
        try second.receive(GuardedStream.full(100))
        #expect(try second.ending() == nil)
        // A message that is complete may be worked on for as long as that takes.
        second.pass(.seconds(1000))
        #expect(try second.ending() == nil)
    }

    /// The `google.rpc.Status` with the message of the trailers and a `RetryInfo` of one second.
    private static func retryLater(_ ending: GuardedStream.Ending) -> [UInt8] {
        WireWriter { status in
            status.number(1, 14)
            status.string(2, ending.trailers.first(name: "grpc-message") ?? "")
            status.message(3) { any in
                any.string(1, "type.googleapis.com/google.rpc.RetryInfo")
                any.message(2) { $0.message(1) { $0.number(1, 1) } }
            }
        }.bytes
    }

    @Test func `all messages of a stream give their room back when it ends`() throws {
        let limits = GuardedStream.limits(message: 100, all: 100)
        let first = try GuardedStream(limits)
        for _ in 0..<10 { try first.receive(GuardedStream.message([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])) }
        let second = try GuardedStream(limits)
        #expect(try second.receive(GuardedStream.full(1)) == nil)
        try first.receiveReset()
        first.close()
        let third = try GuardedStream(limits)
        #expect(try third.receive(GuardedStream.full(100)) != nil)
    }

    @Test func `one message has room even where the limit on all is smaller`() throws {
        let limits = GuardedStream.limits(message: 100, all: 10)
        let first = try GuardedStream(limits)
        #expect(try first.receive(GuardedStream.full(100)) != nil)
        let second = try GuardedStream(limits)
        #expect(try second.receive(GuardedStream.full(1)) == nil)
    }

    @Test func `a refusal in the middle of an answer has no status line of its own`() throws {
        let stream = try GuardedStream(GuardedStream.limits(message: 100))
        try stream.answer()
        try stream.receive(GuardedStream.prefix(101))
        let ending = try #require(try stream.ending())
        #expect(ending.trailers.first(name: ":status") == nil)
        #expect(ending.trailers.first(name: "grpc-status") == "8")
    }

    @Test func `after the answer nothing is added`() throws {
        let stream = try GuardedStream(GuardedStream.limits(message: 100))
        try stream.answer(endingStream: true)
        #expect(try stream.receive(GuardedStream.prefix(101)) == nil)
        stream.giveUp(RPCError(code: .internalError, message: "too late"))
        #expect(try stream.ending() == nil)
    }

    @Test func `where the library gives up the client is told why`() throws {
        let stream = try GuardedStream(GuardedStream.limits())
        stream.giveUp(RPCError(code: .resourceExhausted, message: "100% \u{E9}\n"))
        let ending = try #require(try stream.ending())
        #expect(ending.trailers.first(name: "grpc-status") == "8")
        #expect(ending.trailers.first(name: "grpc-message") == "100%25 %C3%A9%0A")
        #expect(ending.resetCode == .noError)
        let silent = try GuardedStream(GuardedStream.limits())
        silent.giveUp(nil)
        #expect(try silent.ending() == nil)
    }

    @Test func `in a gzip stream messages pass as plain ones, and the handler is told`() throws {
        let stream = try GuardedStream(GuardedStream.limits())
        let seen = try #require(try stream.receive(headers: [("grpc-encoding", "gzip"), ("te", "trailers")]))
        #expect(seen.first(name: "grpc-encoding") == nil)
        #expect(seen[RawMessage.encodingKey] == ["gzip"])
        #expect(seen.first(name: "te") == "trailers")
        let content: [UInt8] = [1, 0, 0, 0, 1, 1]
        for byte in GuardedStream.message(content, compressed: true).enumerated() {
            let passed = try stream.receive([byte.element])
            #expect(passed == [byte.offset == 0 ? 0 : byte.element])
        }
        let second = GuardedStream.message(content, compressed: true) + GuardedStream.message(content)
        #expect(try stream.receive(second) == GuardedStream.message(content) + GuardedStream.message(content))
    }

    @Test(arguments: [nil, "identity", "deflate"])
    func `in another stream the mark of a compressed message stays`(_ encoding: String?) throws {
        let stream = try GuardedStream(GuardedStream.limits())
        let sent = [("te", "trailers")] + (encoding.map { [("grpc-encoding", $0)] } ?? [])
        let seen = try #require(try stream.receive(headers: sent))
        #expect(seen.first(name: "grpc-encoding") == encoding)
        #expect(seen.first(name: RawMessage.encodingKey) == nil)
        let message = GuardedStream.message([1, 2], compressed: true)
        #expect(try stream.receive(message) == message)
    }

    @Test func `a client cannot say itself what the guard says`() throws {
        for encoding in [[], [("grpc-encoding", "gzip")]] {
            let stream = try GuardedStream(GuardedStream.limits())
            let sent = [(RawMessage.encodingKey, "deflate"), (RawMessage.encodingKey, "gzip")] + encoding
            let seen = try #require(try stream.receive(headers: sent))
            #expect(seen[RawMessage.encodingKey] == encoding.map(\.1))
        }
    }

    @Test(arguments: [
        ("plain text ~", "plain text ~"), ("50%", "50%25"), ("a\r\nb", "a%0D%0Ab"), ("\u{7F}", "%7F"),
        ("北", "%E5%8C%97"), ("", ""),
    ])
    func `a status message is percent-encoded`(_ message: String, _ encoded: String) {
        #expect(GRPCStreamGuard.percentEncoded(message) == encoded)
    }
}
