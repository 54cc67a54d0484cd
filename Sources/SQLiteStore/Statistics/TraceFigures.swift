// TraceFigures.swift - what a trace adds to statistics and to the sets of its zone.

import TraceModel
import TraceStore

/// What is in the file of a trace besides its summary, as far as later changes need it.
struct TraceFigures {
    /// Bit (number mod 64) for each provider of an own call.
    var providers: UInt64 = 0
    var operations: UInt64 = 0
    /// Bit (hash mod 64) for each error type of a call.
    var errors: UInt64 = 0
    /// How many calls are counted by each combo.
    var combos = ComboCounts()
    /// How it enters the number of traces; nil while it does not.
    var tally: TraceTally?

    /// Counts a call, or takes it back with the sign -1.
    mutating func count(combo: Int64, sign: Int) {
        combos.count(combo, sign: sign)
    }

    /// Reads the figures of a stored trace; empty ones when it has no row.
    static func stored(
        _ number: Int64,
        _ rollups: inout Rollups,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> TraceFigures {
        var figures = TraceFigures()
        let row = try connection.statement(
            "SELECT provider_bits, operation_bits, error_bits, shape_id, start_ns FROM traces WHERE trace_no=?"
        )
        row.bind(1, number)
        defer { row.reset() }
        guard try row.step() else { return figures }
        figures.providers = UInt64(bitPattern: row.integer(0))
        figures.operations = UInt64(bitPattern: row.integer(1))
        figures.errors = UInt64(bitPattern: row.integer(2))
        if !row.isNull(3) { figures.tally = TraceTally(start: row.integer(4), shape: row.integer(3)) }
        let calls = try connection.statement(StoredCallRow.sql(where: "call_id >= ? AND call_id < ? AND counts = 1"))
        calls.bind(1, PartKey.first(of: number))
        calls.bind(2, PartKey.end(of: number))
        defer { calls.reset() }
        while try calls.step() {
            figures.count(combo: try rollups.combo(StoredCallRow(calls).tally.combo, in: connection), sign: 1)
        }
        return figures
    }
}

/// How many calls of a trace each combo counts; four combos need no memory of their own, since most traces have fewer.
struct ComboCounts {
    /// Numbers of combos; 0 where there is none.
    private var few = SIMD4<Int64>()
    private var counts = SIMD4<Int64>()
    private var more: [Int64: Int] = [:]

    var isEmpty: Bool { few == .zero && more.isEmpty }

    /// The combos that count a call, in ascending order.
    var sorted: [Int64] {
        var found = Array(more.keys)
        for place in few.indices where few[place] != 0 { found.append(few[place]) }
        return found.sorted()
    }

    /// Counts a call, or takes it back with the sign -1; what was not counted cannot be taken back.
    mutating func count(_ combo: Int64, sign: Int) {
        var free: Int?
        for place in few.indices {
            if few[place] == combo { return change(place, by: Int64(sign)) }
            if few[place] == 0, free == nil { free = place }
        }
        if let known = more[combo] {
            more[combo] = known + sign > 0 ? known + sign : nil
        } else if sign > 0, let free {
            few[free] = combo
            counts[free] = Int64(sign)
        } else if sign > 0 {
            more[combo] = sign
        }
    }

    private mutating func change(_ place: Int, by sign: Int64) {
        counts[place] += sign
        if counts[place] <= 0 { (few[place], counts[place]) = (0, 0) }
    }
}

/// A row of `calls` as statistics see it.
struct StoredCallRow {
    var tally: CallTally
    var counts: Bool
    /// Whether it is own by the rules of its trace.
    var isOwn: Bool
    var responseHash: Int64?
    var requestHash: Int64?
    var errorHash: Int64?
    var session: Int64?
    var user: Int64?

    /// Whether it counts unless another trace counts it: own, and of a provider's model or with usage.
    var isCall: Bool {
        let figures = tally.figures
        let role = SpanRole(rawValue: UInt8(truncatingIfNeeded: tally.combo.role))
        return isOwn
            && (role?.isProviderCall == true || figures.input != nil || figures.output != nil || figures.cost != nil)
    }

    /// Selects such rows.
    static func sql(where condition: String) -> String {
        """
        SELECT project_id, ifnull(service_id, 0), ifnull(provider_id, 0), ifnull(model_id, 0), ifnull(operation_id, 0), \
        role, outcome, created_ns, duration_ns, ttft_ns, tokens_input, tokens_output, tokens_cache_read, \
        tokens_cache_write, tokens_reasoning, cost, counts, counted, response_hash, request_hash, call_id, \
        error_type, session_hash, user_hash \
        FROM calls WHERE \(condition)
        """
    }

    /// Reads the columns of `sql`.
    init(_ row: SQLiteStatement) {
        func known(_ column: Int32) -> Int64? { row.isNull(column) ? nil : row.integer(column) }
        tally = CallTally(
            combo: CallCombo(
                project: row.integer(0),
                service: row.integer(1),
                provider: row.integer(2),
                model: row.integer(3),
                operation: row.integer(4),
                role: row.integer(5),
                outcome: row.integer(6)
            ),
            start: row.integer(7),
            duration: row.integer(8),
            firstToken: known(9),
            figures: CallFigures(
                input: known(10),
                output: known(11),
                cacheRead: known(12),
                cacheWrite: known(13),
                reasoning: known(14),
                cost: known(15)
            )
        )
        counts = row.integer(16) == 1
        isOwn = row.integer(17) == 0
        responseHash = known(18)
        requestHash = known(19)
        errorHash = row.isNull(21) ? nil : row.text(21).stableHash
        session = known(22)
        user = known(23)
    }
}
