// AgeScan.swift - finds what has become too old, without looking at everything again and again.

import TraceStore

/// Finds traces that were stored so long ago that something is due.
///
/// It goes through the traces by number, where the time of storing rises as a rule, and remembers where it is. What is
/// passed over, since late spans made it younger than its neighbours, is found by a round from the start once a day.
struct AgeScan {
    /// What is due.
    enum Purpose {
        case removal
        case content
    }

    /// Where the search for one age is.
    private struct Walk {
        /// Everything up to it was looked at.
        var cursor: Int64 = 0
        var restartAt: Int64
    }

    private static let window = 1024
    /// Windows without anything old that are looked at beyond the last old trace.
    private static let lookAhead = 64
    private static let secondsOfDay: Int64 = 86_400

    let purpose: Purpose
    /// By the number of days.
    private var walks: [Int: Walk] = [:]

    init(_ purpose: Purpose) {
        self.purpose = purpose
    }

    /// The next traces that are due.
    ///
    /// - Parameters:
    ///   - ages: The days of each project, by its number.
    ///   - now: Seconds since the Unix epoch.
    ///   - connection: Where to look.
    /// - Returns: Their numbers in rising order; empty when none is due for now.
    /// - Throws: `StoreError` when the database cannot be read.
    mutating func next(_ ages: [Int64: Int], now: Int64, in connection: SQLiteConnection) throws(StoreError) -> [Int64]
    {
        for days in Set(ages.values).sorted() {
            var walk = walks[days] ?? Walk(restartAt: now + Self.secondsOfDay)
            if now >= walk.restartAt { walk = Walk(restartAt: now + Self.secondsOfDay) }
            defer { walks[days] = walk }
            let projects = Set(ages.filter { $0.value == days }.keys)
            let cutoff = now - Int64(days) * Self.secondsOfDay
            let due = try due(storedUntil: cutoff, in: projects, &walk, connection)
            if !due.isEmpty { return due }
        }
        return []
    }

    private func due(
        storedUntil cutoff: Int64,
        in projects: Set<Int64>,
        _ walk: inout Walk,
        _ connection: SQLiteConnection
    ) throws(StoreError) -> [Int64] {
        var position = walk.cursor
        for _ in 0..<Self.lookAhead {
            let rows = try connection.statement(
                """
                SELECT trace_no, project_id, stored_at, content, length(trace_id) FROM traces
                WHERE trace_no > ? ORDER BY trace_no LIMIT \(Self.window)
                """
            )
            defer { rows.reset() }
            rows.bind(1, position)
            var due: [Int64] = []
            var count = 0
            while try rows.step() {
                position = rows.integer(0)
                count += 1
                guard rows.integer(2) <= cutoff else { continue }
                walk.cursor = position
                let isOpen = rows.integer(4) > 0 && (purpose == .removal || rows.integer(3) == 0)
                if isOpen, projects.contains(rows.integer(1)) { due.append(position) }
            }
            if !due.isEmpty || count < Self.window { return due }
        }
        return []
    }
}
