// ImmediateClock.swift - a clock on which every wait is over at once.

/// A clock on which every wait is over at once.
public struct ImmediateClock: Clock {
    /// A point in time.
    public struct Instant: InstantProtocol {
        /// Time since the clock was made.
        public var offset: Duration

        /// A later or earlier point.
        public func advanced(by duration: Duration) -> Instant {
            Instant(offset: offset + duration)
        }

        /// The way to another point.
        public func duration(to other: Instant) -> Duration {
            other.offset - offset
        }

        /// Orders by time.
        public static func < (left: Instant, right: Instant) -> Bool {
            left.offset < right.offset
        }
    }

    /// Makes a clock.
    public init() {}

    /// Always the start.
    public var now: Instant { Instant(offset: .zero) }
    /// Nothing is measured.
    public var minimumResolution: Duration { .zero }

    /// Returns at once.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
    }
}
