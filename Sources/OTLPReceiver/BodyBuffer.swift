// BodyBuffer.swift - collects a body in one allocation.

import NIOCore
import TraceModel

/// Collects the chunks of a body in one allocation, which then becomes a batch's storage without a copy.
struct BodyBuffer: ~Copyable {
    private(set) var count = 0
    private var memory: UnsafeMutableRawBufferPointer

    /// Makes room for `capacity` bytes.
    ///
    /// - Throws: `MemoryShortage` when the system has none.
    init(capacity: Int) throws(MemoryShortage) {
        memory = try Self.allocate(capacity)
    }

    deinit {
        BodyMemory.shared.free(memory)
    }

    var capacity: Int { memory.count }

    /// Moves to a larger allocation.
    ///
    /// - Throws: `MemoryShortage` when the system has none.
    mutating func reserve(_ capacity: Int) throws(MemoryShortage) {
        guard capacity > memory.count else { return }
        let larger = try Self.allocate(capacity)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        BodyMemory.shared.free(memory)
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
        let block = memory
        let count = count
        discard self
        return BatchStorage(block, count: count)
    }

    private static func allocate(_ capacity: Int) throws(MemoryShortage) -> UnsafeMutableRawBufferPointer {
        guard let memory = BodyMemory.shared.allocate(capacity) else {
            throw MemoryShortage(message: "the system has no memory for a body of \(capacity) bytes")
        }
        return memory
    }
}
