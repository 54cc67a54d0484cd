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
        calls += 1
        settled += Self.isSettled(record, fields) ? 1 : 0
        errors += Self.isError(record, fields) ? 1 : 0
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
        calls -= 1
        settled -= Self.isSettled(record, fields) ? 1 : 0
        errors -= Self.isError(record, fields) ? 1 : 0
    }

    private static func isSettled(_ record: CallRecord, _ fields: CallFields) -> Bool {
        fields.charged.isKnown || (isError(record, fields) && !fields.hasTokens)
    }

    private static func isError(_ record: CallRecord, _ fields: CallFields) -> Bool {
        record.flags.contains(.failed) || !fields.errorType.isNone
    }
}
