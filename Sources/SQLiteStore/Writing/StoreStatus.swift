// StoreStatus.swift - whether the store can write, as others see it.

import Foundation
import Logging
import NIOConcurrencyHelpers
import TraceStore

/// The last outcome of a write, and the end of the writer.
final class StoreStatus: Sendable {
    private let failure = NIOLockedValueBox<StoreError?>(nil)
    private let end = NIOLockedValueBox<(hasEnded: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    /// Why the last write failed; nil when it worked.
    var lastFailure: StoreError? { failure.withLockedValue { $0 } }

    func failed(_ error: StoreError, _ logger: Logger) {
        let before = failure.withLockedValue { state in
            defer { state = error }
            return state
        }
        if before != error {
            logger.error("the store cannot write", metadata: ["store.reason": .string(error.message)])
        }
    }

    func succeeded(_ logger: Logger) {
        let before = failure.withLockedValue { state in
            defer { state = nil }
            return state
        }
        if before != nil { logger.notice("the store writes again") }
    }

    func ended() {
        let waiting = end.withLockedValue { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the writer has ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = end.withLockedValue { state in
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if isOver { continuation.resume() }
        }
    }
}
