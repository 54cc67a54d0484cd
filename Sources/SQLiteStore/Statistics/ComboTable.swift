// ComboTable.swift - combos and shapes to small numbers, on the writer's thread.

import TraceModel
import TraceStore

/// The numbers of what calls are counted by; rows are added as combos appear.
struct ComboTable {
    private var known: [CallCombo: Int64] = [:]
    private var fresh: [CallCombo] = []
    /// Those used last, found without a hash over all numbers; the id 0 stands for none.
    private var recent: [(combo: CallCombo, id: Int64)] = Array(repeating: (.none, 0), count: 64)
    private static let limit = 65_536
    private var search = KeptStatement(
        """
        SELECT combo_id FROM rollup_combos WHERE project_id=? AND service_id=? AND provider_id=? AND model_id=? \
        AND operation_id=? AND role=? AND outcome=?
        """
    )
    private var insert = KeptStatement(
        """
        INSERT INTO rollup_combos(project_id, service_id, provider_id, model_id, operation_id, role, outcome) \
        VALUES(?, ?, ?, ?, ?, ?, ?) RETURNING combo_id
        """
    )

    /// The number of a combo.
    mutating func id(of combo: CallCombo, in connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let place = combo.spread & 63
        let last = recent[place]
        if last.id != 0, last.combo == combo { return last.id }
        let id = if let id = known[combo] { id } else { try stored(combo, connection) }
        recent[place] = (combo, id)
        return id
    }

    private mutating func stored(_ combo: CallCombo, _ connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let row = try search.on(connection)
        defer { row.reset() }
        combo.bind(to: row)
        let id = if try row.step() { row.integer(0) } else { try added(combo, connection) }
        if known.count >= Self.limit { known.removeAll() }
        known[combo] = id
        return id
    }

    private mutating func added(_ combo: CallCombo, _ connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let row = try insert.on(connection)
        defer { row.reset() }
        combo.bind(to: row)
        guard try row.step() else { throw connection.failure() }
        let id = row.integer(0)
        _ = try row.step()
        fresh.append(combo)
        return id
    }

    /// The combos added since are in the file for good.
    mutating func commit() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The combos added since are not in the file.
    mutating func rollback() {
        for combo in fresh { known[combo] = nil }
        fresh.removeAll()
        for place in recent.indices { recent[place].id = 0 }
    }

    /// Forgets what the file has too; between transactions that is everything.
    mutating func rest() {
        known = [:]
    }
}

extension CallCombo {
    fileprivate static let none = CallCombo(
        project: 0,
        service: 0,
        provider: 0,
        model: 0,
        operation: 0,
        role: 0,
        outcome: 0
    )

    /// A number that small numbers give well apart.
    fileprivate var spread: Int {
        let names = service &* 5 &+ provider &* 7 &+ model &* 11 &+ operation &* 13
        let sum = project &* 3 &+ names &+ role &* 17 &+ outcome &* 19
        return Int(truncatingIfNeeded: sum ^ sum >> 6)
    }

    fileprivate func bind(to row: SQLiteStatement) {
        row.bind(1, project)
        row.bind(2, service)
        row.bind(3, provider)
        row.bind(4, model)
        row.bind(5, operation)
        row.bind(6, role)
        row.bind(7, outcome)
    }
}

/// The numbers of sets of combos.
struct ShapeTable {
    private var known: [[Int64]: Int64] = [:]
    private var fresh: [[Int64]] = []
    private static let limit = 65_536
    private var search = KeptStatement("SELECT shape_id FROM trace_shapes WHERE combos=?")
    private var insert = KeptStatement("INSERT INTO trace_shapes(combos) VALUES(?) RETURNING shape_id")

    /// The number of a set of combos, in ascending order.
    mutating func id(of combos: [Int64], in connection: SQLiteConnection) throws(StoreError) -> Int64 {
        if let id = known[combos] { return id }
        let bytes = Self.encoded(combos)
        let row = try search.on(connection)
        row.bind(1, blob: bytes)
        defer { row.reset() }
        let id = if try row.step() { row.integer(0) } else { try added(combos, bytes, connection) }
        if known.count >= Self.limit { known.removeAll() }
        known[combos] = id
        return id
    }

    private mutating func added(
        _ combos: [Int64],
        _ bytes: [UInt8],
        _ connection: SQLiteConnection
    ) throws(StoreError) -> Int64 {
        let row = try insert.on(connection)
        row.bind(1, blob: bytes)
        defer { row.reset() }
        guard try row.step() else { throw connection.failure() }
        let id = row.integer(0)
        _ = try row.step()
        fresh.append(combos)
        return id
    }

    /// The stored form: each combo as a varint.
    private static func encoded(_ combos: [Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        for combo in combos { Varint.append(UInt64(combo), to: &bytes) }
        return bytes
    }

    /// Reads the stored form.
    static func combos(_ bytes: UnsafeRawBufferPointer) -> [Int64] {
        var offset = 0
        var combos: [Int64] = []
        while let combo = Varint.readCount(bytes, at: &offset) { combos.append(Int64(combo)) }
        return combos
    }

    /// The shapes added since are in the file for good.
    mutating func commit() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The shapes added since are not in the file.
    mutating func rollback() {
        for combos in fresh { known[combos] = nil }
        fresh.removeAll()
    }

    /// Forgets what the file has too; between transactions that is everything.
    mutating func rest() {
        known = [:]
    }
}
