// BodyMemory.swift - blocks for the bodies of requests, used one after the other.

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory for bodies and for what they are unpacked to.
///
/// Blocks of this size among small ones leave holes in the heaps of all threads that hold them for a while, and a block of
/// its own for each request costs a page fault for every 4 KiB. So large blocks lie outside the heaps, and those that were
/// given back serve the next requests.
public final class BodyMemory: Sendable {
    /// That of the process.
    public static let shared = BodyMemory()

    /// Sizes of large blocks are whole multiples of it.
    private static let step = 64 << 10
    /// Smaller blocks come from the heap.
    private static let smallest = 128 << 10
    /// Larger ones are given back to the system at once.
    private static let largest = 4 << 20

    private struct Waiting {
        var blocks: [Block] = []
        var bytes = 0
    }

    private struct Block {
        var address: UInt
        var size: Int
    }

    private let waiting = Mutex(Waiting())
    /// Bytes that wait to be used again, at most.
    private let mostWaiting: Int

    /// Makes one without blocks.
    ///
    /// - Parameter mostWaiting: Bytes that wait to be used again, at most.
    init(mostWaiting: Int = 12 << 20) {
        self.mostWaiting = mostWaiting
    }

    /// Bytes that wait to be used again.
    var waitingBytes: Int { waiting.withLock { $0.bytes } }

    /// The bytes of the block that `allocate` makes.
    ///
    /// - Parameter size: The bytes asked for.
    /// - Returns: At least as many.
    public static func blockSize(_ size: Int) -> Int {
        size < smallest ? max(size, 1) : (size + step - 1) / step * step
    }

    /// A block that has at least some bytes.
    ///
    /// - Parameter size: In bytes.
    /// - Returns: The block, aligned to 16 bytes; give it back with `free`, as it is. Nil when there is no memory.
    public func allocate(_ size: Int) -> UnsafeMutableRawBufferPointer? {
        let rounded = Self.blockSize(size)
        guard size >= Self.smallest else { return onHeap(rounded) }
        if size <= Self.largest, let used = take(rounded) { return used }
        let address = mmap(nil, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address, address != MAP_FAILED else { return nil }
        return UnsafeMutableRawBufferPointer(start: address, count: rounded)
    }

    /// Gives a block back.
    ///
    /// - Parameter block: As `allocate` returned it.
    public func free(_ block: UnsafeMutableRawBufferPointer) {
        guard let address = block.baseAddress else { return }
        guard block.count >= Self.smallest else { return releaseToHeap(address) }
        let block = Block(address: UInt(bitPattern: address), size: block.count)
        guard block.size <= Self.largest else { return unmap(block) }
        let surplus = waiting.withLock { waiting in
            waiting.blocks.append(block)
            waiting.bytes += block.size
            return removeOldest(from: &waiting, until: mostWaiting)
        }
        for block in surplus { unmap(block) }
    }

    /// Gives everything that waits back to the system.
    public func trim() {
        let all = waiting.withLock { removeOldest(from: &$0, until: 0) }
        for block in all { unmap(block) }
    }

    /// The smallest block that fits and is not much too large.
    private func take(_ size: Int) -> UnsafeMutableRawBufferPointer? {
        waiting.withLock { waiting in
            var best: Int?
            for place in waiting.blocks.indices {
                let found = waiting.blocks[place].size
                guard found >= size, found <= size + size / 2, found < best.map({ waiting.blocks[$0].size }) ?? .max
                else {
                    continue
                }
                best = place
            }
            guard let best else { return nil }
            let block = waiting.blocks.remove(at: best)
            waiting.bytes -= block.size
            return UnsafeMutableRawBufferPointer(
                start: UnsafeMutableRawPointer(bitPattern: block.address),
                count: block.size
            )
        }
    }

    private func removeOldest(from waiting: inout Waiting, until most: Int) -> [Block] {
        var count = 0
        while waiting.bytes > most, count < waiting.blocks.count {
            waiting.bytes -= waiting.blocks[count].size
            count += 1
        }
        defer { waiting.blocks.removeFirst(count) }
        return Array(waiting.blocks[..<count])
    }

    private func unmap(_ block: Block) {
        munmap(UnsafeMutableRawPointer(bitPattern: block.address), block.size)
    }

    private func onHeap(_ size: Int) -> UnsafeMutableRawBufferPointer? {
        malloc(size).map { UnsafeMutableRawBufferPointer(start: $0, count: size) }
    }

    private func releaseToHeap(_ address: UnsafeMutableRawPointer) {
        #if canImport(Glibc)
        Glibc.free(address)
        #elseif canImport(Musl)
        Musl.free(address)
        #else
        Darwin.free(address)
        #endif
    }
}
