// SeenTextsTests.swift - which texts are known, before and after a rest.

import Testing

@testable import SQLiteStore

struct SeenTextsTests {
    private func isNew(_ number: Int, in seen: inout SeenTexts, trace: Int64 = 1) -> Bool {
        var text = Array("a text that is long enough to be remembered by its hash: the one with number \(number)".utf8)
        return text.withUnsafeMutableBufferPointer { seen.isNew(UnsafeBufferPointer($0), in: trace) }
    }

    @Test func `a text is new once in its trace, also after a rest`() {
        var seen = SeenTexts()
        #expect(isNew(1, in: &seen) && !isNew(1, in: &seen))
        #expect(isNew(1, in: &seen, trace: 2))
        seen.rest()
        #expect(!isNew(1, in: &seen) && !isNew(1, in: &seen, trace: 2))
    }

    @Test func `a rest forgets texts when there are many`() {
        var seen = SeenTexts()
        for number in 0..<70_000 { _ = isNew(number, in: &seen) }
        #expect(!isNew(69_999, in: &seen))
        seen.rest()
        #expect(isNew(69_999, in: &seen))
    }

    @Test func `short texts are always new`() {
        var seen = SeenTexts()
        let text = Array("short".utf8)
        for _ in 0..<2 { #expect(text.withUnsafeBufferPointer { seen.isNew($0, in: 1) }) }
    }
}
