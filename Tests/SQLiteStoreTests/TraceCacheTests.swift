// TraceCacheTests.swift - what the writer remembers of traces, and what it forgets when.

import Testing
import TraceAssembly
import TraceModel

@testable import SQLiteStore

struct TraceCacheTests {
    private static func entry(_ number: Int64) -> TraceEntry {
        TraceEntry(number: number, project: 1, id: TraceID(high: 1, low: UInt64(number)), loaded: nil)
    }

    /// What an entry counts, which is empty.
    private static let bytes = 256 + entry(1).assembly.approximateBytes

    /// A cache for so many entries with the entries from 1 on, each of a transaction of its own.
    private static func cache(for limit: Int, with count: Int64) -> TraceCache {
        var cache = TraceCache(limitBytes: limit * bytes)
        for number in 0..<count {
            cache.insert(entry(number + 1))
            cache.trim()
        }
        return cache
    }

    /// The numbers of which there is an entry; asking uses them.
    private static func held(_ cache: TraceCache, of numbers: ClosedRange<Int64>) -> [Int64] {
        var copy = cache
        return numbers.filter { copy.entry($0) != nil }
    }

    @Test func `the oldest are forgotten first, and only as many as there is no room for`() {
        let cache = Self.cache(for: 10, with: 25)
        #expect(Self.held(cache, of: 1...25) == Array(16...25))
    }

    @Test func `what is used again stays`() {
        var cache = Self.cache(for: 10, with: 10)
        for number in Int64(11)...40 {
            #expect(cache.entry(3) != nil)
            cache.insert(Self.entry(number))
            cache.trim()
        }
        #expect(Self.held(cache, of: 1...10) == [3])
    }

    @Test func `a transaction forgets nothing that it used, however much that is`() {
        var cache = Self.cache(for: 0, with: 0)
        for number in Int64(1)...500 { cache.insert(Self.entry(number)) }
        cache.trim()
        #expect(Self.held(cache, of: 1...500).count == 500)
        for number in Int64(1)...100 { #expect(cache.entry(number) != nil) }
        for _ in 0..<60 {
            cache.trim()
            for number in Int64(1)...100 { #expect(cache.entry(number) != nil) }
        }
        #expect(Self.held(cache, of: 1...500) == Array(1...100))
    }

    @Test func `many that are too much go in several transactions`() {
        var cache = Self.cache(for: 0, with: 0)
        for number in Int64(1)...1000 { cache.insert(Self.entry(number)) }
        cache.trim()
        cache.trim()
        #expect((800...999).contains(Self.held(cache, of: 1...1000).count))
        for _ in 0..<60 { cache.trim() }
        #expect(Self.held(cache, of: 1...1000).isEmpty)
    }

    @Test func `removed traces are gone at once, and may come again`() {
        var cache = Self.cache(for: 10, with: 10)
        cache.remove(4)
        #expect(cache.entry(4) == nil)
        let again = Self.entry(4)
        cache.insert(again)
        #expect(cache.entry(4) === again)
        for number in Int64(11)...15 {
            cache.insert(Self.entry(number))
            cache.trim()
        }
        #expect(cache.entry(4) === again)
        #expect(Self.held(cache, of: 1...15).count == 10)
    }
}
