// FilterGroupTests.swift - a group answers as its filters did.

@testable import SQLiteStore
import Testing
import TraceModel

struct FilterGroupTests {
    private static func id(_ bucket: Int, _ index: Int) -> TraceID {
        TraceID(high: UInt64(bucket) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(index) &* 0xD6E8_FEB8_6659_FD93 | 1)
    }

    @Test(arguments: [0, 1, 63, 64, 65, 130]) func `asking all filters at once names those that each names`(
        _ count: Int
    ) {
        let filters = ContiguousArray(
            (0..<count).map { bucket in
                // Of two sizes, as where an earlier version made some.
                var filter = BloomFilter(count: bucket.isMultiple(of: 3) ? 60 : 100)
                for index in 0..<100 { filter.insert(Self.id(bucket, index)) }
                return filter
            }
        )
        for bucket in 0..<150 {
            for index in stride(from: 0, to: 120, by: 9) {
                let id = Self.id(bucket, index)
                let found = BloomFilter.places(of: id, in: filters)
                #expect(found == filters.indices.filter { filters[$0].mayContain(id) }.reversed())
                if bucket < count, index < 100 { #expect(found.contains(bucket)) }
            }
        }
    }

    @Test func `the row of an id names the same buckets as asking every filter`() {
        var filters: [BloomFilter] = []
        for bucket in 0..<Int(FilterGroup.size) {
            var filter = BloomFilter(count: 500)
            for index in 0..<500 { filter.insert(Self.id(bucket, index)) }
            filters.append(filter)
        }
        for bucket in 0..<80 {
            for index in stride(from: 0, to: 600, by: 23) {
                let id = Self.id(bucket, index)
                let row = FilterGroup.row(block: BloomFilter.block(of: id, in: filters[0].blocks), of: filters)
                let found = row.withUnsafeBytes { FilterGroup.buckets(of: 2, mayContaining: id, row: $0) }
                let expected = filters.indices.filter { filters[$0].mayContain(id) }.map { Int64(120 + $0) }
                #expect(found == expected.reversed())
                if bucket < filters.count, index < 500 { #expect(found.contains(Int64(120 + bucket))) }
            }
        }
    }
}
