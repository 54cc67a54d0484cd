// IdleMemory.swift - gives memory back when nothing has happened for a while.

import CAllocatorSetup
import Dispatch
import GRDB
import NIOConcurrencyHelpers
import TraceModel

/// Knows when the store has been idle for a while, and has the memory given back then that only work needs.
///
/// Nothing runs while nothing happens: the first work after a rest starts a watch, which ends with the next rest.
final class IdleMemory: Sendable {
    private struct State {
        var lastWork: UInt64 = 0
        var isWatching = false
    }

    private let quiet: UInt64
    private let now: @Sendable () -> UInt64
    private let state = NIOLockedValueBox(State())
    private let release = NIOLockedValueBox<(@Sendable () -> Void)?>(nil)
    private let queue = DispatchQueue(label: "skein-idle", qos: .utility)

    /// Makes one that waits for `quiet` without work, by a clock of nanoseconds.
    init(quiet: Duration, now: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }) {
        self.now = now
        self.quiet = UInt64(max(quiet / .nanoseconds(1), 0))
    }

    /// Sets what is called at the begin of a rest, on a queue of its own.
    func onRest(_ release: @escaping @Sendable () -> Void) {
        self.release.withLockedValue { $0 = release }
        note()
    }

    /// Whether a rest is waited for; nothing is due to run while not.
    var isWatching: Bool { state.withLockedValue { $0.isWatching } }

    /// Takes note of work.
    func note() {
        let now = now()
        let isFirst = state.withLockedValue { state in
            state.lastWork = now
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if isFirst { look(in: quiet) }
    }

    private func look(in nanoseconds: UInt64) {
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [weak self] in self?.look() }
    }

    private func look() {
        let now = now()
        let left = state.withLockedValue { state -> UInt64 in
            let past = now - min(state.lastWork, now)
            guard past >= quiet else { return quiet - past }
            state.isWatching = false
            return 0
        }
        guard left == 0 else { return look(in: left) }
        release.withLockedValue { $0 }?()
    }

    /// Runs something on its queue.
    func run(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }
}

extension SQLiteTraceStore {
    /// What is given back: first by the writer, on its thread, then everything else.
    static func release(
        _ memory: IdleMemory,
        _ queue: WriteQueue,
        _ pool: DatabasePool,
        _ decoder: PartDecoder,
        _ book: DictionaryBook,
        _ backlog: Backlog,
        _ extraction: any SpanExtraction
    ) -> @Sendable () -> Void {
        { [weak memory] in
            guard let memory else { return }
            _ = queue.push(
                .rest {
                    backlog.rest()
                    memory.run {
                        // Closes connections that nobody uses; the next question opens one, in a millisecond.
                        pool.releaseMemoryEventually()
                        decoder.codec.release()
                        decoder.dictionaries.rest()
                        book.rest()
                        extraction.rest()
                        BodyMemory.shared.trim()
                        skein_allocator_trim()
                        skein_forget_code()
                    }
                }
            )
        }
    }
}
