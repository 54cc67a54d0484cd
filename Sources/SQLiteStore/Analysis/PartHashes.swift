// PartHashes.swift - the hashes of a part as they are stored.

import TraceModel

/// A set of 64-bit hashes, of which as many leading bytes are kept as tell them apart well enough.
///
/// The stored form: one byte with the number of bytes of each, then the leading bytes of each hash, the greatest byte
/// first, in ascending order. What is not in there is certainly not in the part; of what is in there one in some hundred
/// parts at most says so by chance, and the spans themselves decide.
///
/// A part of a resource with very many attributes (`BatchFindings.mostResourceHashes`) has the one byte 255 in place of
/// all that: it may hold anything.
enum PartHashes {
    /// The stored form of a part that may hold anything.
    static let anything: [UInt8] = [anyMark]
    private static let anyMark: UInt8 = 255

    /// The stored form of some hashes, in any order and with repetitions.
    static func encode(_ hashes: [UInt64]) -> [UInt8] {
        guard !hashes.isEmpty else { return [] }
        let width = width(for: hashes.count)
        guard width > 2 else { return encode(short: hashes) }
        let shift = UInt64(64 - 8 * width)
        let sorted = hashes.map { $0 >> shift }.sorted()
        var bytes: [UInt8] = [UInt8(width)]
        bytes.reserveCapacity(1 + sorted.count * width)
        var last: UInt64?
        for hash in sorted where hash != last {
            for byte in (0..<width).reversed() { bytes.append(UInt8(truncatingIfNeeded: hash >> UInt64(8 * byte))) }
            last = hash
        }
        return bytes
    }

    /// The same with two bytes of each, which most parts have: sorted by the one byte, then by the other.
    private static func encode(short hashes: [UInt64]) -> [UInt8] {
        let count = hashes.count
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * count + 512) { memory in
            memory.update(repeating: 0)
            let (low, high) = (2 * count, 2 * count + 256)
            for hash in hashes {
                memory[low + Int(hash >> 48 & 255)] += 1
                memory[high + Int(hash >> 56)] += 1
            }
            var starts: (low: UInt16, high: UInt16) = (0, 0)
            for byte in 0..<256 {
                (memory[low + byte], starts.low) = (starts.low, starts.low + memory[low + byte])
                (memory[high + byte], starts.high) = (starts.high, starts.high + memory[high + byte])
            }
            for hash in hashes {
                let value = UInt16(truncatingIfNeeded: hash >> 48)
                memory[Int(memory[low + Int(value & 255)])] = value
                memory[low + Int(value & 255)] += 1
            }
            for place in 0..<count {
                let value = memory[place]
                memory[count + Int(memory[high + Int(value >> 8)])] = value
                memory[high + Int(value >> 8)] += 1
            }
            return [UInt8](unsafeUninitializedCapacity: 1 + 2 * count) { bytes, length in
                bytes[0] = 2
                length = 1
                for place in count..<2 * count where place == count || memory[place] != memory[place - 1] {
                    bytes[length] = UInt8(truncatingIfNeeded: memory[place] >> 8)
                    bytes[length + 1] = UInt8(truncatingIfNeeded: memory[place])
                    length += 2
                }
            }
        }
    }

    /// Whether the part of a stored form may have a hash.
    static func mayContain(_ blob: UnsafeRawBufferPointer, _ hash: UInt64) -> Bool {
        guard let first = blob.first else { return false }
        if first == anyMark, blob.count == 1 { return true }
        guard (1...8).contains(first) else { return false }
        let width = Int(first)
        let wanted = hash >> UInt64(64 - 8 * width)
        var (low, high) = (0, (blob.count - 1) / width)
        while low < high {
            let middle = (low + high) / 2
            var found: UInt64 = 0
            for byte in 0..<width { found = found << 8 | UInt64(blob[1 + middle * width + byte]) }
            if found == wanted { return true }
            if found < wanted { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// So many bytes that a part says by chance of one hash in 400 or more that it is there.
    private static func width(for count: Int) -> Int {
        count <= 160 ? 2 : count <= 40_000 ? 3 : 4
    }
}
