// RatioWatchTests.swift - when parts stop shrinking, a better dictionary is due.

import Testing

@testable import SQLiteStore

struct RatioWatchTests {
    @Test func `parts that keep shrinking as at first are no drift`() {
        var watch = RatioWatch()
        for _ in 0..<5_000 { watch.note(plain: 1000, packed: 300) }
        #expect(!watch.hasDrifted)
    }

    @Test func `parts that take a quarter more room are a drift, but not a single one`() {
        var watch = RatioWatch()
        for _ in 0..<1_000 { watch.note(plain: 1000, packed: 300) }
        watch.note(plain: 1000, packed: 1000)
        #expect(!watch.hasDrifted)
        for _ in 0..<500 { watch.note(plain: 1000, packed: 400) }
        #expect(watch.hasDrifted)
    }

    @Test func `the first parts alone never are a drift`() {
        var watch = RatioWatch()
        watch.note(plain: 1000, packed: 100)
        for _ in 0..<300 { watch.note(plain: 1000, packed: 900) }
        #expect(!watch.hasDrifted)
    }
}
