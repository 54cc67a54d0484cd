// ReceiveBuffersTests.swift - how much a socket reads, and what its connection keeps of it.

import NIOCore
import Testing

@testable import CollectorServer

struct ReceiveBuffersTests {
    /// What a channel that reads once in a cycle does with so many bytes.
    private func read(_ bytes: Int, with pool: inout NIOPooledRecvBufferAllocator) -> ByteBuffer {
        let (buffer, count) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
            buffer.writeRepeatingByte(0, count: min(bytes, buffer.writableBytes))
        }
        pool.record(actualReadBytes: count)
        return buffer
    }

    @Test func `buffers grow with what is read, to 256 KiB, and become small again`() {
        var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReceiveBuffers())
        let grown = (0..<12).map { _ in read(.max, with: &pool).readableBytes }
        #expect(grown.first == 4 << 10)
        #expect(grown.last == 256 << 10)
        for _ in 0..<24 { _ = read(10, with: &pool) }
        #expect(read(.max, with: &pool).readableBytes == 4 << 10)
    }

    @Test func `each read has memory of its own, which nobody keeps`() {
        var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReceiveBuffers())
        for _ in 0..<8 { _ = read(.max, with: &pool) }
        var last = read(.max, with: &pool)
        let isAlone = last.modifyIfUniquelyOwned { _ in true }
        #expect(isAlone == true, "a second owner would be the connection")
    }
}
