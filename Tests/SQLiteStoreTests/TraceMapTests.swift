// TraceMapTests.swift - what was put into the map is found, and nothing else.

@testable import SQLiteStore
import Testing
import TraceModel

struct TraceMapTests {
    private static func id(_ number: Int64) -> TraceID {
        TraceID(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number) | 1 << 63)
    }

    @Test(arguments: [0, 5000]) func `every trace is found by id and project while the map grows`(capacity: Int) {
        var map = TraceMap(base: 1000, capacity: capacity)
        for number in Int64(1000)..<6000 { map.insert(Self.id(number), project: number % 3, number: number) }
        #expect(map.count == 5000)
        for number in Int64(1000)..<6000 {
            #expect(map.number(of: Self.id(number), project: number % 3) == number)
            #expect(map.number(of: Self.id(number), project: 7) == nil)
            #expect(map.locations(of: Self.id(number)) == [TraceLocation(project: number % 3, number: number)])
        }
        #expect(map.number(of: Self.id(6000), project: 0) == nil)
    }

    @Test func `one id may stand in several projects`() {
        var map = TraceMap()
        map.insert(Self.id(1), project: 1, number: 10)
        map.insert(Self.id(1), project: 2, number: 11)
        #expect(Set(map.locations(of: Self.id(1)).map(\.number)) == [10, 11])
        map.remove(Self.id(1), project: 1)
        #expect(map.locations(of: Self.id(1)) == [TraceLocation(project: 2, number: 11)])
        #expect(map.number(of: Self.id(1), project: 1) == nil)
        #expect(map.count == 1)
    }

    @Test func `a map from which all is taken back takes new traces for good`() {
        var map = TraceMap()
        for number in Int64(1)...50_000 {
            map.insert(Self.id(number), project: 1, number: number)
            map.remove(Self.id(number), project: 1)
        }
        #expect(map.count == 0)
        map.insert(Self.id(3), project: 1, number: 50_001)
        #expect(map.number(of: Self.id(3), project: 1) == 50_001)
    }

    @Test func `traces below a number are forgotten, those above keep theirs`() {
        var map = TraceMap()
        for number in Int64(1)...3000 { map.insert(Self.id(number), project: 1, number: number) }
        map.removeAll(below: 2000)
        #expect(map.count == 1001)
        #expect(map.number(of: Self.id(1999), project: 1) == nil)
        #expect(map.number(of: Self.id(2000), project: 1) == 2000)
        map.insert(Self.id(9000), project: 1, number: 9000)
        #expect(map.number(of: Self.id(9000), project: 1) == 9000)
        let sorted = map.sorted(in: 2000..<3001)
        #expect(sorted.count == 1001)
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.id < $1.id })
    }
}
