// RecentChangesTests.swift - the feed of a store: what is kept, and for whom.

import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct RecentChangesTests {
    @Test func `changes come in order, behind the position that is asked for`() {
        let feed = RecentChanges(capacity: 4)
        let start = feed.position
        #expect(feed.changes(after: start) == [])
        feed.publish([.new(1), .changed(2)])
        let middle = feed.position
        feed.publish([.new(3)])
        #expect(feed.changes(after: start) == [.new(1), .changed(2), .new(3)])
        #expect(feed.changes(after: middle) == [.new(3)])
        #expect(feed.changes(after: feed.position) == [])
    }

    @Test(arguments: 1...9 as ClosedRange<Int64>)
    func `only the last ones are kept, however they came`(_ count: Int64) {
        let feed = RecentChanges(capacity: 4)
        let start = feed.position
        var positions = [start]
        for number in 1...count {
            feed.publish([.new(number)])
            positions.append(feed.position)
        }
        for (known, position) in positions.enumerated() {
            let missed = Int(count) - known
            let expected = missed <= 4 ? (0..<missed).map { TraceChange.new(Int64(known + $0) + 1) } : nil
            #expect(feed.changes(after: position) == expected)
        }
        let whole = RecentChanges(capacity: 4)
        whole.publish((1...count).map { .new($0) })
        let last = FeedPosition(epoch: whole.position.epoch, sequence: UInt64(max(0, count - 4)))
        #expect(whole.changes(after: last) == (max(1, count - 3)...count).map { .new($0) })
    }

    @Test func `positions of another feed and of the future are unknown`() {
        let feed = RecentChanges()
        feed.publish([.new(1)])
        #expect(feed.changes(after: RecentChanges().position) == nil)
        let here = feed.position
        #expect(feed.changes(after: FeedPosition(epoch: here.epoch, sequence: here.sequence + 1)) == nil)
    }
}
