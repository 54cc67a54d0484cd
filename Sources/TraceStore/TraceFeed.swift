// TraceFeed.swift - what has become of traces lately.

public import TraceModel

/// A place in a feed: everything up to it is known to whoever holds it.
public struct FeedPosition: Sendable, Equatable {
    /// Which feed: another one after each start of the process.
    public var epoch: UInt64
    /// How many changes came before.
    public var sequence: UInt64

    /// Makes a position.
    public init(epoch: UInt64, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }
}

/// A trace that was deleted, as those remember it who could see it.
public final class DeletedTrace: Sendable, Equatable {
    /// Its id.
    public let traceID: TraceID
    /// The project that it belonged to.
    public let project: String

    /// Remembers a trace.
    public init(traceID: TraceID, project: String) {
        self.traceID = traceID
        self.project = project
    }

    /// Whether both are the same trace.
    public static func == (left: DeletedTrace, right: DeletedTrace) -> Bool {
        left.traceID == right.traceID && left.project == right.project
    }
}

/// What became of one trace in one transaction.
public enum TraceChange: Sendable, Equatable {
    /// It has a summary for the first time.
    case new(Int64)
    /// Its summary was written again.
    case changed(Int64)
    /// It is gone.
    case deleted(Int64, DeletedTrace)

    /// The number of the trace.
    public var number: Int64 {
        switch self {
        case .new(let number), .changed(let number), .deleted(let number, _): number
        }
    }
}

/// Tells of new, changed and deleted traces, in the order of their transactions.
///
/// A change is told of when a reader can see it. Only the last ones are kept, and none beyond the end of the process.
public protocol TraceFeed: Sendable {
    /// The place behind everything so far.
    var position: FeedPosition { get }

    /// The changes behind a position, in order.
    ///
    /// - Returns: Nil when the position is of another feed, or changes behind it are no longer kept.
    func changes(after position: FeedPosition) -> [TraceChange]?
}

/// A feed in which nothing ever happens.
public struct SilentFeed: TraceFeed {
    /// Makes a feed.
    public init() {}

    /// Always the same.
    public var position: FeedPosition { FeedPosition(epoch: 0, sequence: 0) }

    /// None.
    public func changes(after position: FeedPosition) -> [TraceChange]? {
        position == self.position ? [] : nil
    }
}
