// ZoneTable.swift - zones kept up to date in the transaction that changes their traces.

import TraceModel
import TraceStore

/// The zones that were touched lately, and their rows.
///
/// Belongs to the writer's thread.
struct ZoneTable {
    /// A class, so that the bits are changed where they lie.
    private final class State {
        var zone: Zone
        var bits: [UInt8]
        var saved: Zone?
        var isFilterChanged: Bool

        init(_ zone: Zone, bits: [UInt8], saved: Zone?) {
            self.zone = zone
            self.bits = bits
            self.saved = saved
            isFilterChanged = saved == nil
        }
    }

    private var states: [Int64: State] = [:]
    private var touched: Set<Int64> = []
    /// Zones kept in memory, of about 4.5 KB each.
    private static let limit = 512
    private var find = KeptStatement("SELECT \(Zone.columns) FROM zones WHERE zone=?")
    private var findFilter = KeptStatement("SELECT bits FROM zone_filters WHERE zone=?")
    private var insert = KeptStatement(
        "INSERT OR REPLACE INTO zones(\(Zone.columns), zone) VALUES(\(Array(repeating: "?", count: 27).joined(separator: ",")))"
    )
    private var insertFilter = KeptStatement("INSERT OR REPLACE INTO zone_filters(zone, bits) VALUES(?, ?)")

    /// Widens the zone of a trace.
    ///
    /// - Parameters:
    ///   - trace: The number of the trace.
    ///   - hashes: Of its session and user.
    ///   - connection: The writer's.
    ///   - widen: Changes the zone.
    /// - Throws: `StoreError`.
    mutating func widen(
        _ trace: Int64,
        hashes: (Int64?, Int64?) = (nil, nil),
        in connection: SQLiteConnection,
        _ widen: (inout Zone) -> Void
    ) throws(StoreError) {
        let number = Zone.number(of: trace)
        let state = if let known = states[number] { known } else { try stored(number, connection) }
        states[number] = state
        touched.insert(number)
        widen(&state.zone)
        for case let hash? in [hashes.0, hashes.1] where ZoneFilter.insert(hash, of: trace, into: &state.bits) {
            state.isFilterChanged = true
        }
    }

    private mutating func stored(_ number: Int64, _ connection: SQLiteConnection) throws(StoreError) -> State {
        let row = try find.on(connection)
        row.bind(1, number)
        defer { row.reset() }
        guard try row.step() else { return State(Zone(), bits: ZoneFilter.empty, saved: nil) }
        let zone = Zone(row)
        let filter = try findFilter.on(connection)
        filter.bind(1, number)
        defer { filter.reset() }
        let bits = try filter.step() ? [UInt8](filter.blob(0)) : ZoneFilter.empty
        return State(zone, bits: ZoneFilter.isFilter(bits) ? bits : ZoneFilter.empty, saved: zone)
    }

    /// Writes the zones that changed, in the open transaction.
    mutating func save(in connection: SQLiteConnection) throws(StoreError) {
        for number in touched {
            guard let state = states[number] else { continue }
            if state.zone != state.saved {
                let row = try insert.on(connection)
                for (place, value) in state.zone.values.enumerated() { row.bind(Int32(place + 1), value) }
                row.bind(27, number)
                try row.run()
                state.saved = state.zone
            }
            if state.isFilterChanged {
                let row = try insertFilter.on(connection)
                row.bind(1, number)
                row.bind(2, blob: state.bits)
                try row.run()
                state.isFilterChanged = false
            }
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// What was written is in the file for good.
    mutating func commit() {
        if states.count > Self.limit { states.removeAll() }
    }

    /// What was written or widened is not in the file.
    mutating func rollback() {
        states.removeAll()
        touched.removeAll()
    }
}
