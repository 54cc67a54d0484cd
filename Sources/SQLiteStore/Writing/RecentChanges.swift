// RecentChanges.swift - the last changes of traces, in memory.

import NIOConcurrencyHelpers
import TraceStore

/// Keeps the last changes for those who follow them.
///
/// Whoever writes pays for one lock and a copy of 16 bytes for each trace of a transaction; nobody is woken.
final class RecentChanges: TraceFeed {
    private struct Ring {
        var kept: [TraceChange] = []
        /// Changes so far; the next one goes to the place that its remainder names.
        var count: UInt64 = 0
    }

    private let epoch = UInt64.random(in: 1 ... .max)
    private let capacity: Int
    private let ring = NIOLockedValueBox(Ring())

    /// Makes a feed that keeps so many changes.
    init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    var position: FeedPosition {
        FeedPosition(epoch: epoch, sequence: ring.withLockedValue { $0.count })
    }

    /// Adds the changes of a transaction that readers can see.
    func publish(_ changes: [TraceChange]) {
        guard !changes.isEmpty else { return }
        ring.withLockedValue { ring in
            for change in changes {
                let place = Int(ring.count % UInt64(capacity))
                if place < ring.kept.count { ring.kept[place] = change } else { ring.kept.append(change) }
                ring.count += 1
            }
        }
    }

    func changes(after position: FeedPosition) -> [TraceChange]? {
        guard position.epoch == epoch else { return nil }
        return ring.withLockedValue { ring in
            guard position.sequence <= ring.count else { return nil }
            let missed = ring.count - position.sequence
            guard missed <= UInt64(capacity) else { return nil }
            return (position.sequence..<ring.count).map { ring.kept[Int($0 % UInt64(capacity))] }
        }
    }
}
