// StatsReading.swift - statistics: from what is kept by hour and day, else from the calls themselves.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Whose calls are added up.
enum StatsRoles {
    /// Of a provider's model, as lists of calls show them.
    case providerCalls
    /// Everything that enters the totals of traces.
    case all

    /// Whether a role belongs to it.
    func contains(_ role: Int64) -> Bool {
        switch self {
        case .all: true
        case .providerCalls: SpanRole(rawValue: UInt8(truncatingIfNeeded: role))?.isProviderCall == true
        }
    }
}

/// Adds up what is kept by hour and day, and the calls at the ends of the period.
struct RollupSums {
    let query: CallQuery
    let numbers: FilterNumbers
    let roles: StatsRoles

    init(_ query: CallQuery, _ numbers: FilterNumbers, roles: StatsRoles) {
        self.query = query
        self.numbers = numbers
        self.roles = roles
    }

    /// The combos that match, by number.
    func combos(_ db: Database) throws -> [Int64: CallCombo] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT combo_id, project_id, service_id, provider_id, model_id, operation_id, role, outcome
                FROM rollup_combos
                """
        )
        var found: [Int64: CallCombo] = [:]
        while let row = try rows.next() {
            let combo = CallCombo(
                project: row[1],
                service: row[2],
                provider: row[3],
                model: row[4],
                operation: row[5],
                role: row[6],
                outcome: row[7]
            )
            if matches(combo) { found[row[0]] = combo }
        }
        return found
    }

    private func matches(_ combo: CallCombo) -> Bool {
        func isAny(_ wanted: Int64?, _ value: Int64) -> Bool { wanted == nil || wanted == value }
        return roles.contains(combo.role) && isAny(numbers.project, combo.project)
            && isAny(numbers.service, combo.service) && isAny(numbers.provider, combo.provider)
            && isAny(numbers.operation, combo.operation) && isAny(query.status?.stored, combo.outcome)
            && (numbers.models.map { $0.contains(combo.model) } ?? true)
    }

    /// How many calls there are.
    func calls(_ db: Database) throws -> Int? {
        let combos = try combos(db)
        let time = StatsTime(from: query.startsFrom, before: query.startsBefore, needsHours: false)
        var total: Int64 = 0
        try forEachRange(time) { period, range in
            let sql =
                "SELECT rollup_id & 4294967295, calls FROM \(period.rollups) WHERE rollup_id >= ? AND rollup_id < ?"
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: sql),
                arguments: [range.lowerBound, range.upperBound]
            )
            while let row = try rows.next() {
                if combos[row[0]] != nil { total += row[1] as Int64 }
            }
        }
        for edge in time.edges {
            var query = query
            query.startsFrom = edge.lowerBound
            query.startsBefore = edge.upperBound
            guard let conditions = try CallConditions(query, areAllRoles: roles == .all, db) else { continue }
            let zones = try ZoneList(conditions: conditions.zones).fetch(db, by: "call_start", isAscending: false)
            let statement = try CallStatement(db, "0", conditions.terms, isAscending: false)
            for zone in zones { total += Int64(try statement.count(in: zone.keys)) }
        }
        return Int(total)
    }

    /// The keys of whole days and hours of a period.
    func forEachRange(_ time: StatsTime, _ body: (RollupPeriod, Range<Int64>) throws -> Void) throws {
        func keys(_ numbers: Range<Int64>) -> Range<Int64> {
            min(numbers.lowerBound, 1 << 30) << 32..<min(numbers.upperBound, 1 << 30) << 32
        }
        if !time.days.isEmpty { try body(.day, keys(time.days)) }
        for hours in time.hours where !hours.isEmpty { try body(.hour, keys(hours)) }
    }

    /// Adds everything up.
    ///
    /// - Parameters:
    ///   - sums: Where to.
    ///   - values: The group of a combo.
    ///   - db: Reads.
    /// - Throws: What SQLite says.
    func add(to sums: inout StatsSums, values: (CallCombo) -> [Int64], _ db: Database) throws {
        let combos = try combos(db)
        let groups = combos.mapValues(values)
        let time = StatsTime(
            from: query.startsFrom,
            before: query.startsBefore,
            needsHours: sums.interval == .hour
        )
        try forEachRange(time) { period, range in
            try addCalls(period, range, combos, groups, to: &sums, db)
        }
        let shapes = try ShapeGroups(groups, db)
        try forEachRange(time) { period, range in
            try addTraces(period, range, shapes, to: &sums, db)
        }
        for edge in time.edges { try addEdge(edge, shapes, to: &sums, values: values, db) }
    }

    private func addCalls(
        _ period: RollupPeriod,
        _ range: Range<Int64>,
        _ combos: [Int64: CallCombo],
        _ groups: [Int64: [Int64]],
        to sums: inout StatsSums,
        _ db: Database
    ) throws {
        let sql = """
            SELECT rollup_id, \(RollupRow.columns) FROM \(period.rollups) WHERE rollup_id >= ? AND rollup_id < ?
            """
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() {
            let key: Int64 = row[0]
            guard let combo = combos[key & 0xFFFF_FFFF], let group = groups[key & 0xFFFF_FFFF] else { continue }
            try row.withRollup { sum in
                sums.add(sum, of: combo, at: (key >> 32) * period.length, group)
            }
        }
    }

    private func addTraces(
        _ period: RollupPeriod,
        _ range: Range<Int64>,
        _ shapes: ShapeGroups,
        to sums: inout StatsSums,
        _ db: Database
    ) throws {
        let sql = "SELECT tally_id, traces FROM \(period.tallies) WHERE tally_id >= ? AND tally_id < ?"
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() {
            let key: Int64 = row[0]
            for group in shapes.groups(of: key & 0xFFFF_FFFF) {
                sums.figures(at: (key >> 32) * period.length, group).traces += row[1] as Int64
            }
        }
    }

    /// The calls and traces of less than an hour, one by one.
    private func addEdge(
        _ edge: Range<Int64>,
        _ shapes: ShapeGroups,
        to sums: inout StatsSums,
        values: (CallCombo) -> [Int64],
        _ db: Database
    ) throws {
        var query = query
        query.startsFrom = edge.lowerBound
        query.startsBefore = edge.upperBound
        guard let conditions = try CallConditions(query, areAllRoles: roles == .all, db) else { return }
        try TallyRows.forEach(db, conditions) { call, _ in
            sums.add(call, values(call.combo))
            return true
        }
        try forEachShape(startingIn: edge, db) { start, shape in
            for group in shapes.groups(of: shape) { sums.figures(at: start, group).traces += 1 }
        }
    }

    /// Gives the start and the shape of each trace that starts in a period.
    func forEachShape(startingIn edge: Range<Int64>, _ db: Database, _ body: (Int64, Int64) -> Void) throws {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT t.start_ns, t.shape_id FROM zones z CROSS JOIN traces t
                        ON t.trace_no >= z.zone << 10 AND t.trace_no < (z.zone + 1) << 10
                    WHERE z.start_max >= ?1 AND z.start_min < ?2 AND t.start_ns >= ?1 AND t.start_ns < ?2
                        AND t.shape_id IS NOT NULL
                    """
            ),
            arguments: [edge.lowerBound, edge.upperBound]
        )
        while let row = try rows.next() { body(row[0], row[1]) }
    }
}

/// The groups that traces of each shape count in.
struct ShapeGroups {
    private var groups: [Int64: Set<[Int64]>] = [:]

    init(_ combos: [Int64: [Int64]], _ db: Database) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT shape_id, combos FROM trace_shapes")
        while let row = try rows.next() {
            let members = try row.withUnsafeData(atIndex: 1) { data in
                (data ?? Data()).withUnsafeBytes { ShapeTable.combos($0) }
            }
            let found = Set(members.compactMap { combos[$0] })
            if !found.isEmpty { groups[row[0]] = found }
        }
    }

    func groups(of shape: Int64) -> Set<[Int64]> { groups[shape] ?? [] }
}

/// Reads calls one by one as statistics see them.
enum TallyRows {
    private static let columns = """
        c.project_id, ifnull(c.service_id, 0), ifnull(c.provider_id, 0), ifnull(c.model_id, 0), \
        ifnull(c.operation_id, 0), c.role, c.outcome, c.created_ns, c.duration_ns, c.ttft_ns, c.tokens_input, \
        c.tokens_output, c.tokens_cache_read, c.tokens_cache_write, c.tokens_reasoning, c.cost, c.call_id, \
        c.user_hash, c.session_hash, t.start_ns, c.span_id, c.error_type
        """

    /// What statistics know of a call besides its tally.
    struct Owner {
        var callKey: Int64
        var spanID: SpanID
        var user: Int64?
        var session: Int64?
        var traceStart: Int64
        var errorType: String?

        var trace: Int64 { callKey >> 24 }
    }

    /// Calls that pass, zone by zone.
    ///
    /// - Parameters:
    ///   - db: Reads.
    ///   - conditions: Which calls.
    ///   - body: Takes a call; false to stop.
    /// - Returns: Whether all were taken.
    /// - Throws: What SQLite says.
    @discardableResult
    static func forEach(
        _ db: Database,
        _ conditions: CallConditions,
        _ body: (CallTally, Owner) throws -> Bool
    ) throws -> Bool {
        let zones = try ZoneList(conditions: conditions.zones).fetch(db, by: "call_start", isAscending: false)
        let sql = """
            SELECT \(columns) FROM calls c CROSS JOIN traces t ON t.trace_no = c.call_id >> 24
            WHERE c.call_id >= ? AND c.call_id < ? AND \(conditions.terms.sql)
            """
        let statement = try db.makeStatement(sql: sql)
        for zone in zones {
            let range: StatementArguments = [zone.keys.lowerBound, zone.keys.upperBound]
            let rows = try Row.fetchCursor(statement, arguments: range + conditions.terms.arguments)
            while let row = try rows.next() {
                let owner = Owner(
                    callKey: row[16],
                    spanID: SpanID(bytes: row[20] as Data),
                    user: row[17],
                    session: row[18],
                    traceStart: row[19],
                    errorType: row[21]
                )
                guard try body(tally(row), owner) else { return false }
            }
        }
        return true
    }

    private static func tally(_ row: Row) -> CallTally {
        CallTally(
            combo: CallCombo(
                project: row[0],
                service: row[1],
                provider: row[2],
                model: row[3],
                operation: row[4],
                role: row[5],
                outcome: row[6]
            ),
            start: row[7],
            duration: row[8],
            firstToken: row[9],
            figures: CallFigures(
                input: row[10],
                output: row[11],
                cacheRead: row[12],
                cacheWrite: row[13],
                reasoning: row[14],
                cost: row[15]
            )
        )
    }
}

extension Row {
    /// Lends the columns of `RollupRow.columns` that follow the first one.
    fileprivate func withRollup(_ body: (RollupSum) throws -> Void) throws {
        let sums = (0..<6).map { self[2 + $0] as Int64 }
        try withUnsafeData(atIndex: 8) { known in
            try withUnsafeData(atIndex: 9) { latency in
                try withUnsafeData(atIndex: 10) { first in
                    try (known ?? Data()).withUnsafeBytes { known in
                        try (latency ?? Data()).withUnsafeBytes { latency in
                            try (first ?? Data()).withUnsafeBytes { first in
                                let counts = RollupRow.counts(known)
                                try body(
                                    RollupSum(
                                        calls: self[1],
                                        sums: sums,
                                        known: counts,
                                        latency: latency,
                                        firstToken: first
                                    )
                                )
                            }
                        }
                    }
                }
            }
        }
    }
}
