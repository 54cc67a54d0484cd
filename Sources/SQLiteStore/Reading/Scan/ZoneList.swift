// ZoneList.swift - the zones that a scan has to look at, the most promising first.

import Foundation
import GRDB

/// A zone and the best value that a record in it can have.
struct ZoneBound {
    var zone: Int64
    var value: Int64

    /// The numbers of its traces.
    var traces: Range<Int64> { Zone.firstTrace(of: zone)..<Zone.firstTrace(of: zone + 1) }
    /// The keys of its calls and documents.
    var keys: Range<Int64> { PartKey.first(of: traces.lowerBound)..<PartKey.first(of: traces.upperBound) }
}

/// Finds the zones that may have matches.
struct ZoneList {
    let conditions: ZoneConditions

    /// The zones in the order in which their records can come.
    ///
    /// - Parameters:
    ///   - db: Reads.
    ///   - column: Whose bounds order them, such as `start`.
    ///   - isAscending: Whether small values come first.
    /// - Returns: Each with its greatest value, or its least when small values come first.
    /// - Throws: What SQLite says.
    func fetch(_ db: Database, by column: String, isAscending: Bool) throws -> [ZoneBound] {
        let bound = column + (isAscending ? "_min" : "_max")
        let order = isAscending ? "ASC" : "DESC"
        let filters = hasHashes ? " JOIN zone_filters USING(zone)" : ""
        let bits = hasHashes ? "bits" : "NULL"
        let sql = """
            SELECT zone, \(bound), \(bits) FROM zones\(filters) WHERE \(conditions.terms.sql)
            ORDER BY \(bound) \(order), zone \(order)
            """
        let rows = try Row.fetchCursor(db.makeStatement(sql: sql), arguments: conditions.terms.arguments)
        var found: [ZoneBound] = []
        while let row = try rows.next() {
            if try mayContain(row) { found.append(ZoneBound(zone: row[0], value: row[1])) }
        }
        return found
    }

    private var hasHashes: Bool { !conditions.hashes.isEmpty || !conditions.anyHash.isEmpty }

    private func mayContain(_ row: Row) throws -> Bool {
        guard hasHashes else { return true }
        return try row.withUnsafeData(atIndex: 2) { bits in
            guard let bits else { return true }
            return bits.withUnsafeBytes { bits in
                conditions.hashes.allSatisfy { ZoneFilter.mayContain($0, bits) }
                    && (conditions.anyHash.isEmpty || conditions.anyHash.contains { ZoneFilter.mayContain($0, bits) })
            }
        }
    }
}

/// When a scan has to end with what it has.
struct ScanClock {
    private let end: ContinuousClock.Instant

    /// Starts to count.
    init(patience: Duration) {
        end = ContinuousClock.now + patience
    }

    /// Whether time is up.
    var isOver: Bool { ContinuousClock.now >= end }
}
