// OwnerSums.swift - what the traces of one session or user come to.

import GRDB
import TraceModel
import TraceStore

/// What the traces of one session or user come to.
struct OwnerSums {
    private var first = Int64.max
    private var last = Int64.min
    private var traces: Int64 = 0
    private var calls: Int64 = 0
    private var errors: Int64 = 0
    private var tokensInput: Int64?
    private var tokensOutput: Int64?
    private var cost: Int64?
    private var sessions: Set<Int64> = []

    /// The columns of a group of rows of `traces` that `add` takes.
    static let columns = """
        min(start_ns), max(start_ns + duration_ns), count(*), sum(calls), sum(call_errors), \
        \(SummaryRows.parts("tokens_input")), \(SummaryRows.parts("tokens_output")), \(SummaryRows.parts("cost"))
        """

    /// Adds a group of rows.
    ///
    /// - Parameters:
    ///   - row: Has the columns.
    ///   - column: The first of them.
    ///   - session: The hash of the session that they belong to, where sessions are counted.
    mutating func add(_ row: Row, at column: Int, session: Int64?) {
        first = min(first, row[column])
        last = max(last, row[column + 1])
        traces += row[column + 2] as Int64
        calls += row[column + 3] as Int64
        errors += row[column + 4] as Int64
        tokensInput.add(SummaryRows.sum(row, at: column + 5))
        tokensOutput.add(SummaryRows.sum(row, at: column + 8))
        cost.add(SummaryRows.sum(row, at: column + 11))
        if let session { sessions.insert(session) }
    }

    /// The row of a page; nil when nothing was added.
    func row(named name: String, user: String?, in project: String) -> OwnerRow? {
        guard traces > 0 else { return nil }
        var row = OwnerRow(name: name, project: project, firstTime: first, lastTime: last)
        row.user = user
        row.traces = traces
        row.sessions = Int64(sessions.count)
        row.calls = calls
        row.errors = errors
        row.tokensInput = tokensInput
        row.tokensOutput = tokensOutput
        row.cost = cost.map { PicoUSD($0) }
        return row
    }
}

extension Int64? {
    /// Adds an amount; unknown as long as neither is known.
    mutating func add(_ amount: Int64?) {
        guard let amount else { return }
        self = (self ?? 0).saturatingSum(amount)
    }
}
