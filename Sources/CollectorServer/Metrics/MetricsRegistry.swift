// MetricsRegistry.swift - everything that the collector counts about itself, and its text for Prometheus.

public import CoreMetrics
import NIOConcurrencyHelpers

/// Keeps the collector's metrics in memory and writes them in the text format of Prometheus.
///
/// Names get the prefix `skein_`, counters the suffix `_total`. One registry belongs to one collector.
///
/// Source: Prometheus exposition formats, text-based format 0.0.4.
public final class MetricsRegistry: MetricsFactory, Sendable {
    struct Key: Hashable {
        var label: String
        var dimensions: [String]
    }

    private enum Cell {
        case counter(CounterCell)
        case gauge(GaugeCell)
        case histogram(HistogramCell)

        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private let cells = NIOLockedValueBox<[Key: Cell]>([:])

    /// Makes a registry that has counted nothing.
    public init() {}

    /// See `MetricsFactory`.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cells.withLockedValue { cells in
            let key = Self.key(label, dimensions)
            if case .counter(let known)? = cells[key] { return known }
            let made = CounterCell()
            cells[key] = .counter(made)
            return made
        }
    }

    /// See `MetricsFactory`.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    /// See `MetricsFactory`.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// See `MetricsFactory`; in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    /// Does nothing: what is counted here lives as long as the collector.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing, as for counters.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing, as for counters.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing, as for counters.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeCell {
        cells.withLockedValue { cells in
            let key = Self.key(label, dimensions)
            if case .gauge(let known)? = cells[key] { return known }
            let made = GaugeCell()
            cells[key] = .gauge(made)
            return made
        }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramCell {
        cells.withLockedValue { cells in
            let key = Self.key(label, dimensions)
            if case .histogram(let known)? = cells[key] { return known }
            let made = HistogramCell()
            cells[key] = .histogram(made)
            return made
        }
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        Key(label: label, dimensions: dimensions.map { #"\#($0.0)="\#(escaped($0.1))""# })
    }

    private static func escaped(_ value: String) -> String {
        value.map { character in
            switch character {
            case "\\": #"\\"#
            case "\"": #"\""#
            case "\n": #"\n"#
            default: String(character)
            }
        }.joined()
    }

    /// Everything as text, with numbers that are looked up only now.
    ///
    /// - Parameter gauges: By name, without the prefix.
    /// - Returns: Lines, each with its end.
    func text(gauges: [(name: String, value: Double)]) -> String {
        let all = cells.withLockedValue { $0 }.sorted { left, right in
            (left.key.label, left.key.dimensions.joined()) < (right.key.label, right.key.dimensions.joined())
        }
        var lines: [String] = []
        var last = ""
        for (key, cell) in all {
            let name = "skein_" + key.label + (cell.type == "counter" ? "_total" : "")
            if name != last { lines.append("# TYPE \(name) \(cell.type)") }
            last = name
            lines += Self.samples(of: cell, name, key.dimensions)
        }
        for gauge in gauges {
            lines += ["# TYPE skein_\(gauge.name) gauge", "skein_\(gauge.name) \(Self.number(gauge.value))"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func samples(of cell: Cell, _ name: String, _ dimensions: [String]) -> [String] {
        switch cell {
        case .counter(let counter): return ["\(name)\(labels(dimensions)) \(counter.value)"]
        case .gauge(let gauge): return ["\(name)\(labels(dimensions)) \(number(gauge.value))"]
        case .histogram(let histogram):
            let state = histogram.snapshot
            var lines: [String] = []
            var total: Int64 = 0
            for (place, count) in state.counts.enumerated() {
                total += count
                let bound = place < HistogramCell.bounds.count ? number(HistogramCell.bounds[place]) : "+Inf"
                lines.append("\(name)_bucket\(labels(dimensions + [#"le="\#(bound)""#])) \(total)")
            }
            lines.append("\(name)_sum\(labels(dimensions)) \(number(state.sum))")
            lines.append("\(name)_count\(labels(dimensions)) \(total)")
            return lines
        }
    }

    private static func labels(_ dimensions: [String]) -> String {
        dimensions.isEmpty ? "" : "{" + dimensions.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
