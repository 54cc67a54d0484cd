// StatsListing.swift - the answer to a question for statistics.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Answers a question for statistics.
struct StatsListing {
    let query: StatsQuery
    let loader: TraceLoader

    /// Reads the figures.
    ///
    /// - Throws: `StoreError` with code `tooLarge` when there are more calls than can be looked at in time.
    func page(_ db: Database) throws -> StatsPage {
        if query.groupBy.contains(.tool) { return try ToolStats(query: query).page(db) }
        let isAllKnown = query.groupBy.allSatisfy { ![StatsDimension.user, .session].contains($0) }
        var sums = StatsSums(interval: query.interval, groupBy: query.groupBy)
        guard let conditions = try CallConditions(query.calls, areAllRoles: true, db) else {
            return StatsPage(rows: [])
        }
        if isAllKnown, query.calls.isKnownToRollups {
            let rollups = RollupSums(query.calls, conditions.numbers, roles: .all)
            try rollups.add(to: &sums, values: values, db)
        } else {
            try scan(conditions, &sums, db)
        }
        return try StatsRows(query, sums, db).page()
    }

    /// The numbers that a combo is grouped by.
    private func values(of combo: CallCombo) -> [Int64] {
        query.groupBy.map { dimension in
            switch dimension {
            case .model: combo.model
            case .provider: combo.provider
            case .service: combo.service
            case .project: combo.project
            case .operation: combo.operation
            case .status: combo.outcome
            case .user, .session, .tool: 0
            }
        }
    }

    /// Looks at each call.
    private func scan(_ conditions: CallConditions, _ sums: inout StatsSums, _ db: Database) throws {
        let clock = ScanClock(patience: query.calls.patience)
        var checker = try SpanChecker(query.calls.spans, loader, db)
        let texts = try query.calls.text.map { try TextFilter($0, db) }
        var seen = 0
        var counted = TraceGroups()
        let isWhole = try TallyRows.forEach(db, conditions) { call, owner in
            seen += 1
            if seen % 512 == 0 || checker != nil, clock.isOver { return false }
            if let texts, try !texts.contains(call: owner.callKey, db) { return true }
            if let passes = try checker?.passes(span: owner.spanID, of: owner.trace), !passes { return true }
            var values = values(of: call.combo)
            for (place, dimension) in query.groupBy.enumerated() {
                if dimension == .user { values[place] = owner.user ?? 0 }
                if dimension == .session { values[place] = owner.session ?? 0 }
            }
            sums.add(call, values)
            if counted.isFirst(of: owner.trace, values) { sums.figures(at: owner.traceStart, values).traces += 1 }
            return true
        }
        guard isWhole else {
            throw StoreError(
                code: .tooLarge,
                message: "there are more calls in this period than can be looked at in time: ask for a shorter period, "
                    + "or only for what statistics are kept by (time, project, service, provider, model, operation, status)"
            )
        }
    }
}

/// The groups that the trace at hand was counted in.
private struct TraceGroups {
    private var trace: Int64 = -1
    private var groups: Set<[Int64]> = []

    mutating func isFirst(of number: Int64, _ values: [Int64]) -> Bool {
        if trace != number {
            trace = number
            groups.removeAll(keepingCapacity: true)
        }
        return groups.insert(values).inserted
    }
}

/// Which calls have the words of a query.
private struct TextFilter {
    private let matches: TextMatches
    private let few: Set<Int64>

    init(_ query: TextQuery, _ db: Database) throws {
        matches = try TextMatches.find(query, db)
        if case .few(let keys) = matches { few = Set(keys) } else { few = [] }
    }

    func contains(call: Int64, _ db: Database) throws -> Bool {
        let document = TextKey.call(call)
        guard case .many(let search, let tables) = matches else { return few.contains(document) }
        return try !TextMatches.keys(db, search, tables, in: document..<document + 1, limit: 1).isEmpty
    }
}

/// Statistics of runs of tools.
private struct ToolStats {
    let query: StatsQuery

    func page(_ db: Database) throws -> StatsPage {
        var sums = StatsSums(interval: query.interval, groupBy: query.groupBy)
        guard let numbers = try FilterNumbers(query.calls.filter, db) else { return StatsPage(rows: []) }
        var terms = SQLTerms()
        terms.add("r.project_id = ?", numbers.project)
        terms.add("r.start_ns >= ?", query.calls.startsFrom)
        terms.add("r.start_ns < ?", query.calls.startsBefore)
        terms.add("t.service_id = ?", numbers.service)
        let sql = """
            SELECT r.tool_id, r.project_id, ifnull(t.service_id, 0), r.start_ns, r.duration_ns, r.status, t.start_ns, \
            r.trace_no FROM tool_runs r CROSS JOIN traces t ON t.trace_no = r.trace_no WHERE \(terms.sql)
            """
        let clock = ScanClock(patience: query.calls.patience)
        let rows = try Row.fetchCursor(db.makeStatement(sql: sql), arguments: terms.arguments)
        var counted = TraceGroups()
        var seen = 0
        while let row = try rows.next() {
            seen += 1
            if seen % 512 == 0, clock.isOver {
                throw StoreError(
                    code: .tooLarge,
                    message: "there are more runs of tools in this period than can be looked at in time: "
                        + "ask for a shorter period"
                )
            }
            add(row, to: &sums, &counted)
        }
        return try StatsRows(query, sums, db).page()
    }

    private func add(_ row: Row, to sums: inout StatsSums, _ counted: inout TraceGroups) {
        let outcome: Int64 = (row[5] as Int64) == 2 ? 1 : 0
        let combo = CallCombo(
            project: row[1],
            service: row[2],
            provider: 0,
            model: 0,
            operation: 0,
            role: Int64(SpanRole.tool.rawValue),
            outcome: outcome
        )
        let values: [Int64] = query.groupBy.map { dimension in
            switch dimension {
            case .tool: row[0]
            case .project: combo.project
            case .service: combo.service
            case .status: outcome
            default: 0
            }
        }
        let run = CallTally(combo: combo, start: row[3], duration: row[4], firstToken: nil, figures: CallFigures())
        sums.add(run, values)
        if counted.isFirst(of: row[7], values) { sums.figures(at: row[6], values).traces += 1 }
    }
}
