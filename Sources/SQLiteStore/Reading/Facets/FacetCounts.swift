// FacetCounts.swift - how often calls have which values, as numbers.

import TraceModel
import TraceStore

/// How often calls have which values; a value is a number, and 0 stands for none.
struct FacetCounts {
    /// How often a value is there.
    struct Count {
        var calls: Int64 = 0
        var traces: Int64 = 0
        /// A trace with it, by number, where traces are looked at one by one.
        var example: Int64 = 0
    }

    /// By field and value.
    private(set) var counts: [[Int64: Count]]
    /// The values of the trace at hand.
    private var trace: Int64 = -1
    private var valuesOfTrace: [Set<Int64>]

    init(fields: Int) {
        counts = Array(repeating: [:], count: fields)
        valuesOfTrace = Array(repeating: [], count: fields)
    }

    /// Values in all.
    var size: Int { counts.reduce(0) { $0 + $1.count } }

    /// Adds calls that have one value of each field.
    mutating func add(calls: Int64, _ values: [Int64]) {
        for (field, value) in values.enumerated() where value != 0 {
            counts[field][value, default: Count()].calls += calls
        }
    }

    /// Adds traces whose calls have these groups of values.
    mutating func add(traces: Int64, _ groups: Set<[Int64]>) {
        for field in counts.indices {
            for value in Set(groups.map { $0[field] }) where value != 0 {
                counts[field][value, default: Count()].traces += traces
            }
        }
    }

    /// Adds one call, and its trace where it is the first one there with a value; calls of a trace follow each other.
    mutating func add(callOf number: Int64, _ values: [Int64]) {
        if number != trace {
            trace = number
            for field in valuesOfTrace.indices { valuesOfTrace[field].removeAll(keepingCapacity: true) }
        }
        for (field, value) in values.enumerated() where value != 0 {
            let isFirst = valuesOfTrace[field].insert(value).inserted
            counts[field][value, default: Count()].calls += 1
            guard isFirst else { continue }
            counts[field][value, default: Count()].traces += 1
            counts[field][value, default: Count()].example = number
        }
    }

    /// The values of a field with the most calls, those of the most traces first among equals.
    func top(_ count: Int, of field: Int) -> [(value: Int64, count: Count)] {
        let sorted = counts[field].filter { $0.value.calls > 0 }.sorted { left, right in
            (right.value.calls, right.value.traces, left.key) < (left.value.calls, left.value.traces, right.key)
        }
        return sorted.prefix(count).map { (value: $0.key, count: $0.value) }
    }
}
