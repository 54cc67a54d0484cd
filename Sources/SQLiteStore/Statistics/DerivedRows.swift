// DerivedRows.swift - everything that is kept beside traces and calls so that questions need not look at each.

import OTLPCodec
import TraceAssembly
import TraceModel
import TraceStore

/// Statistics and zones.
///
/// Belongs to the writer's thread. Changes are gathered and written at the end of the transaction.
struct DerivedRows {
    private(set) var rollups = Rollups()
    private var zones = ZoneTable()
    /// Of traces that changed lately.
    private var known: [Int64: TraceFigures] = [:]
    private static let limit = 16_384

    /// Adds a call to statistics, or takes it back with the sign -1.
    ///
    /// - Returns: The combo that it is counted by.
    mutating func count(
        _ tally: CallTally,
        sign: Int64,
        in connection: SQLiteConnection
    ) throws(StoreError) -> Int64 {
        let combo = try rollups.combo(tally.combo, in: connection)
        rollups.count(tally, combo: combo, sign: sign)
        return combo
    }

    /// What is in the file of a trace; nothing for a new one.
    mutating func figures(
        of trace: Int64,
        isStored: Bool,
        in connection: SQLiteConnection
    ) throws(StoreError) -> TraceFigures {
        if let figures = known[trace] { return figures }
        return isStored ? try TraceFigures.stored(trace, &rollups, connection) : TraceFigures()
    }

    /// Remembers what is in the file of a trace now.
    mutating func keep(_ figures: TraceFigures, of trace: Int64) {
        if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
        known[trace] = figures
    }

    /// Counts a trace by the combos of its calls, in place of how it was counted before.
    ///
    /// - Parameters:
    ///   - figures: Of the trace; the tally is changed.
    ///   - start: Of the trace; nanoseconds since the Unix epoch.
    ///   - bare: What it is counted by when it has no calls.
    ///   - connection: With an open transaction.
    /// - Throws: `StoreError`.
    mutating func tally(
        _ figures: inout TraceFigures,
        start: Int64,
        bare: CallCombo,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        let combos =
            figures.combos.isEmpty
            ? [try rollups.combo(bare, in: connection)] : figures.combos.sorted
        let tally = TraceTally(start: start, shape: try rollups.shape(combos, in: connection))
        guard tally != figures.tally else { return }
        if let before = figures.tally { rollups.count(before, sign: -1) }
        rollups.count(tally, sign: 1)
        figures.tally = tally
    }

    /// Takes a trace and its calls back, while their rows are there.
    mutating func takeBack(_ trace: Int64, in connection: SQLiteConnection) throws(StoreError) {
        let figures = try TraceFigures.stored(trace, &rollups, connection)
        known[trace] = nil
        guard let tally = figures.tally else { return }
        rollups.count(tally, sign: -1)
        let rows = try connection.statement(StoredCallRow.sql(where: "call_id >= ? AND call_id < ? AND counts = 1"))
        rows.bind(1, PartKey.first(of: trace))
        rows.bind(2, PartKey.end(of: trace))
        defer { rows.reset() }
        while try rows.step() { _ = try count(StoredCallRow(rows).tally, sign: -1, in: connection) }
    }

    /// Takes the calls with an id that `isSame` holds for out of statistics, since another trace counts them.
    mutating func uncount(
        _ hash: Int64,
        of trace: Int64,
        in connection: SQLiteConnection,
        where isSame: (CallTally) -> Bool
    ) throws(StoreError) {
        try setCounts(of: hash, in: trace, to: false, connection, where: isSame)
    }

    /// Counts the calls with an id, since the trace that counted them goes.
    mutating func count(_ hash: Int64, of trace: Int64, in connection: SQLiteConnection) throws(StoreError) {
        try setCounts(of: hash, in: trace, to: true, connection)
    }

    private mutating func setCounts(
        of hash: Int64,
        in trace: Int64,
        to counts: Bool,
        _ connection: SQLiteConnection,
        where isMeant: (CallTally) -> Bool = { _ in true }
    ) throws(StoreError) {
        let rows = try connection.statement(
            StoredCallRow.sql(
                where: """
                    call_id >= ?1 AND call_id < ?2 AND counts = ?4 AND counted = 0 \
                    AND (response_hash = ?3 OR request_hash = ?3)
                    """
            )
        )
        rows.bind(1, PartKey.first(of: trace))
        rows.bind(2, PartKey.end(of: trace))
        rows.bind(3, hash)
        rows.bind(4, counts ? 0 : 1)
        defer { rows.reset() }
        let update = try connection.statement("UPDATE calls SET counts=? WHERE call_id=?")
        var keys: [Int64] = []
        while try rows.step() {
            let call = StoredCallRow(rows)
            guard call.isCall, isMeant(call.tally) else { continue }
            _ = try count(call.tally, sign: counts ? 1 : -1, in: connection)
            keys.append(rows.integer(20))
        }
        for key in keys {
            update.bind(1, counts ? 1 : 0)
            update.bind(2, key)
            try update.run()
        }
        if !keys.isEmpty { try tallyAgain(trace, in: connection) }
    }

    /// Counts a stored trace whose calls changed in the file.
    private mutating func tallyAgain(_ trace: Int64, in connection: SQLiteConnection) throws(StoreError) {
        known[trace] = nil
        var figures = try TraceFigures.stored(trace, &rollups, connection)
        let row = try connection.statement(
            "SELECT project_id, service_id, status, start_ns FROM traces WHERE trace_no=?"
        )
        row.bind(1, trace)
        defer { row.reset() }
        guard figures.tally != nil, try row.step() else { return }
        let service = row.isNull(1) ? nil : row.integer(1)
        let bare = CallCombo(bareTraceOf: row.integer(0), service: service, isError: row.integer(2) == 1)
        try tally(&figures, start: row.integer(3), bare: bare, in: connection)
        let update = try connection.statement("UPDATE traces SET shape_id=? WHERE trace_no=?")
        update.bind(1, figures.tally?.shape)
        update.bind(2, trace)
        try update.run()
        known[trace] = figures
    }

    /// Widens the zone of a trace by a call.
    mutating func widen(
        _ trace: Int64,
        with call: AssembledCall,
        _ tally: CallTally,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        try zones.widen(trace, hashes: (call.session?.stableHash, call.user?.stableHash), in: connection) { zone in
            zone.include(tally, errorHash: call.errorType?.stableHash)
        }
    }

    /// The same by a stored call.
    mutating func widen(
        _ trace: Int64,
        with call: StoredCallRow,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        try zones.widen(trace, hashes: (call.session, call.user), in: connection) { zone in
            zone.include(call.tally, errorHash: call.errorHash)
        }
    }

    /// Widens the zone of a trace.
    mutating func widen(
        _ trace: Int64,
        with row: TraceZoneValues,
        in connection: SQLiteConnection
    ) throws(StoreError) {
        try zones.widen(trace, hashes: (row.session, row.user), in: connection) { $0.include(row) }
    }

    /// Writes what was gathered, in the open transaction.
    mutating func save(in connection: SQLiteConnection) throws(StoreError) {
        try rollups.save(in: connection)
        try zones.save(in: connection)
    }

    /// What was written is in the file for good.
    mutating func commit() {
        rollups.commit()
        zones.commit()
    }

    /// What was written or gathered is not in the file.
    mutating func rollback() {
        rollups.rollback()
        zones.rollback()
        known.removeAll()
    }

    /// Gives back what is only there to be faster; between transactions everything is in the file.
    mutating func rest() {
        rollback()
        rollups.rest()
    }
}

/// What a zone needs to know of a trace.
struct TraceZoneValues {
    var project: Int64
    var start: Int64
    var duration: Int64
    var cost: Int64?
    var input: Int64?
    var output: Int64?
    var service: Int64?
    var models: UInt64
    var figures: TraceFigures
    var marks: UInt64
    var isMissingParents: Bool
    var isError: Bool
    var session: Int64?
    var user: Int64?

    /// Input and output; -1 stands for unknown.
    static func tokens(_ input: Int64?, _ output: Int64?) -> Int64 {
        guard let output else { return input ?? -1 }
        return (input ?? 0).saturatingSum(output)
    }

    /// The marks that are warnings.
    static let warnings = UInt64(SpanMarks.allWarnings.rawValue)
}

extension Zone {
    /// Widens by a trace.
    mutating func include(_ row: TraceZoneValues) {
        start.include(row.start)
        duration.include(row.duration)
        cost.include(row.cost ?? -1)
        tokens.include(TraceZoneValues.tokens(row.input, row.output))
        projects |= Self.bit(row.project)
        if let service = row.service { services |= Self.bit(service) }
        models |= row.models
        providers |= row.figures.providers
        operations |= row.figures.operations
        errors |= row.figures.errors
        marks |= row.marks
        if row.isMissingParents { marks |= Self.missingParent }
        states |= row.isError ? 2 : 1
        if row.marks & TraceZoneValues.warnings == 0, !row.isMissingParents { states |= 4 }
    }

    /// Widens by a call.
    mutating func include(_ call: CallTally, errorHash: Int64?) {
        if let errorHash { errors |= Self.bit(errorHash) }
        projects |= Self.bit(call.combo.project)
        callStart.include(call.start)
        callDuration.include(call.duration)
        callCost.include(call.figures.cost ?? -1)
        callTokens.include(TraceZoneValues.tokens(call.figures.input, call.figures.output))
        if call.combo.service != 0 { callServices |= Self.bit(call.combo.service) }
        if call.combo.provider != 0 { providers |= Self.bit(call.combo.provider) }
        if call.combo.operation != 0 { operations |= Self.bit(call.combo.operation) }
        if call.combo.model != 0 { models |= Self.bit(call.combo.model) }
        outcomes |= Self.bit(call.combo.outcome)
    }
}
