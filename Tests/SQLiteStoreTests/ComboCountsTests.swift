// ComboCountsTests.swift - which combos of a trace count a call, however many there are.

import Testing

@testable import SQLiteStore

struct ComboCountsTests {
    @Test func `a combo is there until as many calls were taken back as were counted`() {
        var counts = ComboCounts()
        counts.count(7, sign: 1)
        counts.count(7, sign: 1)
        counts.count(7, sign: -1)
        #expect(counts.sorted == [7])
        counts.count(7, sign: -1)
        #expect(counts.isEmpty)
    }

    @Test func `taking back what was not counted changes nothing`() {
        var counts = ComboCounts()
        counts.count(7, sign: -1)
        #expect(counts.isEmpty)
    }

    @Test func `any order of counting and taking back gives what a dictionary would`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var counts = ComboCounts()
            var expected: [Int64: Int] = [:]
            for _ in 0..<60 {
                let combo = Int64.random(in: 1...9, using: &generator)
                let sign = Bool.random(using: &generator) ? 1 : -1
                counts.count(combo, sign: sign)
                let sum = expected[combo, default: 0] + sign
                expected[combo] = sum > 0 ? sum : nil
            }
            #expect(counts.sorted == expected.keys.sorted())
            #expect(counts.isEmpty == expected.isEmpty)
        }
    }
}
