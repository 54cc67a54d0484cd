// BloomFilter.swift - whether a bucket may hold a trace id.

import TraceModel

/// A Bloom filter in blocks of 64 bytes: one look at memory for each question; about 1 in 900 answers is a false "maybe".
///
/// Those that earlier versions made, with 10 bits for an id, are smaller and say a false "maybe" once in 80.
struct BloomFilter {
    /// Words of a block.
    static let blockWords = 8

    /// 16 bits for each of the bucket's traces.
    private(set) var words: ContiguousArray<UInt64>

    /// Makes an empty filter for `count` ids.
    init(count: Int) {
        words = ContiguousArray(repeating: 0, count: Self.blocks(for: count) * Self.blockWords)
    }

    /// Blocks of a filter for `count` ids.
    static func blocks(for count: Int) -> Int {
        max(1, (count * 16 + 511) / 512)
    }

    /// The number of blocks.
    var blocks: Int { words.count / Self.blockWords }

    /// Reads the stored form; nil when it is damaged.
    init?(bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, bytes.count % 64 == 0 else { return nil }
        words = ContiguousArray(unsafeUninitializedCapacity: bytes.count / 8) { words, count in
            UnsafeMutableRawBufferPointer(words).copyMemory(from: bytes)
            for index in words.indices { words[index] = UInt64(littleEndian: words[index]) }
            count = words.count
        }
    }

    /// The stored form.
    var bytes: [UInt8] {
        words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }

    mutating func insert(_ id: TraceID) {
        let first = Self.block(of: id, in: blocks) * Self.blockWords
        for round in 0..<7 {
            let bit = Self.bit(id.mixed, round)
            words[first + bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    func mayContain(_ id: TraceID) -> Bool {
        let first = Self.block(of: id, in: blocks) * Self.blockWords
        return Self.mayContain(id) { words[first + $0] }
    }

    /// Which of some filters may hold an id, from the last to the first.
    ///
    /// One bit of each is read before any is looked at: so the processor waits for memory once, not for each filter.
    static func places(of id: TraceID, in filters: ContiguousArray<BloomFilter>) -> [Int] {
        let hash = id.mixed
        let bit = Self.bit(hash, 0)
        var places: [Int] = []
        var end = filters.count
        while end > 0 {
            let start = max(0, end - 64)
            var possible: UInt64 = 0
            for place in start..<end {
                let words = filters[place].words
                let block = Self.block(of: hash, in: words.count / Self.blockWords)
                let word = words[block * Self.blockWords + bit >> 6]
                possible |= (word >> UInt64(bit & 63) & 1) << UInt64(place - start)
            }
            while possible != 0 {
                let offset = 63 - possible.leadingZeroBitCount
                possible ^= 1 << UInt64(offset)
                let place = start + offset
                if filters[place].mayContain(id) { places.append(place) }
            }
            end = start
        }
        return places
    }

    /// The block that an id belongs to, of a filter with so many.
    static func block(of id: TraceID, in blocks: Int) -> Int {
        block(of: id.mixed, in: blocks)
    }

    @inline(__always)
    private static func block(of hash: UInt64, in blocks: Int) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(blocks)).high)
    }

    /// Whether the id may be in the filter that its block was taken from, given word by word.
    @inline(__always)
    static func mayContain(_ id: TraceID, _ word: (Int) -> UInt64) -> Bool {
        let hash = id.mixed
        for round in 0..<7 {
            let bit = Self.bit(hash, round)
            if word(bit >> 6) & 1 << UInt64(bit & 63) == 0 { return false }
        }
        return true
    }

    /// The bit within the block for a round: nine fresh bits of a remixed hash.
    private static func bit(_ hash: UInt64, _ round: Int) -> Int {
        Int(((hash &* 0x9FB2_1C65_1E98_DF25) >> UInt64(round * 9)) & 511)
    }
}
