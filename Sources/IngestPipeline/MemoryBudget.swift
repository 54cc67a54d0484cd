// MemoryBudget.swift - one bound in bytes for everything that requests hold in memory.

import NIOConcurrencyHelpers
public import TraceModel

/// Bounds the bytes of all requests in work: received, inflated, transcoded and queued.
///
/// A request waits its turn up to `patience`, then is refused as overloaded. One request is always let through when
/// no other holds anything, whatever it needs: the limit on bodies bounds it already.
public final class MemoryBudget: MemorySource {
    /// The bound in bytes (`receivers.memory_budget_bytes`).
    public let limitBytes: Int
    private let patience: Duration
    private let clock: any Clock<Duration>
    /// Time since the budget was made.
    private let elapsed: @Sendable () -> Duration
    private let ledger: NIOLockedValueBox<MemoryLedger>

    /// Makes a budget of which nothing is used.
    ///
    /// - Parameters:
    ///   - limitBytes: The bound in bytes.
    ///   - patience: How long a request waits for room; zero refuses at once.
    ///   - clock: Measures `patience`.
    public init(limitBytes: Int, patience: Duration = .seconds(1), clock: any Clock<Duration> = ContinuousClock()) {
        self.limitBytes = limitBytes
        self.patience = patience
        self.clock = clock
        elapsed = Self.stopwatch(clock)
        ledger = NIOLockedValueBox(MemoryLedger(limit: limitBytes))
    }

    /// Bytes that are held now.
    public var usedBytes: Int {
        ledger.withLockedValue { $0.used }
    }

    /// The most bytes that were ever held at once.
    public var peakBytes: Int {
        ledger.withLockedValue { $0.peak }
    }

    /// Requests that wait for room now.
    public var waitingRequests: Int {
        ledger.withLockedValue { $0.waiterCount }
    }

    /// A lease that holds nothing yet.
    public func lease() -> any MemoryLease {
        BudgetLease(budget: self, id: ledger.withLockedValue { $0.newIdentifier() })
    }

    fileprivate func grow(lease: UInt64, by bytes: Int) async throws(MemoryShortage) {
        guard bytes > 0 else { return }
        let waits = patience > .zero
        let ticket = ledger.withLockedValue { $0.request(bytes, for: lease, mayWait: waits) }
        switch ticket {
        case .granted: return
        case .refused: break
        case .waiting(let waiter):
            if await isGranted(waiter) { return }
        }
        let seconds = ledger.withLockedValue { $0.secondsToDrain(at: elapsed()) }
        throw MemoryShortage(
            retryAfterSeconds: seconds,
            message: "no room for \(bytes) more bytes within \(patience): requests in work hold \(usedBytes) of "
                + "\(limitBytes) bytes (receivers.memory_budget_bytes); send again in \(seconds) s"
        )
    }

    fileprivate func shrink(lease: UInt64, by bytes: Int) {
        let granted = ledger.withLockedValue { $0.giveBack(bytes, from: lease, at: elapsed()) }
        for waiter in granted { waiter.resume(returning: true) }
    }

    /// Waits until the waiter gets its room, its patience ends, or its task is cancelled.
    private func isGranted(_ waiter: UInt64) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A cancelled sleep means that the wait is over already; giving up twice does nothing.
                try? await self.clock.sleep(for: self.patience)
                self.giveUp(waiter)
            }
            let granted = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let outcome = ledger.withLockedValue { $0.attach(continuation, to: waiter) }
                    if let outcome { continuation.resume(returning: outcome) }
                }
            } onCancel: {
                giveUp(waiter)
            }
            group.cancelAll()
            return granted
        }
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    private func giveUp(_ waiter: UInt64) {
        let (abandoned, granted) = ledger.withLockedValue { $0.abandon(waiter) }
        abandoned?.resume(returning: false)
        for waiter in granted { waiter.resume(returning: true) }
    }
}

/// One request's share of a budget.
private final class BudgetLease: MemoryLease {
    private let budget: MemoryBudget
    private let id: UInt64

    init(budget: MemoryBudget, id: UInt64) {
        self.budget = budget
        self.id = id
    }

    deinit {
        end()
    }

    func grow(by bytes: Int) async throws(MemoryShortage) {
        try await budget.grow(lease: id, by: bytes)
    }

    func shrink(by bytes: Int) {
        budget.shrink(lease: id, by: bytes)
    }

    func end() {
        budget.shrink(lease: id, by: .max)
    }
}
