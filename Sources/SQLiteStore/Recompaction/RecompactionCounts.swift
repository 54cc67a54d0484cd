// RecompactionCounts.swift - what is counted of recompaction.

import Metrics

/// What `/metrics` shows of recompaction.
struct RecompactionCounts: Sendable {
    private let parts: Counter
    private let before: Counter
    private let after: Counter

    init(_ factory: any MetricsFactory) {
        func counter(_ label: String) -> Counter { Counter(label: label, dimensions: [], factory: factory) }
        parts = counter("store_recompacted_parts")
        before = counter("store_recompacted_bytes_before")
        after = counter("store_recompacted_bytes_after")
    }

    /// Takes note of what was written.
    func note(_ groups: [RecompactedGroup]) {
        for group in groups {
            parts.increment(by: group.parts.count)
            before.increment(by: group.before)
            after.increment(by: group.after)
        }
    }
}
