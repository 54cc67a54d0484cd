// SmallMemoryTests.swift - SQLite's memory on threads that keep small blocks.

import CSQLiteSetup
import Foundation
import GRDBSQLite
import TestSupport
import Testing

struct SmallMemoryTests {
    /// A block that is filled with one byte.
    private struct Block {
        var address: UnsafeMutableRawPointer
        var size: Int
        var mark: UInt8

        init?(_ size: Int, _ mark: UInt8) {
            guard let address = sqlite3_malloc64(UInt64(size)) else { return nil }
            self.address = address
            self.size = size
            self.mark = mark
            memset(address, Int32(mark), size)
        }

        var isWhole: Bool {
            sqlite3_msize(address) >= size
                && UnsafeRawBufferPointer(start: address, count: size).allSatisfy { $0 == mark }
        }

        mutating func resize(_ size: Int) -> Bool {
            guard let moved = sqlite3_realloc64(address, UInt64(size)) else { return false }
            let kept = UnsafeRawBufferPointer(start: moved, count: min(size, self.size)).allSatisfy { $0 == mark }
            (address, self.size) = (moved, size)
            memset(moved, Int32(mark), size)
            return kept
        }
    }

    /// Takes, changes and frees blocks at random; whether every one kept what was in it.
    private func churn(seed: UInt64) -> Bool {
        var random = SeededRandom(seed: seed)
        var blocks: [Block] = []
        var isWhole = true
        for step in 0..<20_000 {
            switch random.below(4) {
            case 0, 1:
                let size = 1 + random.below(random.below(8) == 0 ? 5_000 : 600)
                if let block = Block(size, UInt8(truncatingIfNeeded: step)) { blocks.append(block) }
            case 2 where !blocks.isEmpty:
                let place = random.below(blocks.count)
                isWhole = blocks[place].isWhole && blocks[place].resize(1 + random.below(900)) && isWhole
            default:
                guard !blocks.isEmpty else { continue }
                let block = blocks.remove(at: random.below(blocks.count))
                isWhole = block.isWhole && Int(bitPattern: block.address) % 8 == 0 && isWhole
                sqlite3_free(block.address)
            }
        }
        for block in blocks {
            isWhole = block.isWhole && isWhole
            sqlite3_free(block.address)
        }
        return isWhole
    }

    /// Runs on a thread of its own.
    private func onThread<Result: Sendable>(keeping: Bool, _ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            Thread {
                if keeping { skein_sqlite_keep_memory() }
                continuation.resume(returning: body())
            }.start()
        }
    }

    @Test func `blocks keep what is in them, whichever thread frees them`() async {
        skein_sqlite_setup()
        #expect(sqlite3_initialize() == SQLITE_OK)
        for seed in 0..<3 as Range<UInt64> {
            #expect(await onThread(keeping: true) { churn(seed: seed) })
            #expect(await onThread(keeping: false) { churn(seed: seed) })
        }
        // Given from a keeping thread to another and back.
        let blocks = await onThread(keeping: true) {
            (0..<5_000).compactMap { Block(1 + $0 % 500, UInt8($0 % 251)) }.map(Lent.init)
        }
        #expect(
            await onThread(keeping: false) {
                blocks.allSatisfy { lent in
                    defer { sqlite3_free(lent.block.address) }
                    return lent.block.isWhole
                }
            }
        )
        #expect(await onThread(keeping: true) { churn(seed: 9) })
    }

    @Test func `what is in use stays when the rest is given back`() async {
        skein_sqlite_setup()
        #expect(sqlite3_initialize() == SQLITE_OK)
        let (damaged, released) = await onThread(keeping: true) {
            var (damaged, released) = (0, [Int]())
            for turn in 0..<3 {
                let blocks = (0..<40_000).compactMap { Block(1 + $0 * 7 % 480, UInt8($0 % 251)) }
                // Those of the first slabs, and one in a hundred of the others' last ones.
                let isKept = { (place: Int) in place < 500 || (place > 39_000 && place % 100 == turn) }
                for (place, block) in blocks.enumerated() where !isKept(place) { sqlite3_free(block.address) }
                released += [skein_sqlite_release_memory(), skein_sqlite_release_memory()]
                let more = (0..<5_000).compactMap { Block(1 + $0 * 3 % 480, UInt8($0 % 249)) }
                let kept = blocks.enumerated().filter { isKept($0.offset) }.map(\.element)
                damaged += (kept + more).filter { !$0.isWhole }.count
                for block in kept + more { sqlite3_free(block.address) }
                _ = skein_sqlite_release_memory()
            }
            return (damaged + (churn(seed: 4) ? 0 : 1), released)
        }
        #expect(damaged == 0)
        #expect(
            stride(from: 0, to: 6, by: 2).allSatisfy { released[$0] > 1 << 20 && released[$0 + 1] == 0 },
            "\(released)"
        )
        // Who keeps nothing has nothing to give.
        #expect(await onThread(keeping: false) { skein_sqlite_release_memory() } == 0)
    }

    /// A block on its way to the only thread that uses it then.
    ///
    /// `@unchecked Sendable`: one thread fills it before another one gets it.
    private struct Lent: @unchecked Sendable {
        let block: Block
    }
}
