// BatchGate.swift - how much of what has arrived is in work at once.

import Synchronization

/// Lets batches into work in the order in which they come, as long as what is in work is small enough.
///
/// A batch that is read, compressed and waits for its commit takes several times its own bytes. More of them at once than
/// keep all threads busy and fill a commit make nothing quicker; those that wait here hold the bytes they arrived in, and
/// nothing else.
final class BatchGate: Sendable {
    private struct Waiter {
        var bytes: Int
        var continuation: CheckedContinuation<Int, Never>
    }

    private struct State {
        var bytes = 0
        /// Those that wait, from `first` on.
        var waiters: [Waiter?] = []
        var first = 0

        var waiting: Int { waiters.count - first }

        mutating func removeFirst() {
            waiters[first] = nil
            first += 1
            if first > 32, first * 2 > waiters.count {
                waiters.removeSubrange(..<first)
                first = 0
            }
        }
    }

    private let most: Int
    private let state = Mutex(State())

    /// Makes a gate with nothing behind it.
    ///
    /// - Parameter bytes: What may be in work at once. A larger batch goes in alone.
    init(bytes: Int) {
        most = bytes
    }

    /// How many wait.
    var waiting: Int {
        state.withLock { $0.waiting }
    }

    /// Waits for its turn; `leave` has to follow.
    ///
    /// - Parameter bytes: Of the batch as it arrived, or of a piece of one.
    /// - Returns: How many wait behind it.
    func enter(_ bytes: Int) async -> Int {
        if state.withLock({ $0.waiting == 0 && enter(bytes, &$0) }) { return 0 }
        return await withCheckedContinuation { continuation in
            let isIn = state.withLock { state in
                // Some may have left meanwhile.
                if state.waiting == 0, enter(bytes, &state) { return true }
                state.waiters.append(Waiter(bytes: bytes, continuation: continuation))
                return false
            }
            if isIn { continuation.resume(returning: 0) }
        }
    }

    /// A batch of so many bytes is stored, or refused.
    func leave(_ bytes: Int) {
        state.withLock { $0.bytes -= bytes }
        while let (waiter, behind) = next() { waiter.continuation.resume(returning: behind) }
    }

    /// The first that waits, when there is room for it.
    private func next() -> (Waiter, Int)? {
        state.withLock { state in
            guard state.waiting > 0, let waiter = state.waiters[state.first], enter(waiter.bytes, &state) else {
                return nil
            }
            state.removeFirst()
            return (waiter, state.waiting)
        }
    }

    private func enter(_ bytes: Int, _ state: inout State) -> Bool {
        guard state.bytes == 0 || state.bytes + bytes <= most else { return false }
        state.bytes += bytes
        return true
    }
}
