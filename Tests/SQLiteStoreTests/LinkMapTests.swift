// LinkMapTests.swift - a map of links answers as a dictionary does.

@testable import SQLiteStore
import Testing

struct LinkMapTests {
    @Test(arguments: [0, 5_000_000_000 as Int64]) func `a map answers as a dictionary over sets, removals and growth`(
        _ first: Int64
    ) {
        var random = SystemRandomNumberGenerator()
        var map = LinkMap()
        var expected: [Int64: Int64] = [:]
        // Few keys that come again, some of them in the same block of numbers.
        let keys = (0..<4000 as Range<Int64>).map { $0.isMultiple(of: 2) ? $0 : Int64.random(in: .min ... .max) }
        for _ in 0..<40_000 {
            let key = keys[Int.random(in: 0..<keys.count, using: &random)]
            if Int.random(in: 0..<3, using: &random) == 0 {
                map[key] = nil
                expected[key] = nil
            } else {
                let number = (first + Int64.random(in: 1...1_000_000, using: &random)) * (Bool.random() ? 1 : -1)
                map[key] = number
                expected[key] = number
            }
            #expect(map[key] == expected[key])
        }
        #expect(map.count == expected.count)
        for key in keys { #expect(map[key] == expected[key]) }
    }

    @Test func `numbers too far from the first one are not kept, and what stood there is gone`() {
        var map = LinkMap()
        map[7] = 3_000_000_000
        map[8] = -2_000_000_000
        map[9] = 1
        map[10] = 9_000_000_000
        map[7] = 9_000_000_000
        #expect([7, 8, 9, 10].map { map[$0] } == [nil, -2_000_000_000, nil, nil])
        #expect(map.count == 1)
    }

    @Test func `an empty map has nothing, also when all were taken back`() {
        var map = LinkMap()
        #expect(map[0] == nil)
        for key in 0..<1000 as Range<Int64> { map[key] = key + 1 }
        for key in 0..<1000 as Range<Int64> { map[key] = nil }
        #expect(map.count == 0 && map[5] == nil)
        map[5] = 6
        #expect(map[5] == 6)
    }
}
