// ReadWatch.swift - ends readings that take too long.

import NIOConcurrencyHelpers

/// Cancels what has run longer than a deadline, with one timer for all of them: a timer for each would cost more than
/// most readings.
///
/// What runs is looked at in rounds of a quarter of the deadline, and cancelled when it has seen four of them from
/// beginning to end: after the deadline, and at most a quarter later.
final class ReadWatch: Sendable {
    private struct Reading {
        var rounds = 0
        let cancel: @Sendable () -> Void
    }

    private struct State {
        var readings: [UInt64: Reading] = [:]
        var next: UInt64 = 0
        var isWatching = false
    }

    /// How long something may run.
    let deadline: Duration
    private let clock: any Clock<Duration>
    private let state = NIOLockedValueBox(State())

    private static let rounds = 4

    init(deadline: Duration, clock: any Clock<Duration>) {
        self.deadline = deadline
        self.clock = clock
    }

    /// Runs `body`, which is cancelled when it takes too long, or when the caller is.
    ///
    /// - Parameter body: Has to end soon after it is cancelled.
    /// - Returns: Its result; nil when it was cancelled for the time that it took.
    /// - Throws: What `body` throws.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result? {
        // Cancelled by the handler below when the caller is, and by `watch`.
        let task = Task { try await body() }
        let number = begin { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        return end(number) ? try result.get() : nil
    }

    private func begin(_ cancel: @escaping @Sendable () -> Void) -> UInt64 {
        let (number, starts) = state.withLockedValue { state in
            let number = state.next
            state.next += 1
            state.readings[number] = Reading(cancel: cancel)
            defer { state.isWatching = true }
            return (number, !state.isWatching)
        }
        // Ends by itself once nothing runs.
        if starts { Task { await watch() } }
        return number
    }

    /// Whether it ended in time.
    private func end(_ number: UInt64) -> Bool {
        state.withLockedValue { $0.readings.removeValue(forKey: number) != nil }
    }

    private func watch() async {
        repeat {
            let last = state.withLockedValue { $0.next }
            // Nobody cancels this task; a clock that fails ends readings early, and not never.
            try? await clock.sleep(for: deadline / Self.rounds)
            for cancel in expire(before: last) { cancel() }
        } while state.withLockedValue { state in
            state.isWatching = !state.readings.isEmpty
            return state.isWatching
        }
    }

    /// Ends a round for what ran when it began.
    private func expire(before last: UInt64) -> [@Sendable () -> Void] {
        state.withLockedValue { state in
            var expired: [@Sendable () -> Void] = []
            for (number, reading) in state.readings where number < last {
                if reading.rounds + 1 == Self.rounds {
                    state.readings[number] = nil
                    expired.append(reading.cancel)
                } else {
                    state.readings[number]?.rounds += 1
                }
            }
            return expired
        }
    }
}
