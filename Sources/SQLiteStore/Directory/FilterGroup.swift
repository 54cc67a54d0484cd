// FilterGroup.swift - the filters of many full buckets together, in the file instead of in memory.

import TraceModel
import TraceStore

/// The Bloom filters of `size` buckets that follow each other, laid out for one look at the file.
///
/// A row of `trace_filter_groups` is one block of every bucket's filter, side by side: all are of one size, so that an id
/// belongs to the same block in each and one row answers for the whole group. How many rows a group has says its last one.
enum FilterGroup {
    /// Buckets of a group: four rows fill a page of the file.
    static let size: Int64 = 60

    /// Asks for a row by its key.
    static let rowSQL = "SELECT bits FROM trace_filter_groups WHERE row_id=?"

    private static let blockBytes = BloomFilter.blockWords * 8

    /// The key of a group's row.
    static func key(group: Int64, block: Int) -> Int64 {
        group << 16 | Int64(block)
    }

    /// The rows of a group, that is the blocks of its filters; 0 when it is gone.
    static func blocks(of group: Int64, _ connection: SQLiteConnection) throws(StoreError) -> Int {
        let last = try connection.integer(
            "SELECT max(row_id) FROM trace_filter_groups WHERE row_id < \(key(group: group + 1, block: 0))"
        )
        guard let last, last >> 16 == group else { return 0 }
        return Int(last & 0xFFFF) + 1
    }

    /// The row of a block, made from the filters of a group from the oldest bucket to the newest.
    static func row(block: Int, of filters: [BloomFilter]) -> [UInt8] {
        var row: [UInt8] = []
        row.reserveCapacity(filters.count * blockBytes)
        for filter in filters {
            for word in filter.words[block * BloomFilter.blockWords..<(block + 1) * BloomFilter.blockWords] {
                withUnsafeBytes(of: word.littleEndian) { row.append(contentsOf: $0) }
            }
        }
        return row
    }

    /// The buckets that may hold an id, newest first, by the row of its block.
    static func buckets(of group: Int64, mayContaining id: TraceID, row: UnsafeRawBufferPointer) -> [Int64] {
        (0..<row.count / blockBytes).reversed().compactMap { index in
            let isPossible = BloomFilter.mayContain(id) { word in
                UInt64(littleEndian: row.loadUnaligned(fromByteOffset: index * blockBytes + word * 8, as: UInt64.self))
            }
            return isPossible ? group * size + Int64(index) : nil
        }
    }
}
