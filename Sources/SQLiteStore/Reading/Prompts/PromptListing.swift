// PromptListing.swift - the prompts that were sent most often, or at the greatest cost.

import Foundation
import GRDB
import TraceModel
import TraceStore

/// Ranks prompts in two passes over the hashes of prompts: one counts each of them, one adds up those that are shown.
struct PromptListing {
    let query: PromptQuery
    let loader: TraceLoader

    /// More prompts than these are not counted in memory.
    private static let mostPrompts = 1_000_000

    /// Reads the rows.
    ///
    /// - Throws: `StoreError` with code `tooLarge` when there are more calls or prompts than can be looked at.
    func page(_ db: Database) throws -> PromptPage {
        guard let conditions = try CallConditions(query.calls, db) else { return PromptPage(rows: []) }
        var check = try CallCheck(query.calls, loader, db)
        let shown = if let hash = query.hash { [hash] } else { try ranked(conditions, &check, db) }
        guard !shown.isEmpty else { return PromptPage(rows: []) }
        let sums = try sums(of: shown, conditions, &check, db)
        let rows = try shown.compactMap { hash in try sums[hash].flatMap { try row(hash, $0, db) } }
        return PromptPage(rows: rows.filter { $0.count >= query.minCount })
    }

    /// The prompts to show, in order.
    private func ranked(_ conditions: CallConditions, _ check: inout CallCheck, _ db: Database) throws -> [Int64] {
        var tallies: [Int64: PromptTally] = [:]
        try forEach("c.cost", "1", conditions, &check, db) { row in
            tallies[row[0], default: PromptTally()].add(cost: row[3])
            guard tallies.count <= Self.mostPrompts else {
                throw StoreError(
                    code: .tooLarge,
                    message: "there are more than \(Self.mostPrompts) different prompts in this period: "
                        + "ask for a shorter period, or add filters"
                )
            }
        }
        let repeated = tallies.filter { $0.value.count >= query.minCount }
        let sorted = repeated.sorted { left, right in
            let (mine, theirs) = (left.value, right.value)
            let keys = query.sort == .count ? [\PromptTally.count, \.cost] : [\PromptTally.cost, \.count]
            for key in keys where mine[keyPath: key] != theirs[keyPath: key] {
                return mine[keyPath: key] > theirs[keyPath: key]
            }
            return left.key < right.key
        }
        return sorted.prefix(query.limit).map(\.key)
    }

    private func sums(
        of hashes: [Int64],
        _ conditions: CallConditions,
        _ check: inout CallCheck,
        _ db: Database
    ) throws -> [Int64: PromptSums] {
        var sums: [Int64: PromptSums] = [:]
        let columns = "c.cost, c.tokens_input, c.tokens_output, c.created_ns"
        let term = "p.hash IN (\(hashes.map(String.init).joined(separator: ",")))"
        try forEach(columns, term, conditions, &check, db) { row in
            sums[row[0], default: PromptSums()].add(row, at: 3)
        }
        return sums
    }

    /// Gives hash, call and span, then the columns, of each call that matches.
    private func forEach(
        _ columns: String,
        _ term: String,
        _ conditions: CallConditions,
        _ check: inout CallCheck,
        _ db: Database,
        _ body: (Row) throws -> Void
    ) throws {
        let zones = try ZoneList(conditions: conditions.zones).fetch(db, by: "call_start", isAscending: false)
        let statement = try db.makeStatement(
            sql: """
                SELECT p.hash, p.call_id, c.span_id, \(columns)
                FROM prompts p CROSS JOIN calls c ON c.call_id = p.call_id
                WHERE p.call_id >= ? AND p.call_id < ? AND \(term) AND \(conditions.terms.sql)
                """
        )
        for zone in zones {
            let range: StatementArguments = [zone.keys.lowerBound, zone.keys.upperBound]
            let rows = try Row.fetchCursor(statement, arguments: range + conditions.terms.arguments)
            while let row = try rows.next() {
                if check.isTimeOver() { throw Self.tooManyCalls }
                let passes = try check.passes(row[1]) { SpanID(bytes: row[2] as Data) }
                if passes { try body(row) }
            }
        }
    }

    private static let tooManyCalls = StoreError(
        code: .tooLarge,
        message: "there are more calls in this period than can be looked at in time: ask for a shorter period"
    )

    private static let exampleSQL = """
        SELECT t.trace_id, c.span_id, m.name FROM calls c JOIN traces t ON t.trace_no = c.call_id >> 24
        LEFT JOIN models m ON m.model_id = c.model_id WHERE c.call_id = ?
        """

    private func row(_ hash: Int64, _ sums: PromptSums, _ db: Database) throws -> PromptUse? {
        let statement = try db.cachedStatement(sql: Self.exampleSQL)
        guard let example = try Row.fetchOne(statement, arguments: [sums.example]),
            let trace = TraceID(bytes: example[0] as Data)
        else { return nil }
        let span = SpanID(bytes: example[1] as Data)
        var use = PromptUse(hash: hash, start: sums.first, number: sums.example >> 24, trace: trace, span: span)
        use.model = example[2]
        use.lastTime = sums.last
        use.count = sums.count
        use.cost = sums.cost.map { PicoUSD($0) }
        use.tokensInput = sums.tokensInput
        use.tokensOutput = sums.tokensOutput
        return use
    }
}
