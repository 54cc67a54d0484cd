// BloomFilter.swift - whether a bucket may hold a trace id.

import TraceModel

/// A Bloom filter in blocks of 64 bytes: one look at memory for each question; about 1 in 100 answers is a false "maybe".
struct BloomFilter {
    /// Ten bits for each of the bucket's traces.
    private(set) var words: ContiguousArray<UInt64>

    /// Makes an empty filter for `count` ids.
    init(count: Int) {
        let blocks = max(1, (count * 10 + 511) / 512)
        words = ContiguousArray(repeating: 0, count: blocks * 8)
    }

    /// Reads the stored form; nil when it is damaged.
    init?(bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, bytes.count % 64 == 0 else { return nil }
        words = ContiguousArray(
            (0..<bytes.count / 8).map { index in
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
        )
    }

    /// The stored form.
    var bytes: [UInt8] {
        words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }

    mutating func insert(_ id: TraceID) {
        let hash = id.mixed
        let block = self.block(hash)
        for round in 0..<7 {
            let bit = Self.bit(hash, round)
            words[block + bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    func mayContain(_ id: TraceID) -> Bool {
        let hash = id.mixed
        let block = self.block(hash)
        for round in 0..<7 {
            let bit = Self.bit(hash, round)
            if words[block + bit >> 6] & 1 << UInt64(bit & 63) == 0 { return false }
        }
        return true
    }

    private func block(_ hash: UInt64) -> Int {
        Int((hash.multipliedFullWidth(by: UInt64(words.count / 8))).high) * 8
    }

    /// The bit within the block for a round: nine fresh bits of a remixed hash.
    private static func bit(_ hash: UInt64, _ round: Int) -> Int {
        Int(((hash &* 0x9FB2_1C65_1E98_DF25) >> UInt64(round * 9)) & 511)
    }
}
