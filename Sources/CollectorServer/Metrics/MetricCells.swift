// MetricCells.swift - the numbers behind counters, gauges and histograms.

import CoreMetrics
import NIOConcurrencyHelpers
import Synchronization

/// A number that only grows.
final class CounterCell: CounterHandler, Sendable {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        count.wrappingAdd(max(amount, 0), ordering: .relaxed)
    }

    func reset() {
        count.store(0, ordering: .relaxed)
    }
}

/// A number that goes up and down.
final class GaugeCell: RecorderHandler, MeterHandler, Sendable {
    private let number = NIOLockedValueBox(0.0)

    var value: Double { number.withLockedValue { $0 } }

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { number.withLockedValue { $0 = value } }
    func set(_ value: Int64) { record(Double(value)) }
    func set(_ value: Double) { record(value) }
    func increment(by amount: Double) { number.withLockedValue { $0 += amount } }
    func decrement(by amount: Double) { number.withLockedValue { $0 -= amount } }
}

/// How often values fell under each of a row of bounds.
final class HistogramCell: RecorderHandler, TimerHandler, Sendable {
    /// Seconds: from a tenth of a millisecond to ten seconds.
    static let bounds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    struct State {
        /// Values up to each bound and above the bound before it; the last one is above all bounds.
        var counts = [Int64](repeating: 0, count: HistogramCell.bounds.count + 1)
        var sum = 0.0
    }

    private let state = NIOLockedValueBox(State())

    var snapshot: State { state.withLockedValue { $0 } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLockedValue { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
