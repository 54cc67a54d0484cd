// RecompactionSchedule.swift - when stored parts are compressed again, and which traces changed behind the walk.

import Foundation
import TraceStore

/// Says when it is time to compress finished traces again.
///
/// Nothing runs while there is nothing to do: the first change after that sets a time, and changes before that time only
/// take note of themselves.
///
/// `@unchecked Sendable`: every access to its variables is under `condition`'s lock.
final class RecompactionSchedule: @unchecked Sendable {
    /// Traces behind the walk that are remembered; of more the oldest are left as they are.
    private static let mostBehind = 8192

    /// How long nothing is stored for a trace before it counts as finished, in seconds.
    let idle: Int64
    private let quiet: UInt64
    private let backlog: Backlog?
    private let condition = NSCondition()
    /// When to look, on the clock of `DispatchTime`; nil when there is nothing to do.
    private var dueAt: UInt64?
    private var lastChange: UInt64 = 0
    /// Changes so far.
    private var changes = 0
    /// The trace that the walk has come to.
    private var walked: Int64
    /// Traces up to there that changed since, or were not finished.
    private var behind: Set<Int64> = []
    private var asked: [CheckedContinuation<Void, Never>] = []
    private var isStopping = false

    /// Starts without anything to do.
    ///
    /// - Parameters:
    ///   - idle: Seconds after which a trace counts as finished.
    ///   - quiet: How long nothing is stored before the work begins.
    ///   - backlog: What has to be empty; nil when nothing is looked through.
    ///   - walked: The trace that an earlier walk has come to.
    ///   - isDue: Whether there are traces behind it.
    init(idle: Duration, quiet: Duration, backlog: Backlog?, walked: Int64, isDue: Bool) {
        self.idle = idle.components.seconds
        self.quiet = UInt64(max(quiet / .nanoseconds(1), 0))
        self.backlog = backlog
        self.walked = walked
        lastChange = Self.clock
        dueAt = isDue ? lastChange : nil
    }

    private static var clock: UInt64 { DispatchTime.now().uptimeNanoseconds }

    /// Takes note of what a transaction changed.
    func note(_ changed: [TraceChange]) {
        guard !changed.isEmpty else { return }
        locked {
            changes += 1
            lastChange = Self.clock
            for case .changed(let number) in changed where number <= walked { remember(number) }
            guard dueAt == nil else { return }
            dueAt = lastChange + UInt64(idle) * 1_000_000_000
            condition.signal()
        }
    }

    /// Blocks until it is time; false when the end has come.
    func waitForTurn() -> Bool {
        locked {
            while !isStopping {
                if !asked.isEmpty { return true }
                guard let dueAt else {
                    condition.wait()
                    continue
                }
                let now = Self.clock
                var start = max(dueAt, lastChange + quiet)
                if let backlog, backlog.count > 0 { start = max(start, now + 1_000_000_000) }
                guard start > now else { return true }
                _ = condition.wait(until: Date(timeIntervalSinceNow: Double(start - now) / 1e9))
            }
            return false
        }
    }

    /// Whether the work goes on: nothing came meanwhile, or somebody waits for it.
    var goesOn: Bool {
        locked { !isStopping && (!asked.isEmpty || Self.clock >= lastChange + quiet) }
    }

    /// Whether the end has come.
    var hasStopped: Bool { locked { isStopping } }

    /// Changes so far, for `finished`.
    var changeCount: Int { locked { changes } }

    /// Everything that could be done is done.
    ///
    /// - Parameters:
    ///   - seconds: After which there is more; nil when there is nothing.
    ///   - count: The changes that were known when the work began.
    func finished(nextIn seconds: Int64?, since count: Int) {
        let waiting = locked {
            var next = seconds.map { Self.clock + UInt64(max($0, 1)) * 1_000_000_000 }
            if changes != count {
                next = min(next ?? .max, lastChange + UInt64(idle) * 1_000_000_000)
            }
            dueAt = next
            defer { asked = [] }
            return asked
        }
        for reply in waiting { reply.resume() }
    }

    /// Something came in between: it goes on when that is over.
    func interrupted() {
        locked { dueAt = Self.clock }
    }

    /// Answers when what can be done now is done.
    func ask(_ reply: CheckedContinuation<Void, Never>) {
        let isOver = locked {
            if !isStopping { asked.append(reply) }
            condition.signal()
            return isStopping
        }
        if isOver { reply.resume() }
    }

    /// Ends the waiting for good.
    func stop() {
        let waiting = locked {
            isStopping = true
            condition.broadcast()
            defer { asked = [] }
            return asked
        }
        for reply in waiting { reply.resume() }
    }

    // MARK: the walk

    /// The walk has come to a trace.
    func walked(to number: Int64) {
        locked { walked = max(walked, number) }
    }

    /// A trace behind the walk that is to be looked at later.
    func add(_ number: Int64) {
        locked { remember(number) }
    }

    /// Takes the traces behind the walk, in their order.
    func takeBehind() -> [Int64] {
        locked {
            defer { behind = [] }
            return behind.sorted()
        }
    }

    /// The first trace behind the walk; nil when there is none.
    var oldestBehind: Int64? { locked { behind.min() } }

    private func remember(_ number: Int64) {
        behind.insert(number)
        if behind.count > Self.mostBehind, let oldest = behind.min() { behind.remove(oldest) }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }
}
