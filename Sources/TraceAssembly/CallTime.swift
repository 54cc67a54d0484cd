// CallTime.swift - when a call was, to tell whether another one of the same id may be the same.

/// When a call was, as one span or log record tells it.
///
/// Some providers give few ids, and caches the same one with each answer: calls of one id are one only near each other.
public struct CallTime: Sendable {
    private let start: Int64
    private let end: Int64
    private let isRecord: Bool

    /// Nanoseconds between two spans that may still show one call: the clocks of two machines.
    private static let mostGap: Int64 = 1_000_000_000
    /// The same beside a log record, which tells one time only.
    private static let mostGapOfRecords: Int64 = 60_000_000_000

    /// Makes a time.
    ///
    /// - Parameters:
    ///   - start: Nanoseconds since the Unix epoch, not negative.
    ///   - end: Nanoseconds since the Unix epoch; one before the start counts as the start.
    ///   - isRecord: Whether a log record tells it.
    public init(start: Int64, end: Int64, isRecord: Bool) {
        self.start = start
        self.end = max(start, end)
        self.isRecord = isRecord
    }

    /// Nanoseconds between two calls; 0 or less where they overlap.
    func gap(to other: CallTime) -> Int64 {
        max(start, other.start) - min(end, other.end)
    }

    /// Whether two calls overlap, or lie so near that their clocks may be what is between them.
    ///
    /// - Parameter other: Another call.
    /// - Returns: Whether they may be one.
    public func isNear(_ other: CallTime) -> Bool {
        gap(to: other) <= (isRecord || other.isRecord ? Self.mostGapOfRecords : Self.mostGap)
    }
}
