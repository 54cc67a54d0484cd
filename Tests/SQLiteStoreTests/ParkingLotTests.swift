// ParkingLotTests.swift - requests that wait for forgotten traces.

import Testing

@testable import SQLiteStore

struct ParkingLotTests {
    @Test func `a request is free when the last trace that it needs is here`() {
        var lot = ParkingLot<String>()
        #expect(Set(lot.park("a", until: [1, 2])) == [1, 2])
        let first = lot.release(1)
        #expect(first.free.isEmpty)
        #expect(first.isHeld)
        let second = lot.release(2)
        #expect(second.free == ["a"])
        #expect(!second.isHeld)
        #expect(second.unneeded.sorted() == [1, 2])
        #expect(lot.isEmpty)
    }

    @Test func `a trace is read once, however many wait for it`() {
        var lot = ParkingLot<String>()
        #expect(lot.park("a", until: [1]) == [1])
        #expect(lot.park("b", until: [1]) == [])
        #expect(lot.release(1).free == ["a", "b"])
        #expect(lot.isEmpty)
    }

    @Test func `a trace that cannot be read fails those that need it and frees what they held`() {
        var lot = ParkingLot<String>()
        _ = lot.park("a", until: [1, 2])
        _ = lot.park("b", until: [1])
        #expect(lot.release(1).free == ["b"])
        let (lost, unneeded) = lot.abandon(2)
        #expect(lost == ["a"])
        #expect(unneeded == [1])
        #expect(lot.isEmpty)
    }

    @Test func `a trace that is still being read is not read again by a newcomer`() {
        var lot = ParkingLot<String>()
        _ = lot.park("a", until: [1, 2])
        _ = lot.abandon(1)
        #expect(lot.park("c", until: [2]) == [])
        #expect(!lot.isEmpty)
        #expect(lot.release(2).free == ["c"])
    }
}
