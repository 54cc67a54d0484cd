// BodyBuffer.swift - collects a body in one allocation.

import NIOCore
import TraceModel

/// Collects the chunks of a body in one allocation, which then becomes a batch's storage without a copy.
struct BodyBuffer: ~Copyable {
    private(set) var count = 0
    private var memory: UnsafeMutableRawBufferPointer

    /// Makes room for `capacity` bytes.
    init(capacity: Int) {
        memory = .allocate(byteCount: max(capacity, 1), alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var capacity: Int { memory.count }

    /// Moves to a larger allocation.
    mutating func reserve(_ capacity: Int) {
        guard capacity > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }

    /// Adds a chunk; there must be room for it.
    mutating func append(_ chunk: ByteBuffer) {
        chunk.withUnsafeReadableBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
            count += bytes.count
        }
    }

    /// Hands the allocation over.
    consuming func finish() -> BatchStorage {
        let address = UInt(bitPattern: memory.baseAddress)
        let bytes = UnsafeRawBufferPointer(rebasing: memory[..<count])
        discard self
        return BatchStorage(bytes: bytes) {
            UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
        }
    }
}
