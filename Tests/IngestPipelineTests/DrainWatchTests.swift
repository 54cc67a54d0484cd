// DrainWatchTests.swift - how long a sender is told to wait.

@testable import IngestPipeline
import Testing

struct DrainWatchTests {
    /// A watch on which so many bytes came back in each second from 0 up to `end`.
    private static func watch(_ bytes: Int, until end: Int) -> DrainWatch {
        var watch = DrainWatch()
        for second in 0...end { watch.note(bytes, at: .seconds(second)) }
        return watch
    }

    @Test func `the wait is what the rate of the last seconds asks for`() {
        var watch = Self.watch(100, until: 20)
        #expect((9...10).contains(watch.seconds(for: 1000, at: .seconds(20))))
        #expect(watch.seconds(for: 1, at: .seconds(20)) == 1)
        #expect(watch.seconds(for: 1_000_000, at: .seconds(20)) == 30)
    }

    @Test func `it is the least while nothing is known, also after a quiet time`() {
        var watch = DrainWatch()
        #expect(watch.seconds(for: 1_000_000, at: .seconds(1)) == 1)
        watch = Self.watch(100, until: 10)
        #expect(watch.seconds(for: 1_000_000, at: .seconds(3600)) == 1)
    }

    @Test func `it is the most when nothing comes back any more`() {
        var watch = Self.watch(100, until: 10)
        // Others are refused meanwhile.
        for second in 11...40 { _ = watch.seconds(for: 1, at: .seconds(second)) }
        #expect(watch.seconds(for: 1, at: .seconds(41)) == 30)
    }
}
