// TraceListing.swift - a page of traces: the query as SQL, project by project.

import COTLP
import Foundation
import GRDB
import TraceModel
import TraceStore

/// Finds the rows of one page.
struct TraceListing {
    let query: TraceQuery

    /// What sorts a row.
    private struct Key {
        var value: Int64
        var number: Int64
    }

    /// Reads one page.
    func page(_ db: Database) throws -> TracePage {
        guard let condition = try TraceConditions(query, db) else {
            var none = TracePage(rows: [], next: nil)
            if query.isCounted { none.total = 0 }
            return none
        }
        if let numbers = query.numbers { return try page(db, condition, among: numbers) }
        var keys = try foundKeys(db, condition)
        let hasMore = keys.count > query.limit
        keys = Array(keys.prefix(query.limit))
        let rows = try keys.compactMap { try SummaryRows.fetch(db, number: $0.number)?.summary }
        let next = hasMore ? keys.last.map { TracePosition(value: $0.value, number: $0.number) } : nil
        var page = TracePage(rows: rows, next: next)
        if query.isCounted { page.total = try total(db, condition) }
        return page
    }

    /// Counts the matches, in the same transaction as the page.
    private func total(_ db: Database, _ condition: TraceConditions) throws -> Int {
        var terms = condition.terms
        var arguments = condition.arguments
        if condition.projects.count == 1 {
            terms.insert("project_id = ?", at: 0)
            arguments = [condition.projects[0]] + arguments
        }
        let sql = "SELECT count(*) FROM traces WHERE \(terms.joined(separator: " AND "))"
        return try Int.fetchOne(db.makeStatement(sql: sql), arguments: arguments) ?? 0
    }

    private func foundKeys(_ db: Database, _ condition: TraceConditions) throws -> [Key] {
        guard query.sort == .startTime else {
            return try keys(db, condition, project: condition.projects.count == 1 ? condition.projects[0] : nil)
        }
        // The index is by project: the first rows of each, merged.
        let found = try condition.projects.flatMap { try keys(db, condition, project: $0) }
        let sorted = found.sorted { left, right in
            let isLess = (left.value, left.number) < (right.value, right.number)
            return query.ascending ? isLess : (left.value, left.number) > (right.value, right.number)
        }
        return Array(sorted.prefix(query.limit + 1))
    }

    private func keys(_ db: Database, _ condition: TraceConditions, project: Int64?) throws -> [Key] {
        var terms = condition.terms
        var arguments = condition.arguments
        if let project {
            terms.insert("project_id = ?", at: 0)
            arguments = [project] + arguments
        }
        if let after = query.after {
            terms.append("(\(column), trace_no) \(query.ascending ? ">" : "<") (?, ?)")
            arguments += [after.value, after.number]
        }
        let order = query.ascending ? "ASC" : "DESC"
        let sql = """
            SELECT \(column), trace_no FROM traces
            WHERE \(terms.isEmpty ? "1" : terms.joined(separator: " AND "))
            ORDER BY \(column) \(order), trace_no \(order) LIMIT ?
            """
        arguments += [query.limit + 1]
        // With a model the text is different each time, and GRDB keeps every cached statement.
        let statement = try query.model == nil ? db.cachedStatement(sql: sql) : db.makeStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var found: [Key] = []
        while let row = try rows.next() { found.append(Key(value: row[0], number: row[1])) }
        return found
    }

    /// What the query sorts by; -1 stands for unknown, so that unknown comes last when the largest come first.
    private var column: String {
        switch query.sort {
        case .startTime: "start_ns"
        case .duration: "duration_ns"
        case .cost: "ifnull(cost, -1)"
        case .tokens: "ifnull(ifnull(tokens_input, 0) + tokens_output, ifnull(tokens_input, -1))"
        }
    }
}

/// The conditions of a query as SQL terms.
struct TraceConditions {
    var projects: [Int64]
    var terms: [String] = []
    var arguments = StatementArguments()

    /// Makes the terms; nil when a name is asked for that nothing has, so that nothing can match.
    init?(_ query: TraceQuery, _ db: Database) throws {
        switch query.scope {
        case .all: projects = try Int64.fetchAll(db, sql: "SELECT project_id FROM projects ORDER BY project_id")
        case .only(let name):
            projects = try Int64.fetchAll(db, sql: "SELECT project_id FROM projects WHERE name=?", arguments: [name])
        }
        guard !projects.isEmpty else { return nil }
        // Below are traces of which only log records have arrived; the index ends there.
        terms.append("start_ns >= 0")
        add("start_ns >= ?", query.startsFrom)
        add("start_ns + duration_ns < ?", query.endsBefore)
        // Implied by the line above; it lets the index on the start end the scan.
        add("start_ns < ?", query.endsBefore)
        add("duration_ns >= ?", query.minDuration)
        add("duration_ns <= ?", query.maxDuration)
        add("cost >= ?", query.minCost?.value)
        add("cost <= ?", query.maxCost?.value)
        add("status = ?", query.status.map { $0 == .error ? 1 : 0 })
        if let service = query.service {
            let sql = "SELECT service_id FROM services WHERE name=?"
            guard let id = try Int64.fetchOne(db, sql: sql, arguments: [service]) else { return nil }
            add("service_id = ?", id)
        }
        addWarning(query.warning)
        addText("session", query.session)
        addText("user", query.user)
        guard try addModel(query.model, db), try addProvider(query.provider, db) else { return nil }
    }

    private mutating func add(_ term: String, _ value: Int64?) {
        guard let value else { return }
        terms.append(term)
        arguments += [value]
    }

    private mutating func addWarning(_ filter: WarningFilter?) {
        guard let filter else { return }
        let parents = filter.includesMissingParents ? " OR missing_parents > 0" : ""
        add("\(filter.isNegated ? "NOT " : "")(marks & ? != 0\(parents))", Int64(filter.marks.rawValue))
    }

    /// A session or user: by its hash, then by its text.
    private mutating func addText(_ column: String, _ value: String?) {
        guard let value else { return }
        terms.append(
            "\(column)_hash = ? AND (SELECT r.\(column) FROM roots r WHERE r.trace_no = traces.trace_no) = ?"
        )
        arguments += [value.stableHash, value]
    }

    private static func ownCall(_ term: String) -> String {
        """
        EXISTS (SELECT 1 FROM calls c WHERE c.call_id >= traces.trace_no << 24 \
        AND c.call_id < (traces.trace_no + 1) << 24 AND c.counted = 0 AND \(term))
        """
    }

    private mutating func addModel(_ pattern: String?, _ db: Database) throws -> Bool {
        guard let pattern else { return true }
        let names = try Row.fetchAll(db, sql: "SELECT model_id, name FROM models")
        let wanted = Array(pattern.lowercased().utf8)
        let ids = names.filter {
            Wildcard.matches(Array(($0[1] as String).lowercased().utf8)[...], pattern: wanted[...])
        }
        .map { $0[0] as Int64 }
        guard !ids.isEmpty else { return false }
        let bits = ids.reduce(UInt64(0)) { $0 | 1 << UInt64($1 & 63) }
        add("model_bits & ? != 0", Int64(bitPattern: bits))
        // Bits are shared by models 64 apart: the calls decide.
        terms.append(Self.ownCall("c.model_id IN (\(ids.map(String.init).joined(separator: ",")))"))
        return true
    }

    private mutating func addProvider(_ provider: String?, _ db: Database) throws -> Bool {
        guard let provider else { return true }
        let sql = "SELECT provider_id FROM providers WHERE name=?"
        guard let id = try Int64.fetchOne(db, sql: sql, arguments: [provider]) else { return false }
        terms.append("calls > 0 AND " + Self.ownCall("c.provider_id = ?"))
        arguments += [id]
        return true
    }
}
