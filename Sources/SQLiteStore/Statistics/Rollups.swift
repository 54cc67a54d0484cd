// Rollups.swift - statistics kept up to date in the transaction that changes what they sum.

import TraceModel
import TraceStore

/// What a trace adds to the number of traces.
struct TraceTally: Equatable {
    /// Nanoseconds since the Unix epoch.
    var start: Int64
    var shape: Int64
}

/// Sums of calls and numbers of traces, by hour and by day.
///
/// Belongs to the writer's thread. Changes are gathered and written at the end of the transaction.
struct Rollups {
    private var combos = ComboTable()
    private var shapes = ShapeTable()
    /// By the key of the hour.
    private var changes: [Int64: RollupChange] = [:]
    private var tallies: [Int64: Int64] = [:]
    private var tables = RollupPeriod.allCases.map { RollupTable($0) }

    /// The number of the combo that a call is counted by.
    mutating func combo(_ combo: CallCombo, in connection: SQLiteConnection) throws(StoreError) -> Int64 {
        try combos.id(of: combo, in: connection)
    }

    /// The number of a set of combos.
    mutating func shape(_ combos: [Int64], in connection: SQLiteConnection) throws(StoreError) -> Int64 {
        try shapes.id(of: combos, in: connection)
    }

    /// Adds a call, or takes it back with the sign -1.
    mutating func count(_ tally: CallTally, combo: Int64, sign: Int64) {
        changes[RollupPeriod.hour.key(of: tally.start, combo), default: RollupChange()].add(tally, sign: sign)
    }

    /// Adds a trace, or takes it back with the sign -1.
    mutating func count(_ trace: TraceTally, sign: Int64) {
        tallies[RollupPeriod.hour.key(of: trace.start, trace.shape), default: 0] += sign
    }

    /// Writes what was gathered, in the open transaction.
    mutating func save(in connection: SQLiteConnection) throws(StoreError) {
        guard !changes.isEmpty || !tallies.isEmpty else { return }
        for (key, change) in changes { try tables[0].apply(change, to: key, connection) }
        for (key, change) in byDay(changes, { $0.add($1) }) { try tables[1].apply(change, to: key, connection) }
        for (key, change) in tallies { try tables[0].apply(traces: change, to: key, connection) }
        for (key, change) in byDay(tallies, { $0 += $1 }) { try tables[1].apply(traces: change, to: key, connection) }
        changes.removeAll(keepingCapacity: true)
        tallies.removeAll(keepingCapacity: true)
    }

    /// The same changes by the keys of days.
    private func byDay<Change>(_ hours: [Int64: Change], _ add: (inout Change, Change) -> Void) -> [Int64: Change] {
        var days: [Int64: Change] = [:]
        for (key, change) in hours {
            let day = ((key >> 32) / 24) << 32 | key & 0xFFFF_FFFF
            guard var sum = days.removeValue(forKey: day) else {
                days[day] = change
                continue
            }
            add(&sum, change)
            days[day] = sum
        }
        return days
    }

    /// What was written is in the file for good.
    mutating func commit() {
        combos.commit()
        shapes.commit()
    }

    /// What was written or gathered is not in the file.
    mutating func rollback() {
        combos.rollback()
        shapes.rollback()
        changes.removeAll()
        tallies.removeAll()
        for place in tables.indices { tables[place].forget() }
    }

    /// Forgets what the file has too; between transactions that is everything.
    mutating func rest() {
        combos.rest()
        shapes.rest()
    }
}

/// The sums of one kind of period, with those used last in memory.
private struct RollupTable {
    private var rows: [Int64: RollupRow] = [:]
    private var find: KeptStatement
    private var insert: KeptStatement
    private var remove: KeptStatement
    private var addTraces: KeptStatement
    private var removeTraces: KeptStatement
    private static let limit = 4096

    init(_ period: RollupPeriod) {
        find = KeptStatement("SELECT \(RollupRow.columns) FROM \(period.rollups) WHERE rollup_id=?")
        insert = KeptStatement(
            """
            INSERT OR REPLACE INTO \(period.rollups)(\(RollupRow.columns), rollup_id) \
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        remove = KeptStatement("DELETE FROM \(period.rollups) WHERE rollup_id=?")
        addTraces = KeptStatement(
            """
            INSERT INTO \(period.tallies)(tally_id, traces) VALUES(?1, ?2) \
            ON CONFLICT(tally_id) DO UPDATE SET traces = traces + ?2
            """
        )
        removeTraces = KeptStatement("DELETE FROM \(period.tallies) WHERE tally_id=? AND traces <= 0")
    }

    mutating func apply(_ change: RollupChange, to key: Int64, _ connection: SQLiteConnection) throws(StoreError) {
        // Taken out, so that it is changed where it is.
        var row = if let known = rows.removeValue(forKey: key) { known } else { try stored(key, connection) }
        row.apply(change)
        if rows.count >= Self.limit { rows.removeAll(keepingCapacity: true) }
        guard row.calls > 0 else {
            let statement = try remove.on(connection)
            statement.bind(1, key)
            return try statement.run()
        }
        rows[key] = row
        let statement = try insert.on(connection)
        statement.bind(1, row.calls)
        for (place, sum) in row.sums.enumerated() { statement.bind(Int32(2 + place), sum) }
        statement.bind(8, blob: row.encodedKnown)
        statement.bind(9, blob: row.latency.encoded)
        statement.bind(10, blob: row.firstToken.encoded)
        statement.bind(11, key)
        try statement.run()
    }

    private mutating func stored(_ key: Int64, _ connection: SQLiteConnection) throws(StoreError) -> RollupRow {
        let statement = try find.on(connection)
        statement.bind(1, key)
        defer { statement.reset() }
        return try statement.step() ? RollupRow(statement, at: 0) : RollupRow()
    }

    mutating func apply(traces change: Int64, to key: Int64, _ connection: SQLiteConnection) throws(StoreError) {
        guard change != 0 else { return }
        let statement = try addTraces.on(connection)
        statement.bind(1, key)
        statement.bind(2, change)
        try statement.run()
        guard change < 0 else { return }
        let cleaning = try removeTraces.on(connection)
        cleaning.bind(1, key)
        try cleaning.run()
    }

    mutating func forget() {
        rows.removeAll()
    }
}
