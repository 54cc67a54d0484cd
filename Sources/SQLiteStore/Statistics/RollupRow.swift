// RollupRow.swift - the sums of the calls of one combo in one period.

import TraceModel
import TraceStore

/// What a transaction changes in the sums of one combo and period.
struct RollupChange {
    var calls: Int64 = 0
    var sums = [Int64](repeating: 0, count: 6)
    var known = [Int64](repeating: 0, count: 6)
    var latency: [LogHistogram.Entry] = []
    var firstToken: [LogHistogram.Entry] = []

    /// Adds a call, or takes it back.
    mutating func add(_ tally: CallTally, sign: Int64) {
        calls += sign
        for (place, value) in tally.figures.all.enumerated() {
            guard let value else { continue }
            sums[place] = sums[place].saturatingSum(sign &* value)
            known[place] += sign
        }
        latency.append(.init(bucket: LogHistogram.bucket(of: tally.duration), count: sign))
        guard let first = tally.firstToken else { return }
        firstToken.append(.init(bucket: LogHistogram.bucket(of: first), count: sign))
    }

    /// Adds what another changes.
    mutating func add(_ other: RollupChange) {
        calls += other.calls
        for place in sums.indices {
            sums[place] = sums[place].saturatingSum(other.sums[place])
            known[place] += other.known[place]
        }
        latency += other.latency
        firstToken += other.firstToken
    }
}

/// The sums of the calls of one combo in one period.
struct RollupRow {
    var calls: Int64 = 0
    /// Six figures, as `CallFigures` orders them.
    var sums = [Int64](repeating: 0, count: 6)
    /// Of how many calls each figure is known.
    var known = [Int64](repeating: 0, count: 6)
    var latency = LogHistogram()
    var firstToken = LogHistogram()

    static let columns = """
        calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost, known, \
        latency, ttft
        """

    /// Makes sums of nothing.
    init() {}

    /// Reads the columns from one on.
    init(_ row: SQLiteStatement, at first: Int32) {
        calls = row.integer(first)
        for place in 0..<6 { sums[place] = row.integer(first + 1 + Int32(place)) }
        known = Self.counts(UnsafeRawBufferPointer(row.blob(first + 7)))
        latency = LogHistogram(decoding: UnsafeRawBufferPointer(row.blob(first + 8)))
        firstToken = LogHistogram(decoding: UnsafeRawBufferPointer(row.blob(first + 9)))
    }

    /// Reads the stored form of `known`.
    static func counts(_ bytes: UnsafeRawBufferPointer) -> [Int64] {
        var offset = 0
        return (0..<6).map { _ in Varint.readCount(bytes, at: &offset).map { Int64($0) } ?? 0 }
    }

    /// The stored form of `known`.
    var encodedKnown: [UInt8] {
        var bytes: [UInt8] = []
        for count in known { Varint.append(UInt64(max(0, count)), to: &bytes) }
        return bytes
    }

    /// Applies what a transaction changes.
    mutating func apply(_ change: RollupChange) {
        calls = max(0, calls + change.calls)
        for place in sums.indices {
            sums[place] = sums[place].saturatingSum(change.sums[place])
            known[place] = max(0, known[place] + change.known[place])
        }
        latency.add(change.latency)
        firstToken.add(change.firstToken)
    }
}

extension Int64 {
    /// The sum, at the limit of the range when it is beyond.
    func saturatingSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard overflow else { return sum }
        return self < 0 ? .min : .max
    }
}
