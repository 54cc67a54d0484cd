// Backlog.swift - how many parts are still to be looked through, and who waits for them.

import Foundation

/// Counts the parts that are still to be looked through, and wakes the indexer.
///
/// `@unchecked Sendable`: every access to its variables is under `condition`'s lock.
final class Backlog: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: Int
    private var arrived = 0
    private var finished = 0
    /// Which round of indexing this is; one more whenever everything is to be indexed again.
    private var rounds = 0
    /// When it was paused; nil while it is not.
    private var pausedAt: UInt64?
    /// How long a pause takes at least.
    private static let pauseNanoseconds: UInt64 = 1_000_000_000
    private var isStopping = false
    private var isResting = false
    /// How many had arrived at some times, the oldest first: at most one a second.
    private var marks: [(arrived: Int, time: UInt64)] = []
    private static let mostMarks = 4096

    init(waiting: Int) {
        self.waiting = waiting
        arrived = waiting
        if waiting > 0 { marks.append((waiting, DispatchTime.now().uptimeNanoseconds)) }
    }

    /// Parts that wait.
    var count: Int { locked { waiting } }

    /// The present round.
    var round: Int { locked { rounds } }

    /// How long the part that waits longest has been waiting, in seconds, about; 0 when none does.
    var age: Double {
        locked {
            guard waiting > 0, let first = marks.first else { return 0 }
            return Double(DispatchTime.now().uptimeNanoseconds - first.time) / 1e9
        }
    }

    /// Parts were stored.
    func added(_ count: Int) {
        guard count > 0 else { return }
        locked {
            waiting += count
            arrived += count
            mark()
            condition.signal()
        }
    }

    /// Everything was put into the queue again, or is about to be.
    func startRound() {
        locked { rounds += 1 }
    }

    /// Parts were looked through.
    func done(_ count: Int) {
        locked {
            waiting = max(0, waiting - count)
            finished += count
            let old = marks.prefix { $0.arrived <= finished }.count
            marks.removeFirst(old)
        }
    }

    /// How many had arrived so far; for `nothingWaits`.
    var arrivals: Int { locked { arrived } }

    /// None was found although none arrived since `arrivals` was asked: the count follows.
    func nothingWaits(since arrivals: Int) {
        locked {
            guard arrivals == arrived else { return }
            waiting = 0
            finished = arrived
            marks = []
        }
    }

    /// The writer could not write: nothing is looked through until it can.
    func pause() {
        locked { pausedAt = DispatchTime.now().uptimeNanoseconds }
    }

    /// The writer could write.
    func resume() {
        locked {
            guard let pausedAt, DispatchTime.now().uptimeNanoseconds - pausedAt > Self.pauseNanoseconds else { return }
            self.pausedAt = nil
            condition.signal()
        }
    }

    /// Ends the waiting for good.
    func stop() {
        locked {
            isStopping = true
            condition.broadcast()
        }
    }

    /// Whether the end has come.
    var hasStopped: Bool { locked { isStopping } }

    /// Has the indexer let go of what only work needs, if it has nothing to do.
    func rest() {
        locked {
            isResting = true
            condition.signal()
        }
    }

    /// Blocks until a part waits.
    ///
    /// - Parameter rest: Called meanwhile, when nothing has happened for a while.
    /// - Returns: False when the end has come.
    func waitForWork(whileResting rest: () -> Void) -> Bool {
        locked {
            while !isStopping, waiting == 0 || pausedAt != nil {
                if isResting {
                    isResting = false
                    condition.unlock()
                    rest()
                    condition.lock()
                } else {
                    condition.wait()
                }
            }
            isResting = false
            return !isStopping
        }
    }

    private func mark() {
        let now = DispatchTime.now().uptimeNanoseconds
        if let last = marks.last, now - last.time < 1_000_000_000 {
            marks[marks.count - 1].arrived = arrived
        } else {
            marks.append((arrived, now))
        }
        if marks.count > Self.mostMarks { marks = marks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }
}
