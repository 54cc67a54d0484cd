// ZstdCodecTests.swift - contexts that are used again compress with the dictionary that is asked for.

import TestSupport
import Testing

@testable import SQLiteStore

struct ZstdCodecTests {
    private let codec = ZstdCodec()

    private func compress(_ plain: [UInt8], room: Int, with dictionary: ZstdCompressionDictionary) throws -> [UInt8]? {
        var scratch = [UInt8](repeating: 0, count: room)
        let length = try plain.withUnsafeBytes { from in
            try scratch.withUnsafeMutableBytes { try codec.compress(from, into: $0, with: dictionary) }
        }
        return length.map { Array(scratch[..<$0]) }
    }

    private func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test func `after what does not become smaller the next part is compressed with its own dictionary`() throws {
        let known = bytes(64 << 10, seed: 1)
        do {
            // Its dictionary is gone when the next part comes.
            let other = ZstdCompressionDictionary(DictionaryBytes(copying: bytes(64 << 10, seed: 2)), isOwn: true)
            let noise = bytes(300_000, seed: 3)
            #expect(try compress(noise, room: noise.count, with: other) == nil)
        }
        let dictionary = ZstdCompressionDictionary(DictionaryBytes(copying: known), isOwn: true)
        let plain = Array(known[1000..<21_000])
        let packed = try #require(try compress(plain, room: 64 << 10, with: dictionary))
        #expect(packed.count < 200)
        try expect(packed, becomes: plain, with: known)
    }

    @Test func `what was compressed lightly is read with the dictionary itself`() throws {
        let known = bytes(64 << 10, seed: 1)
        let dictionary = ZstdCompressionDictionary(DictionaryBytes(copying: known), isOwn: true)
        // Pieces of it, with noise in between: what is found by looking closely.
        var plain: [UInt8] = []
        for piece in 0..<200 {
            plain += known[piece * 300..<piece * 300 + 40]
            plain += bytes(20, seed: UInt64(piece) + 2)
        }
        let packed = try #require(try compress(plain, room: 64 << 10, with: dictionary))
        let light = try #require(try compress(plain, room: 64 << 10, with: dictionary.light()))
        #expect(light.count > packed.count)
        try expect(packed, becomes: plain, with: known)
        try expect(light, becomes: plain, with: known)
        #expect(dictionary.light() === dictionary.light())
        let shipped = ZstdCompressionDictionary.shipped()
        #expect(shipped.light() === shipped)
    }

    @Test func `a dictionary that was let go of is digested again, also while somebody compresses with it`()
        async throws
    {
        let known = bytes(64 << 10, seed: 1)
        let dictionary = ZstdCompressionDictionary(DictionaryBytes(copying: known), isOwn: true)
        let plain = Array(known[1000..<21_000])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<50 {
                        let packed = try #require(try compress(plain, room: 64 << 10, with: dictionary))
                        #expect(packed.count < 200)
                    }
                }
            }
            group.addTask {
                for _ in 0..<200 {
                    dictionary.rest()
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
        let light = dictionary.light()
        dictionary.rest()
        #expect(dictionary.light() !== light)
        try expect(#require(try compress(plain, room: 64 << 10, with: light)), becomes: plain, with: known)
    }

    private func expect(_ packed: [UInt8], becomes plain: [UInt8], with known: [UInt8]) throws {
        var again = [UInt8](repeating: 0, count: plain.count)
        try packed.withUnsafeBytes { from in
            try again.withUnsafeMutableBytes {
                try codec.decompress(from, into: $0, with: ZstdDictionary(bytes: known))
            }
        }
        #expect(again == plain)
    }
}
