// PartHashesTests.swift - the stored form of hashes.

import TestSupport
import Testing

@testable import SQLiteStore

struct PartHashesTests {
    @Test(arguments: [1, 2, 7, 160, 161, 5_000, 50_000])
    func `every hash that was put in may be there, few others are`(_ count: Int) {
        var random = SeededRandom(seed: 7)
        let hashes = (0..<count).map { _ in random.word }
        let blob = PartHashes.encode(hashes + hashes)
        blob.withUnsafeBytes { blob in
            for hash in hashes { #expect(PartHashes.mayContain(blob, hash)) }
            let others = (0..<20_000).filter { _ in PartHashes.mayContain(blob, random.word) }
            #expect(others.count < 150)
        }
    }

    @Test func `parts of some spans take two bytes for each hash`() {
        var random = SeededRandom(seed: 8)
        let hashes = (0..<100).map { _ in random.word }
        #expect(PartHashes.encode(hashes).count <= 201)
        #expect(PartHashes.encode([]) == [])
    }

    @Test(arguments: [[], [0], [2], [2, 1], [9, 1, 2], [255, 255]])
    func `what is damaged has nothing`(_ blob: [UInt8]) {
        blob.withUnsafeBytes { #expect(!PartHashes.mayContain($0, 0x0102_0304_0506_0708)) }
    }

    @Test(arguments: [0, 1, 0x0102_0304_0506_0708, UInt64.max])
    func `a part that may hold anything may have every hash`(_ hash: UInt64) {
        #expect(PartHashes.anything == [255])
        PartHashes.anything.withUnsafeBytes { #expect(PartHashes.mayContain($0, hash)) }
    }

    @Test func `keys of calls and of the rest of a part never meet`() {
        let (trace, part): (Int64, Int64) = (5 << 24, 5 << 24 | 3)
        #expect(TextKey.rest(of: part) == 5 << 12 | (4095 - 3))
        #expect(TextKey.trace(of: TextKey.rest(of: part)) == 5 && TextKey.callIDs(of: TextKey.rest(of: part)) == nil)
        #expect(TextKey.rest(of: trace | 2048) == TextKey.rest(of: trace))
        #expect(TextKey.callIDs(of: TextKey.rest(of: trace | 2047)) == nil)
        for call in [trace, trace | 1, trace | 2046] {
            #expect(TextKey.callIDs(of: TextKey.call(call)) == call..<call + 1)
        }
        for call in [trace | 2047, trace | 2048, trace | 0xFF_FFFF] {
            #expect(TextKey.callIDs(of: TextKey.call(call)) == (trace | 2047)..<(6 << 24))
        }
        #expect(TextKey.keys(ofTraces: 5..<6).contains(TextKey.call(trace | 0xFF_FFFF)))
        #expect(TextKey.keys(ofTraces: 5..<6).contains(TextKey.rest(of: trace)))
        #expect(!TextKey.keys(ofTraces: 5..<6).contains(TextKey.rest(of: 4 << 24)))
        #expect(TextKey.table(of: TextKey.rest(of: 131_072 << 24)) == 1)
        #expect(TextKey.table(of: TextKey.rest(of: 131_071 << 24)) == 0)
        #expect(TextKey.table(ofTrace: 131_072) == 1)
    }

    @Test func `the words of a document are distinct and start anew with the next`() {
        var words = DocumentWords()
        words.add("one two ONE")
        words.add("two three")
        #expect(String(decoding: words.take(), as: UTF8.self) == "one two three")
        words.add("two")
        #expect(String(decoding: words.take(), as: UTF8.self) == "two")
        #expect(words.take().isEmpty)
        let many = (0..<30_000).map { "w\($0)" }.joined(separator: " ")
        words.add(many)
        words.add(many)
        let text = String(decoding: words.take(), as: UTF8.self)
        #expect(text.split(separator: " ").count == 30_000)
    }
}

extension SeededRandom {
    /// Any 64 bits.
    fileprivate var word: UInt64 {
        mutating get { (0..<4).reduce(0) { value, _ in value << 16 | UInt64(below(1 << 16)) } }
    }
}

extension DocumentWords {
    /// Adds the words of a string.
    fileprivate mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add($0) }
    }
}
