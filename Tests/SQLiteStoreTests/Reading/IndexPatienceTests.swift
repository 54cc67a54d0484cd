// IndexPatienceTests.swift - when a list leaves the index on the start for zones.

import Testing

@testable import SQLiteStore

struct IndexPatienceTests {
    private let patience = IndexPatience.whileMatchesAreNear

    @Test func `the index is left after 256 rows of which none passes`() {
        #expect(!patience.isOver(seen: 255, found: 0, of: 50))
        #expect(patience.isOver(seen: 256, found: 0, of: 50))
    }

    @Test func `the index is read on while the page is to be expected within 8,192 rows`() {
        #expect(!patience.isOver(seen: 512, found: 4, of: 50))
        #expect(patience.isOver(seen: 512, found: 3, of: 50))
    }

    @Test func `the index is read on for a great page while a fourth passes`() {
        #expect(!patience.isOver(seen: 25_600, found: 8000, of: 10_000))
        #expect(patience.isOver(seen: 25_600, found: 5000, of: 10_000))
    }

    @Test func `the index is never left where each trace is looked into`() {
        #expect(!IndexPatience.endless.isOver(seen: 1 << 30, found: 0, of: 50))
    }
}
