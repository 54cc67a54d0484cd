// TokenUsage+Inclusive.swift - totals that include their parts, whatever was sent.

import TraceModel

extension TokenUsage {
    /// The same usage with inclusive totals, by arithmetic alone (attribute dictionary, section 7, points 2 and 4).
    ///
    /// Parts greater than their total can only have been counted apart from it. An unknown total stays unknown.
    var inclusive: TokenUsage {
        var usage = self
        if let input, cacheRead != nil || cacheWrite != nil {
            let cached = (cacheRead ?? 0).addingWithoutOverflow(cacheWrite ?? 0)
            if cached > input { usage.input = input.addingWithoutOverflow(cached) }
        }
        if let output, let reasoning, reasoning > output {
            usage.output = output.addingWithoutOverflow(reasoning)
        }
        return usage
    }
}

extension Int64 {
    /// The sum of two counts, at most the greatest number.
    fileprivate func addingWithoutOverflow(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
