// ZoneList.swift - the zones that a scan has to look at, the most promising first.

import Foundation
import GRDB

/// A zone and the best value that a record in it can have.
struct ZoneBound {
    var zone: Int64
    var value: Int64
    /// The numbers of its traces that may pass.
    var traces: Range<Int64>
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
            let slices = try slices(of: row)
            guard slices != 0 else { continue }
            let zone: Int64 = row[0]
            found.append(ZoneBound(zone: zone, value: row[1], traces: ZoneFilter.traces(of: zone, in: slices)))
        }
        return found
    }

    private var hasHashes: Bool { !conditions.hashes.isEmpty || !conditions.anyHash.isEmpty }

    /// The slices of a zone that may have matches, one bit each.
    private func slices(of row: Row) throws -> UInt8 {
        guard hasHashes else { return .max }
        return try row.withUnsafeData(atIndex: 2) { bits in
            guard let bits else { return .max }
            return bits.withUnsafeBytes { bits in
                let all = conditions.hashes.reduce(UInt8.max) { $0 & ZoneFilter.slices(with: $1, bits) }
                guard !conditions.anyHash.isEmpty else { return all }
                return all & conditions.anyHash.reduce(UInt8(0)) { $0 | ZoneFilter.slices(with: $1, bits) }
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
