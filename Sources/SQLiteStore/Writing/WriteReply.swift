// WriteReply.swift - what became of a batch, for whoever asks for it, before it is known or after.

import Synchronization
import TraceModel
import TraceStore

/// The answer to one batch that waits to be written.
///
/// The batch is given to the writer first and awaited then, from wherever its request goes on.
final class WriteReply: PendingReceipt {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<ConsumeReceipt, StoreError>, Never>)
        case known(Result<ConsumeReceipt, StoreError>)
    }

    private let state = Mutex(State.open)
    private let pressure: WritePressure

    /// The batch counts as being in work until this is gone.
    init(_ pressure: WritePressure) {
        self.pressure = pressure
    }

    deinit {
        pressure.leave()
    }

    /// Answers, once.
    func resume(returning result: Result<ConsumeReceipt, StoreError>) {
        let waiting = state.withLock { state -> CheckedContinuation<Result<ConsumeReceipt, StoreError>, Never>? in
            if case .awaited(let continuation) = state {
                state = .open
                return continuation
            }
            state = .known(result)
            return nil
        }
        waiting?.resume(returning: result)
    }

    /// See `PendingReceipt`; asked once.
    func receipt() async throws(StoreError) -> ConsumeReceipt {
        let result = await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Result<ConsumeReceipt, StoreError>? in
                if case .known(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
        return try result.get()
    }
}
