// RollupSums+Facets.swift - how often calls have which values, from what is kept by hour and day.

import GRDB
import TraceModel
import TraceStore

extension RollupSums {
    /// Counts the calls and traces of each value.
    ///
    /// - Parameters:
    ///   - counts: Where to.
    ///   - values: The values of a combo.
    ///   - db: Reads.
    /// - Throws: What SQLite says.
    func count(into counts: inout FacetCounts, values: (CallCombo) -> [Int64], _ db: Database) throws {
        let combos = try combos(db).mapValues(values)
        let shapes = try ShapeGroups(combos, db)
        let time = StatsTime(from: query.startsFrom, before: query.startsBefore, needsHours: false)
        try forEachRange(time) { period, range in
            try sums("rollup_id", "calls", period.rollups, range, db) { combo, calls in
                if let values = combos[combo] { counts.add(calls: calls, values) }
            }
            try sums("tally_id", "traces", period.tallies, range, db) { shape, traces in
                counts.add(traces: traces, shapes.groups(of: shape))
            }
        }
        for edge in time.edges {
            var query = query
            query.startsFrom = edge.lowerBound
            query.startsBefore = edge.upperBound
            guard let conditions = try CallConditions(query, areAllRoles: roles == .all, db) else { continue }
            try TallyRows.forEach(db, conditions) { call, _ in
                counts.add(calls: 1, values(call.combo))
                return true
            }
            try forEachShape(startingIn: edge, db) { counts.add(traces: 1, shapes.groups(of: $1)) }
        }
    }

    private func sums(
        _ key: String,
        _ column: String,
        _ table: String,
        _ range: Range<Int64>,
        _ db: Database,
        _ body: (Int64, Int64) -> Void
    ) throws {
        let sql = "SELECT \(key) & 4294967295, sum(\(column)) FROM \(table) WHERE \(key) >= ? AND \(key) < ? GROUP BY 1"
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() { body(row[0], row[1]) }
    }
}
