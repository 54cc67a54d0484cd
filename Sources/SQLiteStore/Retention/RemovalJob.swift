// RemovalJob.swift - traces that somebody asked to delete.

import TraceStore

/// Traces that somebody asked to delete, and who waits for it.
struct RemovalJob {
    /// In rising order.
    let numbers: [Int64]
    let reply: CheckedContinuation<Result<Int, StoreError>, Never>
    private(set) var handled = 0
    private(set) var removed = 0

    init(_ numbers: [Int64], reply: CheckedContinuation<Result<Int, StoreError>, Never>) {
        self.numbers = Set(numbers).sorted()
        self.reply = reply
    }

    var rest: ArraySlice<Int64> { numbers[handled...] }

    mutating func note(_ slice: RemovalSlice) {
        handled += slice.handled
        removed += slice.traces
    }
}
