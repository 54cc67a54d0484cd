// BodyMemoryTests.swift - blocks for bodies: sizes, use again, bounds.

import Testing

@testable import TraceModel

struct BodyMemoryTests {
    @Test(arguments: [0, 1, 4096, 131_071, 131_072, 700_000, 4 << 20, 5 << 20])
    func `a block has the bytes that were asked for, and they can be written`(_ size: Int) throws {
        let memory = BodyMemory()
        let block = try #require(memory.allocate(size))
        #expect(block.count >= max(size, 1))
        #expect(UInt(bitPattern: block.baseAddress) % 16 == 0)
        block.initializeMemory(as: UInt8.self, repeating: 0xA5)
        #expect(block.allSatisfy { $0 == 0xA5 })
        memory.free(block)
    }

    @Test func `a large block that was given back serves the next request of about that size`() throws {
        let memory = BodyMemory()
        let first = try #require(memory.allocate(700_000))
        memory.free(first)
        let second = try #require(memory.allocate(650_000))
        #expect(second.baseAddress == first.baseAddress && second.count == first.count)
        let third = try #require(memory.allocate(650_000))
        #expect(third.baseAddress != second.baseAddress)
        memory.free(second)
        memory.free(third)
    }

    @Test func `the smallest block that fits is taken, and none that is more than half as large again`() throws {
        let memory = BodyMemory()
        let sizes = [1 << 20, 512 << 10, 768 << 10]
        let blocks = try sizes.map { try #require(memory.allocate($0)) }
        for block in blocks { memory.free(block) }
        let fitting = try #require(memory.allocate(600 << 10))
        #expect(fitting.baseAddress == blocks[2].baseAddress)
        let small = try #require(memory.allocate(200 << 10))
        #expect(!blocks.map(\.baseAddress).contains(small.baseAddress))
        memory.free(fitting)
        memory.free(small)
        memory.trim()
    }

    @Test func `so many bytes wait and no more, the newest ones`() throws {
        let memory = BodyMemory(mostWaiting: 1 << 20)
        let blocks = try (0..<3).map { _ in try #require(memory.allocate(512 << 10)) }
        for block in blocks { memory.free(block) }
        #expect(memory.waitingBytes == 1 << 20)
        let kept = try (0..<2).map { _ in try #require(memory.allocate(512 << 10)).baseAddress }
        #expect(Set(kept) == Set(blocks.dropFirst().map(\.baseAddress)))
    }

    @Test func `nothing waits after a trim, nor very large or small blocks ever`() throws {
        let memory = BodyMemory()
        for size in [100, 300 << 10, 8 << 20] { memory.free(try #require(memory.allocate(size))) }
        #expect(memory.waitingBytes == 320 << 10)
        memory.trim()
        #expect(memory.waitingBytes == 0)
    }

    @Test func `a size that no system has is refused`() {
        #expect(BodyMemory().allocate(Int.max / 2) == nil)
    }

    @Test func `storage shows the bytes that were written, not the rest of its block`() throws {
        let block = try #require(BodyMemory.shared.allocate(200_000))
        block.copyBytes(from: [1, 2, 3])
        #expect(bytes(of: BatchStorage(block, count: 3)) == [1, 2, 3])
        let large = try #require(BodyMemory.shared.allocate(900_000))
        large.copyBytes(from: [4, 5, 6])
        #expect(bytes(of: BatchStorage(shrinking: large, count: 3)) == [4, 5, 6])
        let copied = [UInt8](repeating: 7, count: 300_000)
        #expect(bytes(of: BatchStorage(copying: copied)) == copied)
    }

    /// Copied while the storage is there.
    private func bytes(of storage: BatchStorage) -> [UInt8] {
        withExtendedLifetime(storage) { Array(storage.bytes) }
    }
}
