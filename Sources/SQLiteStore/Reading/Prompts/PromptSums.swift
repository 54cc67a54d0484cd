// PromptSums.swift - what the calls come to that sent one prompt.

import GRDB
import TraceModel

/// What ranks a prompt; small, since there may be many.
struct PromptTally {
    private(set) var count: Int64 = 0
    /// 10^-12 USD; -1 stands for unknown.
    private(set) var cost: Int64 = -1

    mutating func add(cost amount: Int64?) {
        count += 1
        if let amount { cost = max(0, cost).saturatingSum(amount) }
    }
}

/// What the calls come to that sent one prompt.
struct PromptSums {
    private(set) var count: Int64 = 0
    private(set) var cost: Int64?
    private(set) var tokensInput: Int64?
    private(set) var tokensOutput: Int64?
    private(set) var first = Int64.max
    private(set) var last = Int64.min
    /// The call that was stored last.
    private(set) var example = Int64.min

    /// Adds a call: hash, key and span, and from a column on its cost, tokens and start.
    mutating func add(_ row: Row, at column: Int) {
        count += 1
        cost.add(row[column])
        tokensInput.add(row[column + 1])
        tokensOutput.add(row[column + 2])
        let start: Int64 = row[column + 3]
        first = min(first, start)
        last = max(last, start)
        example = max(example, row[1])
    }
}
