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
        let narrowing = try narrowing(db)
        return try candidates(db, by: column, isAscending: isAscending).compactMap { try narrowing.narrowed($0) }
    }

    /// The same, of which each is still to be narrowed: where few zones fill a page, the filters of others are not read.
    func candidates(_ db: Database, by column: String, isAscending: Bool) throws -> [ZoneBound] {
        let bound = column + (isAscending ? "_min" : "_max")
        let order = isAscending ? "ASC" : "DESC"
        let sql = """
            SELECT zone, \(bound) FROM zones WHERE \(conditions.terms.sql) ORDER BY \(bound) \(order), zone \(order)
            """
        let rows = try Row.fetchCursor(db.makeStatement(sql: sql), arguments: conditions.terms.arguments)
        var found: [ZoneBound] = []
        while let row = try rows.next() {
            let zone: Int64 = row[0]
            found.append(ZoneBound(zone: zone, value: row[1], traces: ZoneFilter.traces(of: zone, in: .max)))
        }
        return found
    }

    /// What tells which traces of a zone may pass.
    func narrowing(_ db: Database) throws -> ZoneNarrowing {
        try ZoneNarrowing(db, conditions)
    }
}

/// Narrows zones to the traces that may have the sessions and users that are asked for.
struct ZoneNarrowing {
    private let conditions: ZoneConditions
    /// Nil when none are asked for.
    private let bits: Statement?

    fileprivate init(_ db: Database, _ conditions: ZoneConditions) throws {
        self.conditions = conditions
        let isNeeded = !conditions.hashes.isEmpty || !conditions.anyHash.isEmpty
        bits = isNeeded ? try db.makeStatement(sql: "SELECT bits FROM zone_filters WHERE zone=?") : nil
    }

    /// The zone with fewer traces; nil when none can pass.
    ///
    /// - Throws: What SQLite says.
    func narrowed(_ bound: ZoneBound) throws -> ZoneBound? {
        guard let bits else { return bound }
        let rows = try Row.fetchCursor(bits, arguments: [bound.zone])
        guard let row = try rows.next() else { return nil }
        let slices = try slices(of: row)
        // To its end, so that the statement can be asked again.
        _ = try rows.next()
        guard slices != 0 else { return nil }
        var narrow = bound
        narrow.traces = ZoneFilter.traces(of: bound.zone, in: slices)
        return narrow
    }

    /// The slices of a zone that may have matches, one bit each.
    private func slices(of row: Row) throws -> UInt8 {
        try row.withUnsafeData(atIndex: 0) { bits in
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
