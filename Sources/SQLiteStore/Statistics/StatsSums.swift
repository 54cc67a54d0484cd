// StatsSums.swift - statistics as they are added up.

import TraceModel
import TraceStore

/// The figures of one interval and group.
final class StatsFigures {
    var calls: Int64 = 0
    var traces: Int64 = 0
    var errors: Int64 = 0
    /// Six figures as `CallFigures` orders them, then the input of embeddings.
    var sums = [Int64](repeating: 0, count: 7)
    var known = [Int64](repeating: 0, count: 7)
    var latency = HistogramSum()
    var firstToken = HistogramSum()
}

/// What rows of statistics are told apart by: the start of the interval, then the number of each value.
struct StatsKey: Hashable {
    var start: Int64
    var values: [Int64]
}

/// Adds statistics up by interval and group.
struct StatsSums {
    /// With more rows than this no percentiles are kept.
    static let mostHistograms = 5_000

    let interval: StatsInterval?
    let groupBy: [StatsDimension]
    private(set) var rows: [StatsKey: StatsFigures] = [:]
    private(set) var hasHistograms = true
    private var last: Range<Int64>?

    init(interval: StatsInterval?, groupBy: [StatsDimension]) {
        self.interval = interval
        self.groupBy = groupBy
    }

    /// The figures of a time and group.
    mutating func figures(at time: Int64, _ values: [Int64]) -> StatsFigures {
        let key = StatsKey(start: start(of: time), values: values)
        if let known = rows[key] { return known }
        let made = StatsFigures()
        rows[key] = made
        if hasHistograms, rows.count > Self.mostHistograms {
            hasHistograms = false
            for figures in rows.values {
                figures.latency = HistogramSum()
                figures.firstToken = HistogramSum()
            }
        }
        return made
    }

    private mutating func start(of time: Int64) -> Int64 {
        guard let interval else { return 0 }
        if let last, last.contains(time) { return last.lowerBound }
        let range = interval.range(around: time)
        last = range
        return range.lowerBound
    }

    /// Adds the sums of a combo in a period.
    mutating func add(_ row: RollupSum, of combo: CallCombo, at time: Int64, _ values: [Int64]) {
        let figures = figures(at: time, values)
        figures.calls += row.calls
        if combo.outcome > 0 { figures.errors += row.calls }
        for place in 0..<6 { add(row.sums[place], row.known[place], place, combo.role, to: figures) }
        guard hasHistograms else { return }
        figures.latency.add(row.latency)
        figures.firstToken.add(row.firstToken)
    }

    /// Adds one call.
    mutating func add(_ call: CallTally, _ values: [Int64]) {
        let figures = figures(at: call.start, values)
        figures.calls += 1
        if call.combo.outcome > 0 { figures.errors += 1 }
        for (place, value) in call.figures.all.enumerated() {
            guard let value else { continue }
            add(value, 1, place, call.combo.role, to: figures)
        }
        guard hasHistograms else { return }
        figures.latency.add(value: call.duration)
        if let first = call.firstToken { figures.firstToken.add(value: first) }
    }

    private func add(_ sum: Int64, _ known: Int64, _ place: Int, _ role: Int64, to figures: StatsFigures) {
        guard known > 0 else { return }
        let isApart = place == 0 && SpanRole(rawValue: UInt8(truncatingIfNeeded: role))?.readsOnly == true
        let target = isApart ? 6 : place
        figures.sums[target] = figures.sums[target].saturatingSum(sum)
        figures.known[target] += known
    }
}

/// The stored sums of a combo in a period; the bytes are borrowed.
struct RollupSum {
    var calls: Int64
    var sums: [Int64]
    var known: [Int64]
    var latency: UnsafeRawBufferPointer
    var firstToken: UnsafeRawBufferPointer
}

extension SpanRole {
    /// Whether its input tokens are kept apart from those of generative models.
    fileprivate var readsOnly: Bool { self == .embedding || self == .reranker }
}
