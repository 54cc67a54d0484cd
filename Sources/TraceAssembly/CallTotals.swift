// CallTotals.swift - sums over the calls that count.

import TraceModel

/// A sum that is unknown as long as none of its terms is known; exact, so that terms can be taken back.
struct KnownSum {
    private var sum: Int128 = 0
    private var terms: Int64 = 0

    mutating func add(_ term: Known) {
        guard let value = term.value else { return }
        sum += Int128(value)
        terms += 1
    }

    mutating func subtract(_ term: Known) {
        guard let value = term.value else { return }
        sum -= Int128(value)
        terms -= 1
    }

    /// The sum, at the limit of the range when it is beyond; nil when no term is known.
    var value: Int64? {
        terms == 0 ? nil : Int64(clamping: sum)
    }

    /// How many terms are known.
    var count: Int { Int(terms) }
}

/// Sums over the own calls of a trace.
struct CallTotals {
    var input = KnownSum()
    var output = KnownSum()
    var cacheRead = KnownSum()
    var cacheWrite = KnownSum()
    var reasoning = KnownSum()
    var embedding = KnownSum()
    var cost = KnownSum()
    var calls = 0
    var errors = 0
    /// Calls whose cost is known, and failed ones that used nothing.
    var settled = 0
    /// Calls whose reported and computed cost are too far apart.
    var differing = 0
    /// Calls of a model of which neither tokens nor cost are known, though they did not fail.
    var unmeasured = 0
    /// Provider calls and spans with usage of any scope: while there is none, the trace has nothing to do with LLMs.
    var mentions = 0

    mutating func add(_ record: CallRecord, _ fields: CallFields) {
        if record.role == .embedding || record.role == .reranker {
            embedding.add(fields.input)
        } else {
            input.add(fields.input)
            output.add(fields.output)
            cacheRead.add(fields.cacheRead)
            cacheWrite.add(fields.cacheWrite)
            reasoning.add(fields.reasoning)
        }
        cost.add(fields.charged)
        guard record.isCall(fields) else { return }
        note(record, fields, by: 1)
    }

    mutating func subtract(_ record: CallRecord, _ fields: CallFields) {
        if record.role == .embedding || record.role == .reranker {
            embedding.subtract(fields.input)
        } else {
            input.subtract(fields.input)
            output.subtract(fields.output)
            cacheRead.subtract(fields.cacheRead)
            cacheWrite.subtract(fields.cacheWrite)
            reasoning.subtract(fields.reasoning)
        }
        cost.subtract(fields.charged)
        guard record.isCall(fields) else { return }
        note(record, fields, by: -1)
    }

    private mutating func note(_ record: CallRecord, _ fields: CallFields, by change: Int) {
        calls += change
        if Self.isSettled(record, fields) { settled += change }
        if Self.isError(record, fields) { errors += change }
        let marks = Self.marks(record, fields)
        if marks.contains(.costDiffers) { differing += change }
        if marks.contains(.usageMissing) { unmeasured += change }
    }

    /// What is odd about the calls.
    var marks: SpanMarks {
        var marks: SpanMarks = []
        if differing > 0 { marks.insert(.costDiffers) }
        if unmeasured > 0 { marks.insert(.usageMissing) }
        return marks
    }

    /// What is odd about a call that counts.
    static func marks(_ record: CallRecord, _ fields: CallFields) -> SpanMarks {
        if let reported = fields.cost.value, let computed = fields.computed.value {
            // In twentieths, without overflow.
            return abs(Int128(reported) - Int128(computed)) * 20 > Int128(computed) ? .costDiffers : []
        }
        let isMeasured = fields.carriesUsage || isError(record, fields) || record.flags.contains(.pending)
        return isMeasured || record.role != .llm ? [] : .usageMissing
    }

    private static func isSettled(_ record: CallRecord, _ fields: CallFields) -> Bool {
        fields.charged.isKnown || (isError(record, fields) && !fields.hasTokens)
    }

    private static func isError(_ record: CallRecord, _ fields: CallFields) -> Bool {
        record.flags.contains(.failed) || !fields.errorType.isNone
    }
}
