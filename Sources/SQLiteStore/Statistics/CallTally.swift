// CallTally.swift - what one call adds to statistics.

import TraceModel

/// What calls are counted by.
struct CallCombo: Hashable {
    var project: Int64
    /// 0 stands for none, as for the names below.
    var service: Int64
    var provider: Int64
    var model: Int64
    var operation: Int64
    var role: Int64
    /// 0 success, 1 error, 2 timeout.
    var outcome: Int64
}

/// The six figures that are summed, in the order of the columns.
struct CallFigures: Equatable {
    var input: Int64?
    var output: Int64?
    var cacheRead: Int64?
    var cacheWrite: Int64?
    var reasoning: Int64?
    /// 10^-12 USD.
    var cost: Int64?

    /// One after the other.
    var all: [Int64?] { [input, output, cacheRead, cacheWrite, reasoning, cost] }
}

/// What one call adds to statistics.
struct CallTally: Equatable {
    var combo: CallCombo
    /// Nanoseconds since the Unix epoch.
    var start: Int64
    /// Nanoseconds.
    var duration: Int64
    /// Nanoseconds to the first token.
    var firstToken: Int64?
    var figures: CallFigures
}

/// The two lengths of time that statistics are kept for.
enum RollupPeriod: CaseIterable {
    case hour
    case day

    /// Nanoseconds.
    var length: Int64 {
        switch self {
        case .hour: 3_600_000_000_000
        case .day: 86_400_000_000_000
        }
    }

    /// The table of calls.
    var rollups: String {
        switch self {
        case .hour: "rollups_by_hour"
        case .day: "rollups_by_day"
        }
    }

    /// The table of traces.
    var tallies: String {
        switch self {
        case .hour: "tallies_by_hour"
        case .day: "tallies_by_day"
        }
    }

    /// The number of the period that a time lies in.
    func number(of time: Int64) -> Int64 {
        max(0, time) / length
    }

    /// The key of something in the period that a time lies in.
    func key(of time: Int64, _ id: Int64) -> Int64 {
        number(of: time) << 32 | id
    }
}
