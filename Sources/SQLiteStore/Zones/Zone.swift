// Zone.swift - bounds and sets over 1,024 traces that follow each other.

import TraceModel
import TraceStore

/// What lists skip by: bounds and sets over the traces of one zone.
///
/// Only ever widened, so that a late change of a trace needs no look at the others.
struct Zone: Equatable {
    /// Traces in a zone: 2 to the power of it.
    static let shift: Int64 = 10
    /// Traces of a zone.
    static let traceCount: Int64 = 1 << shift

    /// The zone of a trace.
    static func number(of trace: Int64) -> Int64 { trace >> shift }
    /// The first trace of a zone.
    static func firstTrace(of zone: Int64) -> Int64 { zone << shift }

    /// The least and the greatest value of something.
    struct Bounds: Equatable {
        var least = Int64.max
        var greatest = Int64.min

        mutating func include(_ value: Int64) {
            if value < least { least = value }
            if value > greatest { greatest = value }
        }
    }

    var start = Bounds()
    var duration = Bounds()
    var cost = Bounds()
    var tokens = Bounds()
    var projects: UInt64 = 0
    var services: UInt64 = 0
    var models: UInt64 = 0
    var providers: UInt64 = 0
    var operations: UInt64 = 0
    var errors: UInt64 = 0
    var marks: UInt64 = 0
    /// Bit 0: a trace that is ok, 1: one that failed, 2: one with nothing odd.
    var states: UInt64 = 0
    var callStart = Bounds()
    var callDuration = Bounds()
    var callCost = Bounds()
    var callTokens = Bounds()
    var callServices: UInt64 = 0
    var outcomes: UInt64 = 0

    /// The mark that stands for a missing parent.
    static let missingParent: UInt64 = 1 << 32

    /// The bit of a number in a set.
    @inline(__always)
    static func bit(_ number: Int64) -> UInt64 { 1 << UInt64(number & 63) }

    /// The columns, in the order of `values`.
    static let columns = """
        start_min, start_max, duration_min, duration_max, cost_min, cost_max, tokens_min, tokens_max, projects, services, \
        models, providers, operations, errors, marks, states, call_start_min, call_start_max, call_duration_min, \
        call_duration_max, call_cost_min, call_cost_max, call_tokens_min, call_tokens_max, call_services, outcomes
        """

    /// Every column's value.
    var values: [Int64] {
        let bounds = [start, duration, cost, tokens].flatMap { [$0.least, $0.greatest] }
        let sets = [projects, services, models, providers, operations, errors, marks, states]
        let calls = [callStart, callDuration, callCost, callTokens].flatMap { [$0.least, $0.greatest] }
        return bounds + sets.map { Int64(bitPattern: $0) } + calls
            + [callServices, outcomes].map { Int64(bitPattern: $0) }
    }

    /// Makes an empty zone.
    init() {}

    /// Reads the columns from the first on.
    init(_ row: SQLiteStatement) {
        func bounds(_ column: Int32) -> Bounds {
            Bounds(least: row.integer(column), greatest: row.integer(column + 1))
        }
        func set(_ column: Int32) -> UInt64 { UInt64(bitPattern: row.integer(column)) }
        start = bounds(0)
        duration = bounds(2)
        cost = bounds(4)
        tokens = bounds(6)
        projects = set(8)
        services = set(9)
        models = set(10)
        providers = set(11)
        operations = set(12)
        errors = set(13)
        marks = set(14)
        states = set(15)
        callStart = bounds(16)
        callDuration = bounds(18)
        callCost = bounds(20)
        callTokens = bounds(22)
        callServices = set(24)
        outcomes = set(25)
    }
}
