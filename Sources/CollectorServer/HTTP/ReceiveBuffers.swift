// ReceiveBuffers.swift - how much a socket reads at once, and that no connection keeps it.

import NIOCore

/// Makes a buffer for each read of a socket, as large as the last reads were.
///
/// SwiftNIO keeps the buffers of up to four reads for each connection as long as that is open: with buffers as large as
/// bodies need them, megabytes for each exporter that sent one. These are freed with the bytes that were read. For that
/// a channel has to read once in a cycle (`maxMessagesPerRead` 1): then all it keeps is the first buffer, the smallest.
struct ReceiveBuffers: RecvByteBufferAllocator {
    private static let smallest = 4 << 10
    /// Larger ones do not make large bodies cheaper.
    private static let largest = 256 << 10

    private var sizes = AdaptiveRecvByteBufferAllocator(minimum: smallest, initial: smallest, maximum: largest)

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        sizes.buffer(allocator: allocator)
    }

    /// None, so that buffers are not kept.
    func nextBufferSize() -> Int? {
        nil
    }

    /// Always says that the next one may be larger, so that the last one is not taken again.
    mutating func record(actualReadBytes: Int) -> Bool {
        _ = sizes.record(actualReadBytes: actualReadBytes)
        return true
    }
}
