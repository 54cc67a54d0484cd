// WritePressure.swift - whether batches come faster than they can be stored.

import Metrics
import Synchronization

/// Counts the batches between arrival and commit; those that wait before they come to the store are named by who comes.
///
/// When many wait, each takes the time of all behind it: their parts are compressed lightly then, and again when nothing
/// arrives. See docs/architecture.md.
final class WritePressure: Sendable {
    /// More batches at once than this are pressure; a client sends the next when the last was answered, so that few
    /// clients never make any.
    static let most = 32

    private let batches = Atomic<Int>(0)
    private let lightBatches: Counter
    private let mayBeLight: Bool

    /// Counts nothing yet.
    ///
    /// - Parameters:
    ///   - mayBeLight: Whether parts are compressed again later; otherwise they would stay large.
    ///   - factory: Makes the counter of batches that were compressed lightly.
    init(mayBeLight: Bool, _ factory: any MetricsFactory) {
        self.mayBeLight = mayBeLight
        lightBatches = Counter(label: "store_light_batches", dimensions: [], factory: factory)
    }

    /// A batch has come; `leave` has to follow.
    ///
    /// - Parameter behind: How many more wait until this one is stored.
    /// - Returns: Whether to compress it lightly.
    func enter(behind: Int = 0) -> Bool {
        let (_, count) = batches.add(1, ordering: .relaxed)
        guard mayBeLight, count + behind > Self.most else { return false }
        lightBatches.increment()
        return true
    }

    /// The batch is stored, or refused.
    func leave() {
        batches.subtract(1, ordering: .relaxed)
    }
}
