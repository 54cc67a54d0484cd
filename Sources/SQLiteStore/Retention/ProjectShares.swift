// ProjectShares.swift - the oldest traces of projects that have more than their share.

import TraceStore

/// Finds the oldest traces of projects whose payloads come to more than they may.
struct ProjectShares {
    /// Traces found at a time, after which the bytes are looked at again.
    private static let slice = 64

    /// Where each project's oldest trace may be: below it there is none.
    private var cursors: [Int64: Int64] = [:]

    /// The next traces to delete, in rising order; empty when every project is within its limit.
    mutating func next(_ limits: [Int64: Int64], in connection: SQLiteConnection) throws(StoreError) -> [Int64] {
        for (project, limit) in limits.sorted(by: { $0.key < $1.key }) {
            let bytes = try connection.statement("SELECT part_bytes FROM projects WHERE project_id=?")
            bytes.bind(1, project)
            let surplus = try bytes.step() ? bytes.integer(0) - limit : 0
            bytes.reset()
            guard surplus > 0 else { continue }
            let found = try oldest(of: project, holding: surplus, connection)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The oldest traces that hold so many bytes, or the first ones of them.
    private mutating func oldest(
        of project: Int64,
        holding surplus: Int64,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> [Int64] {
        let sizes = try connection.statement(
            "SELECT ifnull(sum(length(payload)), 0) FROM parts WHERE part_id >= ? AND part_id < ?"
        )
        let rows = try connection.statement(
            "SELECT trace_no, project_id, length(trace_id) FROM traces WHERE trace_no > ? ORDER BY trace_no"
        )
        defer { rows.reset() }
        rows.bind(1, cursors[project] ?? 0)
        var found: [Int64] = []
        var held: Int64 = 0
        while found.count < Self.slice, held < surplus, try rows.step() {
            guard rows.integer(1) == project, rows.integer(2) > 0 else { continue }
            found.append(rows.integer(0))
            sizes.bind(1, PartKey.first(of: rows.integer(0)))
            sizes.bind(2, PartKey.end(of: rows.integer(0)))
            if try sizes.step() { held += sizes.integer(0) }
            sizes.reset()
        }
        if let last = found.last { cursors[project] = last }
        return found
    }
}

extension BatchWriter {
    /// The traces with the least numbers, in rising order.
    func oldestTraces() throws(StoreError) -> [Int64] {
        let rows = try connection.statement("SELECT trace_no FROM traces ORDER BY trace_no LIMIT 512")
        defer { rows.reset() }
        var found: [Int64] = []
        while try rows.step() { found.append(rows.integer(0)) }
        return found
    }

    /// The names of the projects, by number.
    func projectNames() throws(StoreError) -> [Int64: String] {
        let rows = try connection.statement("SELECT project_id, name FROM projects")
        defer { rows.reset() }
        var found: [Int64: String] = [:]
        while try rows.step() { found[rows.integer(0)] = rows.text(1) }
        return found
    }
}
