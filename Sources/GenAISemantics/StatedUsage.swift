// StatedUsage.swift - token counts as they were sent, and the inclusive totals that they stand for.

import TraceModel

/// Token counts as they were sent.
struct StatedUsage: Equatable {
    /// The counts; the totals may leave their parts out.
    var usage = TokenUsage()
    /// All tokens of the call; nil when that was not sent.
    var total: Int64?
    /// Whether the input is known to leave cached tokens out.
    var isCachedApart = false
    /// Whether the output is known to leave reasoning out.
    var isReasoningApart = false

    /// Whether input or output is known.
    var isKnown: Bool { usage.isKnown }

    /// The counts with inclusive totals (attribute dictionary, section 7).
    ///
    /// Parts greater than their total can only have been counted apart from it, whatever the dialect's rule; a total of
    /// all tokens tells as well. What is unknown stays unknown.
    var inclusive: TokenUsage {
        var usage = usage
        if let output = usage.output, let reasoning = usage.reasoning, isReasoningApart || reasoning > output {
            usage.output = output.addingWithoutOverflow(reasoning)
        }
        let cached = (usage.cacheRead ?? 0).addingWithoutOverflow(usage.cacheWrite ?? 0)
        if let input = usage.input, cached > 0, isCachedApart || cached > input || isTotal(with: cached, usage) {
            usage.input = input.addingWithoutOverflow(cached)
        }
        return usage
    }

    /// Tokens of the total that are in no other count; nil where none are, or where reasoning is stated.
    private var unstated: Int64? {
        guard let total, usage.reasoning == nil else { return nil }
        let all = inclusive
        guard let input = all.input, let output = all.output else { return nil }
        let sum = input.addingWithoutOverflow(output)
        return total > sum ? total - sum : nil
    }

    /// Whether the total holds more than the input and the output.
    var hasUnstated: Bool { unstated != nil }

    /// Adds to the output what only the total holds: the thoughts of a Gemini model, which are no part of its candidates.
    mutating func takeInThoughts() {
        guard let unstated, let output = usage.output else { return }
        usage.output = output.addingWithoutOverflow(unstated)
    }

    /// What cannot be true of the counts as they were sent; `inclusive` makes the best of them.
    var contradictions: SpanMarks {
        var marks: SpanMarks = []
        guard let input = usage.input else { return marks }
        let cached = (usage.cacheRead ?? 0).addingWithoutOverflow(usage.cacheWrite ?? 0)
        if cached > input, !isCachedApart { marks.insert(.cacheAboveInput) }
        guard let total, let output = usage.output else { return marks }
        let (all, plain) = (inclusive, input.addingWithoutOverflow(output))
        let sums = [
            plain, plain.addingWithoutOverflow(usage.reasoning ?? 0), plain.addingWithoutOverflow(cached),
            (all.input ?? 0).addingWithoutOverflow(all.output ?? 0),
        ]
        if !sums.contains(total) { marks.insert(.totalMismatch) }
        return marks
    }

    /// Whether the total of all tokens holds only with the cached ones added to the input.
    private func isTotal(with cached: Int64, _ usage: TokenUsage) -> Bool {
        guard let total, let input = usage.input, let output = usage.output else { return false }
        let plain = input.addingWithoutOverflow(output)
        return plain != total && plain.addingWithoutOverflow(cached) == total
    }
}

extension Int64 {
    /// The sum of two counts, at most the greatest number.
    func addingWithoutOverflow(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension StatedUsage? {
    /// The counts when input or output is known.
    var known: StatedUsage? { self?.isKnown == true ? self : nil }
}
